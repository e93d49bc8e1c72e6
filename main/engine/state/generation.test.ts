import { chmodSync, copyFileSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
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

const copy = (): string => join(path, '../copy')

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

  it('tells two copies of the same run apart from what was made of each of them', () => {
    run()
    copyFileSync(path, copy())
    run()
    copyFileSync(copy(), path)
    run()
    // One run beyond the copy, as the database had been that was replaced by it.
    copyFileSync(path, copy())
    run()
    copyFileSync(copy(), path)
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
    expect(() => {
      for (;;) db.exec('INSERT INTO t VALUES (zeroblob(10000))')
    }).toThrow('full')
    countOpening(db, path)
    expect(db.prepare('SELECT count(*) > 100 FROM t').pluck().get()).toBe(1)
  })

  it('does not hide what is no matter of space', () => {
    run()
    const { db } = openDatabase(path)
    onTestFinished(() => void db.close())
    db.pragma('query_only = ON')
    expect(() => countOpening(db, path)).toThrow('readonly')
  })
})
