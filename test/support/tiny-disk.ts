/** A disk of some megabytes, in memory. */
import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** Makes `folder` a file system of its own. False where this user or this system may not. */
export function mountTinyDisk(folder: string): boolean {
  mkdirSync(folder, { recursive: true })
  return spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=12m,mode=700', 'tmpfs', folder]).status === 0
}

/** Throws while a file on it is open. */
export function unmount(folder: string): void {
  const { status, stderr } = spawnSync('umount', [folder], { encoding: 'utf8' })
  if (status !== 0) throw new Error(stderr)
}

/** Whether tests that need such a disk can run here: mostly as root, on Linux, outside of containers. */
export function canMountTinyDisk(): boolean {
  const folder = mkdtempSync(join(tmpdir(), 'pail-tiny-disk-'))
  const canMount = mountTinyDisk(folder)
  if (canMount) unmount(folder)
  rmSync(folder, { recursive: true })
  return canMount
}
