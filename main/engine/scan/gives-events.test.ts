import { readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { AbsolutePath } from '../../../shared/ids.ts'
import { tempFolder } from '../../../test/support/temp-folder.ts'
import { fileSystemOf, givesEvents, isOnServer, typeGivesEvents } from './gives-events.ts'

const unnamed = () => {
  throw new Error('The name is not needed.')
}

describe('typeGivesEvents', () => {
  it.each([
    ['ext4', 0xef53],
    ['btrfs', 0x9123683e],
    ['xfs', 0x58465342],
    ['tmpfs', 0x01021994],
    ['zfs', 0x2fc12fc1],
    ['f2fs', 0xf2f52010],
    ['vfat', 0x4d44],
    ['exfat', 0x2011bab0],
    ['overlay', 0x794c7630],
    ['bcachefs', 0xca451a4e],
  ])('%s tells of changes', (_, type) => {
    expect(typeGivesEvents(type, unnamed)).toBe(true)
  })

  it.each([
    ['NFS', 0x6969],
    ['SMB', 0x517b],
    ['CIFS', 0xff534d42],
    ['CIFS, as a signed number', 0xff534d42 | 0],
    ['SMB2', 0xfe534d42],
    ['AFS', 0x5346414f],
    ['Ceph', 0x00c36400],
    ['9p', 0x01021997],
    ['a shared folder of VirtualBox', 0x786f4256],
    ['a shared folder of VMware', 0xbacbacbc],
  ])('%s does not', (_, type) => {
    expect(typeGivesEvents(type, unnamed)).toBe(false)
  })

  it.each([
    ['fuseblk', true],
    ['fuse', false],
    ['fuse.sshfs', false],
    ['fuse.rclone', false],
    ['virtiofs', false],
    [null, false],
  ])('of FUSE, %s: %s', (name, expected) => {
    expect(typeGivesEvents(0x65735546, () => name)).toBe(expected)
  })
})

describe('isOnServer', () => {
  it.each(['\\\\server\\share', '\\\\server\\share\\a b', '\\\\?\\UNC\\server\\share', '\\\\?\\unc\\server\\share'])(
    '%s is',
    (path) => {
      expect(isOnServer(path)).toBe(true)
    },
  )

  it.each(['C:\\Users\\me', '\\\\?\\C:\\Users\\me', '\\\\.\\C:\\x', 'D:\\', '\\\\?\\Volume{1-2}\\x'])(
    '%s is not',
    (path) => {
      expect(isOnServer(path)).toBe(false)
    },
  )
})

describe('fileSystemOf', () => {
  const mountinfo = [
    '22 27 0:21 / /proc rw,relatime - proc proc rw',
    '36 35 98:0 /mnt1 /mnt\\040two rw,noatime master:1 shared:2 - ext3 /dev/root rw,errors=continue',
    '40 27 0:300 / /drive rw - fuseblk /dev/sdb1 rw,user_id=0',
    '41 27 259:4194305 / /far rw - fuse.sshfs me@there:/ rw',
    '',
  ].join('\n')

  it.each([
    [(98 << 8) | 0, 'ext3'],
    [21, 'proc'],
    [0x100000 | 44, 'fuseblk'],
    // major 259, minor 0x400001
    [Number((0x400000n << 12n) | (259n << 8n) | 1n), 'fuse.sshfs'],
    [7, null],
  ])('finds the file system of device %i: %s', (dev, name) => {
    expect(fileSystemOf(dev, mountinfo)).toBe(name)
  })

  it.runIf(process.platform === 'linux')('finds /proc in the mounts of this machine', () => {
    expect(fileSystemOf(statSync('/proc').dev, readFileSync('/proc/self/mountinfo', 'utf8'))).toBe('proc')
  })
})

describe('givesEvents', () => {
  it('is true for a folder on a disk of this machine', () => {
    expect(givesEvents(tempFolder())).toBe(true)
  })

  it('is false where nothing can be known', () => {
    expect(givesEvents(join(tempFolder(), 'missing') as AbsolutePath)).toBe(process.platform === 'darwin')
  })
})
