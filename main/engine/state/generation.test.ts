import { chmodSync, copyFileSync, mkdirSync, mkdtempSync, rmSync, statfsSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest'
import { asOrdinaryUser, hasNoPermissions } from '../../../test/support/permissions.ts'
import { tempFolder } from '../../../test/support/temp-folder.ts'
import { canMountTinyDisk, mountTinyDisk, unmount } from '../../../test/support/tiny-disk.ts'
import { backUp } from './backup.ts'
import { openDatabase } from './database.ts'
import { countOpening } from './generation.ts'

let path: string

beforeEach(() => {
  path = join(tempFolder(), 'pail.db')
})

/** Opens, counts and closes, as one run of the engine does; returns whether it was the database of the last run. */
function run(): boolean {
  const { db, isLatest } = openDatabase(path)
  countOpening(db, path)
  db.close()
  return isLatest
}

const copy = (number = 1): string => join(path, `../copy-${number}`)

describe('isLatest', () => {
  it('is true of a database that was never anything but the last one, however often it is opened', () => {
    run()
    expect([run(), run(), run()]).toEqual([true, true, true])
    expect(statSync(`${path}.generation`).mode & 0o777).toBe(0o600)
  })

  it('is false of a new one', () => {
    expect(run()).toBe(false)
  })

  it.each([1, 2, 5])('is false of a copy that was put back after %i runs, and true once that has run', (runs) => {
    run()
    copyFileSync(path, copy())
    for (let count = 0; count < runs; count += 1) run()
    copyFileSync(copy(), path)
    expect([run(), run()]).toEqual([false, true])
  })

  it('is false of a copy also where an older one had been put back before it', () => {
    run()
    copyFileSync(path, copy(1))
    run()
    copyFileSync(path, copy(2))
    run()
    copyFileSync(copy(1), path)
    run()
    copyFileSync(copy(2), path)
    expect(run()).toBe(false)
  })

  it('is false of a backup, even of one that was made in the last run', async () => {
    run()
    const { db } = openDatabase(path)
    countOpening(db, path)
    await backUp(db, path, new AbortController().signal)
    db.close()
    copyFileSync(`${path}.backup`, path)
    expect([run(), run()]).toEqual([false, true])
  })

  it('is false of one that was opened and not counted, as long as it is an old one', () => {
    run()
    copyFileSync(path, copy())
    run()
    copyFileSync(copy(), path)
    openDatabase(path).db.close()
    expect(run()).toBe(false)
  })

  it.each([
    ['is gone', () => rmSync(`${path}.generation`)],
    ['is empty', () => writeFileSync(`${path}.generation`, '')],
    ['makes no sense', () => writeFileSync(`${path}.generation`, 'two')],
    ['holds a number too large', () => writeFileSync(`${path}.generation`, '99999999999')],
  ])('is false where the file beside it %s, and true again one run later', (_, harm) => {
    run()
    run()
    harm()
    expect([run(), run()]).toEqual([false, true])
  })
})

describe('countOpening', () => {
  it.skipIf(hasNoPermissions)('lets nothing fail where the file beside the database cannot be written', async () => {
    run()
    await asOrdinaryUser([join(path, '..')], async () => {
      chmodSync(`${path}.generation`, 0o400)
      expect([run(), run()]).toEqual([true, false])
    })
    rmSync(`${path}.generation`)
    mkdirSync(`${path}.generation`)
    expect(run()).toBe(false)
  })

  it.runIf(canMountTinyDisk())('lets nothing fail on a full disk', () => {
    const disk = mkdtempSync(join(tmpdir(), 'pail-full-disk-'))
    mountTinyDisk(disk)
    path = join(disk, 'pail.db')
    run()
    const { db } = openDatabase(path)
    onTestFinished(() => {
      db.close()
      unmount(disk)
      rmSync(disk, { recursive: true })
    })
    db.exec('CREATE TABLE t (x)')
    const { bavail, bsize } = statfsSync(disk)
    writeFileSync(join(disk, 'ballast'), Buffer.alloc(bavail * bsize))
    expect(() => {
      for (;;) db.exec('INSERT INTO t VALUES (randomblob(1000))')
    }).toThrow('full')
    expect(() => db.pragma('application_id = 7')).toThrow('full')
    countOpening(db, path)
    expect(db.pragma('application_id', { simple: true })).toBe(1)
  })

  it('does not hide what is no matter of space', () => {
    run()
    const { db } = openDatabase(path)
    onTestFinished(() => void db.close())
    db.pragma('query_only = ON')
    expect(() => countOpening(db, path)).toThrow('readonly')
  })
})
