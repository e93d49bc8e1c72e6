import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'

/** Waits until the file system that holds the directory counts another time: what changes from now on shows it. */
export function passTick(directory: string): void {
  const stamp = (): number => {
    const probe = mkdtempSync(join(directory, 'tick-'))
    const { ctimeMs } = statSync(probe)
    rmSync(probe, { recursive: true })
    return ctimeMs
  }
  const first = stamp()
  while (stamp() === first);
}
