/** Drives that a test plugs in and pulls out: real file systems, mounted for real. */
import { spawnSync } from 'node:child_process'
import { closeSync, ftruncateSync, mkdirSync, mkdtempSync, openSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** Of a drive, bytes: nothing is written that is not used. */
const SIZE_MB = 64

/** A file system that keeps its content while it is not mounted. */
export type Drive = {
  /** Mounts it, once. */
  plugIn(): void
  /** Takes it away at once, whoever has files of it open, as a hand at the cable does. */
  pullOut(): void
  /** Pulls it out if it is in, and destroys its content. */
  discard(): void
}

/** A kind of drive: makes one that is not plugged in, which keeps its content in `scratch` and appears at `mountPoint`. */
export type MakeDrive = (mountPoint: string, scratch: string) => Drive

/**
 * In memory, mounted from a second place where it stays: after plugging it in again, everything is as it was, device
 * and inodes included.
 */
export const makeMemoryDrive: MakeDrive = (mountPoint, scratch) => {
  const store = mkdtempSync(join(scratch, 'drive-'))
  mount('-t', 'tmpfs', '-o', `size=${SIZE_MB}m,mode=755`, 'tmpfs', store)
  return driveOf(
    mountPoint,
    () => {
      mount('--bind', store, mountPoint)
    },
    () => {
      run('umount', '--lazy', store)
      rmSync(store, { recursive: true })
    },
  )
}

/** An ext4 image on a loop device: plugged in again it may be another device, as USB drives are. */
export const makeImageDrive: MakeDrive = (mountPoint, scratch) => {
  const image = join(mkdtempSync(join(scratch, 'image-')), 'ext4')
  const file = openSync(image, 'w')
  ftruncateSync(file, SIZE_MB * 1_000_000)
  closeSync(file)
  run('mkfs.ext4', '-q', '-F', image)
  return driveOf(
    mountPoint,
    () => {
      mount('-o', 'loop', image, mountPoint)
    },
    () => {
      rmSync(image)
    },
  )
}

function driveOf(mountPoint: string, mountIt: () => void, destroy: () => void): Drive {
  let isIn = false
  const drive: Drive = {
    plugIn() {
      mkdirSync(mountPoint, { recursive: true })
      mountIt()
      isIn = true
    },
    pullOut() {
      run('umount', '--lazy', mountPoint)
      isIn = false
    },
    discard() {
      if (isIn) drive.pullOut()
      destroy()
    },
  }
  return drive
}

/** Whether drives of a kind can be made here: mostly as root on Linux, and in containers with the right to mount. */
export function canMake(makeDrive: MakeDrive): boolean {
  const scratch = mkdtempSync(join(tmpdir(), 'pail-mounts-'))
  try {
    const drive = makeDrive(join(scratch, 'mount'), scratch)
    try {
      drive.plugIn()
      return true
    } finally {
      drive.discard()
    }
  } catch {
    return false
  } finally {
    rmSync(scratch, { recursive: true, force: true })
  }
}

/** Mounts it anew with other options, such as `ro`. */
export function remount(mountPoint: string, options: string): void {
  mount('-o', `remount,${options}`, mountPoint)
}

function mount(...args: readonly string[]): void {
  run('mount', ...args)
}

function run(command: string, ...args: readonly string[]): void {
  const { status, stderr, error } = spawnSync(command, args, { encoding: 'utf8' })
  if (error !== undefined) throw error
  if (status !== 0) throw new Error(`${command} ${args.join(' ')}: ${stderr}`)
}
