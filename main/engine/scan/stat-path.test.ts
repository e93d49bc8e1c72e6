import { chmodSync, existsSync, mkdirSync, rmSync, statSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { AbsolutePath, RelativePath } from '../../../shared/ids.ts'
import { asOrdinaryUser, hasNoPermissions } from '../../../test/support/permissions.ts'
import { tempFolder } from '../../../test/support/temp-folder.ts'
import { existsExactly, isPlaceholder, statBelow, statPath } from './stat-path.ts'

/** Mostly on macOS and Windows. */
const isCaseless = existsSync(import.meta.filename.toUpperCase())

describe('statPath', () => {
  it('tells a file, a directory, a link and nothing apart', () => {
    const root = tempFolder()
    writeFileSync(join(root, 'file'), 'abc')
    symlinkSync('file', join(root, 'link'))
    const look = (name: string) => statPath(join(root, name) as AbsolutePath)
    const { ino, dev } = statSync(join(root, 'file'))
    expect(look('file')).toMatchObject({ kind: 'file', fingerprint: { sizeBytes: 3, ino, dev } })
    expect(look('')).toEqual({ kind: 'directory' })
    expect(look('link')).toEqual({ kind: 'skipped', reason: 'symlink' })
    expect(look('missing')).toEqual({ kind: 'absent' })
    expect(look('file/below')).toEqual({ kind: 'absent' })
    expect(statPath('/dev/null' as AbsolutePath)).toEqual({ kind: 'skipped', reason: 'special' })
  })

  it('does not take a name that is too long for one that is not there', () => {
    expect(statPath(`/${'x'.repeat(300)}` as AbsolutePath)).toMatchObject({ kind: 'unreadable' })
  })
})

describe('statBelow', () => {
  it('does not look through a link in the middle of a path', () => {
    const root = tempFolder()
    mkdirSync(join(root, 'real/sub'), { recursive: true })
    writeFileSync(join(root, 'real/sub/file'), 'x')
    symlinkSync('real', join(root, 'link'))
    const look = (path: string) => statBelow(root, path as RelativePath)
    expect(look('real/sub/file').kind).toBe('file')
    expect(look('link/sub/file')).toEqual({ kind: 'skipped', reason: 'symlink' })
    expect(look('link/sub')).toEqual({ kind: 'skipped', reason: 'symlink' })
    expect(look('link/missing')).toEqual({ kind: 'skipped', reason: 'symlink' })
    expect(look('real/missing/file')).toEqual({ kind: 'absent' })
    expect(look('real/sub/file/below')).toEqual({ kind: 'absent' })
  })
})

describe('isPlaceholder', () => {
  it.each([
    ['darwin', 1, 0, true],
    ['darwin', 1, 8, false],
    ['darwin', 0, 0, false],
    ['win32', 4096, 0, true],
    ['win32', 4095, 0, false],
    ['win32', 1, 0, false],
    ['win32', 5000, 16, false],
    ['linux', 1_000_000, 0, false],
    ['freebsd', 1_000_000, 0, false],
  ] as const)('on %s, a file of %i bytes in %i blocks: %s', (platform, size, blocks, expected) => {
    expect(isPlaceholder({ size, blocks }, platform)).toBe(expected)
  })

  it.runIf(process.platform === 'linux')('sends a sparse file on Linux', () => {
    const root = tempFolder()
    writeFileSync(join(root, 'sparse'), '')
    truncateSync(join(root, 'sparse'), 1_000_000)
    expect(statSync(join(root, 'sparse')).blocks).toBe(0)
    expect(statPath(join(root, 'sparse') as AbsolutePath).kind).toBe('file')
  })
})

describe('existsExactly', () => {
  const exists = (root: AbsolutePath, path: string) => existsExactly(root, path as RelativePath)

  it('finds a path by the spelling of its own name and of every directory above it', () => {
    const root = tempFolder()
    mkdirSync(join(root, 'Dir/Sub'), { recursive: true })
    writeFileSync(join(root, 'Dir/Sub/Caf\u00e9'), '')
    expect([exists(root, 'Dir/Sub/Caf\u00e9'), exists(root, 'Dir/Sub'), exists(root, 'Dir')]).toEqual([
      true,
      true,
      true,
    ])
  })

  it.each(['Dir/Sub/caf\u00e9', 'Dir/Sub/Cafe\u0301', 'Dir/sub/Caf\u00e9', 'dir/Sub/Caf\u00e9', 'dir', 'Dir/Sub/Caf'])(
    'does not find %j, which only looks like it',
    (path) => {
      const root = tempFolder()
      mkdirSync(join(root, 'Dir/Sub'), { recursive: true })
      writeFileSync(join(root, 'Dir/Sub/Caf\u00e9'), '')
      expect(exists(root, path)).toBe(false)
    },
  )

  it.runIf(isCaseless)('is not misled by a file system that finds a file by any case', () => {
    const root = tempFolder()
    mkdirSync(join(root, 'Dir'))
    writeFileSync(join(root, 'Dir/File'), '')
    expect(statPath(join(root, 'dir/file') as AbsolutePath).kind).toBe('file')
    expect(exists(root, 'Dir/File')).toBe(true)
    for (const path of ['dir/File', 'Dir/file', 'DIR/FILE', 'dir']) expect(exists(root, path)).toBe(false)
  })

  it('does not find what is gone', () => {
    const root = tempFolder()
    expect([exists(root, 'missing'), exists(join(root, 'missing') as AbsolutePath, 'a/b')]).toEqual([false, false])
    writeFileSync(join(root, 'file'), '')
    expect(exists(root, 'file/below')).toBe(false)
  })

  it.skipIf(hasNoPermissions)(
    'takes the names of a directory that cannot be listed to be spelled like this',
    async () => {
      const root = tempFolder()
      mkdirSync(join(root, 'Secret'))
      writeFileSync(join(root, 'Secret/file'), '')
      chmodSync(join(root, 'Secret'), 0o311)
      await asOrdinaryUser([root], async () => {
        expect([exists(root, 'Secret/file'), exists(root, 'secret/file')]).toEqual([true, false])
      })
      chmodSync(join(root, 'Secret'), 0o755)
      rmSync(join(root, 'Secret'), { recursive: true })
    },
  )
})
