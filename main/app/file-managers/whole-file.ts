/** Files that other programs read at any moment: they find the old one or the new one, and never a part of it. */
import { chmodSync, lstatSync, renameSync, rmSync, writeFileSync, type Stats } from 'node:fs'
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

/** What is at a path, links not followed; null for nothing, also where no folder is. Throws the system's error. */
export function lookAt(path: string): Stats | null {
  try {
    return lstatSync(path)
  } catch (error) {
    if (error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR')) return null
    throw error
  }
}
