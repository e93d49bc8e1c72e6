/**
 * Whether a file system tells of all changes in it.
 *
 * Where files can be changed by other machines, or by something that is not this system's kernel, nobody is told of it,
 * though watching does not fail. Such folders have to be looked at again and again.
 */
import { readFileSync, realpathSync, statfsSync, statSync } from 'node:fs'
import type { AbsolutePath } from '../../../shared/ids.ts'

/** `f_type` of Linux's `statfs`: from linux/magic.h, and from coreutils' list for those outside of the kernel's tree. */
const SILENT_TYPES: ReadonlyMap<number, string> = new Map([
  [0x6969, 'nfs'],
  [0x517b, 'smb'],
  [0xff534d42, 'cifs'],
  [0xfe534d42, 'smb2'],
  [0x564c, 'ncp'],
  [0x5346414f, 'afs'],
  [0x6b414653, 'kafs'],
  [0x73757245, 'coda'],
  [0x00c36400, 'ceph'],
  // also the drives of Windows in its subsystem for Linux
  [0x01021997, '9p'],
  // folders of the host in virtual machines
  [0x786f4256, 'vboxsf'],
  [0xbacbacbc, 'vmhgfs'],
  [0x7c7c6673, 'prl_fs'],
  // one disk, or many, for several machines
  [0x7461636f, 'ocfs2'],
  [0x01161970, 'gfs2'],
  [0x0bd00bd0, 'lustre'],
  [0x47504653, 'gpfs'],
  [0x19830326, 'beegfs'],
  [0xaad7aaea, 'panfs'],
  [0xbeefdead, 'snfs'],
  [0x61636673, 'acfs'],
])

/** Network drives (sshfs, rclone, Google Drive) and folders of a host, but also drives of NTFS and exFAT. */
const FUSE_TYPE = 0x65735546

/** False where it is not known: looking too often is the smaller harm. */
export function givesEvents(root: AbsolutePath): boolean {
  try {
    // Gives the place on the server for a letter that stands for a network drive.
    if (process.platform === 'win32') return !isOnServer(realpathSync.native(root))
    // macOS numbers its file systems anew with every version, and Node does not give their names.
    if (process.platform !== 'linux') return true
    const kind = () => fileSystemOf(statSync(root).dev, readFileSync('/proc/self/mountinfo', 'utf8'))
    return typeGivesEvents(statfsSync(root).type, kind)
  } catch {
    return false
  }
}

/** By the number of a file system's type. `name` is asked for its name where the number alone does not tell. */
export function typeGivesEvents(type: number, name: () => string | null): boolean {
  // Some systems have it as a signed number of 32 bits.
  const unsigned = type >>> 0
  if (unsigned === FUSE_TYPE) return name() === 'fuseblk'
  return !SILENT_TYPES.has(unsigned)
}

/** True for `\\server\share\folder` in its two spellings. */
export function isOnServer(path: string): boolean {
  if (/^\\\\[?.]\\/.test(path)) return /^\\\\[?.]\\UNC\\/i.test(path)
  return path.startsWith('\\\\')
}

/** The name of the file system with this device number, by the text of Linux's `mountinfo`; null for one not in it. */
export function fileSystemOf(dev: number, mountinfo: string): string | null {
  const big = BigInt(dev)
  const major = ((big >> 8n) & 0xfffn) | ((big >> 32n) & ~0xfffn)
  const minor = (big & 0xffn) | ((big >> 12n) & 0xffffff00n)
  // "36 35 98:0 /mnt1 /mnt2 rw,noatime master:1 - ext3 /dev/root rw": options differ in number, so a dash ends them.
  for (const line of mountinfo.split('\n')) {
    const [before = '', after = ''] = line.split(' - ', 2)
    if (before.split(' ')[2] === `${major}:${minor}`) return after.split(' ')[0] ?? null
  }
  return null
}
