/** The desktop's clipboard, read as another program does. */
import { spawnSync } from 'node:child_process'

/** Null while there is no text in it. */
export function readClipboard(): string | null {
  const { status, stdout, error } = spawnSync('xclip', ['-selection', 'clipboard', '-out'], { encoding: 'utf8' })
  if (error) throw error
  return status === 0 ? stdout : null
}

/** Puts a text in, so that what comes next is seen. */
export function writeClipboard(text: string): void {
  const { error } = spawnSync('xclip', ['-selection', 'clipboard', '-in'], {
    input: text,
    stdio: ['pipe', 'ignore', 'ignore'],
  })
  if (error) throw error
}
