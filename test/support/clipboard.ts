/**
 * The desktop's clipboard, read as another program does. Nothing waits here in place: the app that has the text may be
 * waiting for a service of this very process, such as the one for notifications.
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'

/** Null while there is no text in it. */
export async function readClipboard(): Promise<string | null> {
  const child = spawn('xclip', ['-selection', 'clipboard', '-out'], { stdio: ['ignore', 'pipe', 'ignore'] })
  const [read, [status]] = await Promise.all([text(child.stdout), once(child, 'exit')])
  return status === 0 ? read : null
}

/** Puts a text in, so that what comes next is seen. */
export async function writeClipboard(content: string): Promise<void> {
  const child = spawn('xclip', ['-selection', 'clipboard', '-in'], { stdio: ['pipe', 'ignore', 'ignore'] })
  child.stdin.end(content)
  await once(child, 'exit')
}
