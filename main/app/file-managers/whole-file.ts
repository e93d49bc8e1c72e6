/** Files that other programs read at any moment: they find the old one or the new one, and never a part of it. */
import { closeSync, fchmodSync, fsyncSync, lstatSync, openSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import type { Stats } from 'node:fs'
import { basename, dirname, join } from 'node:path'

/**
 * `mode`: who may read, write and run it. After a power cut either what was there before or this is there. Throws the
 * system's error.
 */
export function writeWhole(path: string, content: string | Uint8Array, mode: number): void {
  const fresh = join(dirname(path), `.${basename(path)}.pail-new`)
  try {
    // What an earlier try has left; never written to, as it could be a link to something else.
    rmSync(fresh, { force: true })
    const handle = openSync(fresh, 'wx', mode)
    try {
      writeFileSync(handle, content)
      fchmodSync(handle, mode)
      fsyncSync(handle)
    } finally {
      closeSync(handle)
    }
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
