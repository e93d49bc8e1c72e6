import { chmodSync, lstatSync, mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest'
import type { AbsolutePath, RelativePath } from '../../../shared/ids.ts'
import { canMake, makeMemoryDrive } from '../../../test/support/mounts.ts'
import { asOrdinaryUser, hasNoPermissions } from '../../../test/support/permissions.ts'
import { tempFolder } from '../../../test/support/temp-folder.ts'
import { Listings, type Absence } from './absence.ts'

let home: string
let root: AbsolutePath

beforeEach(() => {
  home = tempFolder()
  root = join(home, 'root') as AbsolutePath
  mkdirSync(root)
})

const write = (path: string): void => {
  mkdirSync(dirname(join(root, path)), { recursive: true })
  writeFileSync(join(root, path), path)
}
const makeDirectory = (path: string) => mkdirSync(join(root, path), { recursive: true })
const devOf = (path: string): number => lstatSync(join(root, path)).dev
const prove = (path: string, listings = new Listings(root)): Absence => listings.prove(path as RelativePath)
const absent = () => ({ kind: 'absent', dev: devOf('') })
const present = { kind: 'present' }
const unknown = (directory: string) => ({ kind: 'unknown', directory })

describe('a file', () => {
  it.each(['a', 'dir/a', 'dir/sub/deep/a'])('that is there is present: %s', (path) => {
    write(path)
    expect(prove(path)).toEqual(present)
  })

  it.each(['a', 'dir/a', 'dir/sub/a'])('that is gone is absent where its directory can be listed: %s', (path) => {
    write('dir/sub/other')
    expect(prove(path)).toEqual(absent())
  })

  it('is absent with a directory that is gone, however far above', () => {
    write('dir/other')
    expect(prove('dir/sub/a')).toEqual(absent())
    expect(prove('gone/sub/deep/a')).toEqual(absent())
  })

  it('is absent where a file took the place of a directory, however far above', () => {
    write('was a directory')
    expect(prove('was a directory/a')).toEqual(absent())
    expect(prove('was a directory/sub/deep/a')).toEqual(absent())
  })

  it('is absent where a directory took its place', () => {
    makeDirectory('was a file')
    write('dir/was a file/something')
    expect(prove('was a file')).toEqual(absent())
    expect(prove('dir/was a file')).toEqual(absent())
  })

  it('is absent under another spelling of its name', () => {
    write('Readme')
    write('Dir/a')
    expect(prove('README')).toEqual(absent())
    expect(prove('dir/a')).toEqual(absent())
  })
})

describe('nothing is known of a file', () => {
  it.each(['symlink', 'broken symlink'])('that a %s took the place of', (kind) => {
    if (kind === 'symlink') write('target')
    symlinkSync('target', join(root, 'a'))
    expect(prove('a')).toEqual(unknown(''))
  })

  it.each<[string, string]>([
    ['right above', 'link/a'],
    ['far above, which leads to such a directory', 'link/sub/a'],
    ['far above, which does not', 'link/other/deep/a'],
  ])('below a link %s', (_, path) => {
    mkdirSync(join(home, 'elsewhere/sub'), { recursive: true })
    symlinkSync(join(home, 'elsewhere'), join(root, 'link'))
    expect(prove(path).kind).toBe('unknown')
    mkdirSync(dirname(join(root, path)), { recursive: true })
    writeFileSync(join(root, path), 'not the folder’s')
    expect(prove(path).kind).toBe('unknown')
    rmSync(join(home, 'elsewhere'), { recursive: true })
    expect(prove(path).kind).toBe('unknown')
    writeFileSync(join(home, 'elsewhere'), 'a file')
    expect(prove(path).kind).toBe('unknown')
  })

  it('of a root that is gone, or is no directory', () => {
    renameSync(root, join(home, 'moved'))
    expect(prove('a')).toEqual(unknown(''))
    expect(prove('dir/a')).toEqual(unknown(''))
    writeFileSync(root, '')
    expect(prove('dir/a')).toEqual(unknown(''))
  })

  it.skipIf(hasNoPermissions)('below a directory that cannot be listed, or entered', async () => {
    for (const path of ['blind/a', 'blind/sub/a', 'shut/sub/a', 'open/a', 'closed/a']) write(path)
    await asOrdinaryUser([home], async () => {
      chmodSync(home, 0o755)
      chmodSync(join(root, 'blind'), 0o311)
      chmodSync(join(root, 'shut'), 0o000)
      chmodSync(join(root, 'closed'), 0o644)
      onTestFinished(() => ['blind', 'shut', 'closed'].forEach((name) => chmodSync(join(root, name), 0o755)))
      expect(prove('blind/a')).toEqual(unknown('blind'))
      expect(prove('blind/gone')).toEqual(unknown('blind'))
      expect(prove('blind/gone/b')).toEqual(unknown('blind'))
      expect(prove('shut/sub/a')).toEqual(unknown('shut/sub'))
      expect(prove('closed/a')).toEqual(unknown('closed'))
      expect(prove('closed/gone')).toEqual(absent())
      expect(prove('open/gone')).toEqual(absent())
    })
  })
})

describe('a root that is a link', () => {
  it('is followed', () => {
    write('dir/a')
    const link = join(home, 'link') as AbsolutePath
    symlinkSync('root', link)
    const listings = new Listings(link)
    expect([prove('dir/a', listings), prove('dir/gone', listings)]).toEqual([present, absent()])
    expect([prove('gone', listings), prove('gone/a', listings)]).toEqual([absent(), absent()])
  })
})

describe('listings', () => {
  it('are each read once: what happens later, later ones tell', () => {
    write('dir/a')
    write('dir/b')
    const listings = new Listings(root)
    expect(prove('dir/gone', listings)).toEqual(absent())
    rmSync(join(root, 'dir/b'))
    write('dir/gone')
    // It was in the listing and is not there: too much is going on to say anything.
    expect(prove('dir/b', listings)).toEqual(unknown('dir'))
    expect(prove('dir/gone', listings)).toEqual(absent())
    expect([prove('dir/b'), prove('dir/gone')]).toEqual([absent(), present])
  })
})

describe.runIf(canMake(makeMemoryDrive))('a drive connected below the root', () => {
  it('shows by its own device number what is gone from it, and the root what is gone with it', () => {
    makeDirectory('drive')
    const drive = makeMemoryDrive(join(root, 'drive'), home)
    drive.plugIn()
    onTestFinished(() => drive.discard())
    write('drive/a')
    write('drive/dir/b')
    expect(devOf('drive')).not.toBe(devOf(''))
    expect(prove('drive/a')).toEqual(present)
    expect(prove('drive/gone')).toEqual({ kind: 'absent', dev: devOf('drive') })
    expect(prove('drive/gone/b')).toEqual({ kind: 'absent', dev: devOf('drive') })
    drive.pullOut()
    expect(prove('drive/a')).toEqual(absent())
    expect(prove('drive/dir/b')).toEqual(absent())
  })
})
