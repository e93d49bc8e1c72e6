import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { AbsolutePath, RelativePath } from '../../../shared/ids.ts'
import { tempFolder } from '../../../test/support/temp-folder.ts'
import { statBelow, statPath } from './stat-path.ts'

describe('statPath', () => {
  it('tells a file, a directory, a link and nothing apart', () => {
    const root = tempFolder()
    writeFileSync(join(root, 'file'), 'abc')
    symlinkSync('file', join(root, 'link'))
    const look = (name: string) => statPath(join(root, name) as AbsolutePath)
    expect(look('file')).toMatchObject({ kind: 'file', fingerprint: { sizeBytes: 3 } })
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
