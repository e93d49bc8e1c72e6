/** Files that other programs read at any moment: they find the old one or the new one, and never a part of it. */
import { chmodSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'

/** `mode`: who may read, write and run it. Throws the system's error. */
export function writeWhole(path: string, content: string | Uint8Array, mode: number): void {
  const fresh = join(dirname(path), `.${basename(path)}.pail-new`)
  try {
    writeFileSync(fresh, content)
    chmodSync(fresh, mode)
    renameSync(fresh, path)
  } catch (error) {
    rmSync(fresh, { force: true })
    throw error
  }
}
