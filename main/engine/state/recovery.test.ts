import {
  chmodSync,
  closeSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statfsSync,
  statSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest'
import { isEngineError } from '../../../shared/errors.ts'
import type { UnixMs } from '../../../shared/ids.ts'
import { asOrdinaryUser, hasNoPermissions } from '../../../test/support/permissions.ts'
import { tempFolder } from '../../../test/support/temp-folder.ts'
import { canMountTinyDisk, mountTinyDisk, unmount } from '../../../test/support/tiny-disk.ts'
import { openDatabase } from './database.ts'
import { asOnlyOpener } from './opener-lock.ts'
import { recover, type Recovered } from './recovery.ts'

const NOW = Date.UTC(2026, 10, 24, 10, 15, 0) as UnixMs
const clock = { now: () => NOW }
const ASIDE = 'pail.db.damaged-2026-11-24T10-15-00'

let folder: string
let path: string

beforeEach(() => {
  folder = tempFolder()
  path = join(folder, 'pail.db')
})

/** Makes a database at `file`, some 100 KB, that holds this word; it ends up in one file. */
function makeDatabase(file: string, word: string): void {
  const { db } = openDatabase(file, clock)
  db.exec('CREATE TABLE notes (word TEXT); CREATE INDEX by_word ON notes (word)')
  const insert = db.prepare('INSERT INTO notes VALUES (?)')
  db.transaction(() => {
    for (let index = 0; index < 2000; index += 1) insert.run(`${word} ${index}`)
  })()
  db.close()
}

/** Opens the database at `path`; returns the word it holds, null for an empty one, and what was recovered. */
function look(): { readonly recovered: Recovered | null; readonly word: string | null } {
  const { db, recovered } = openDatabase(path, clock)
  try {
    const isFilled = db.prepare("SELECT 1 FROM sqlite_schema WHERE name = 'notes'").get() !== undefined
    const word = isFilled ? db.prepare<[], string>('SELECT word FROM notes ORDER BY rowid LIMIT 1').pluck().get() : null
    expect(db.pragma('user_version', { simple: true })).toBeGreaterThan(0)
    return { recovered, word: word?.split(' ')[0] ?? null }
  } finally {
    db.close()
  }
}

function failure(step: () => unknown): unknown {
  try {
    step()
    return 'nothing was thrown'
  } catch (error) {
    return isEngineError(error) ? { code: error.code, details: error.details } : error
  }
}

function overwrite(file: string, offset: number, bytes: number): void {
  const handle = openSync(file, 'r+')
  writeSync(handle, Buffer.alloc(bytes, 0x5a), 0, bytes, offset)
  closeSync(handle)
}

const damages: readonly (readonly [string, (file: string) => void])[] = [
  ['is no database', (file) => writeFileSync(file, 'no database'.repeat(1000))],
  ['is cut short', (file) => truncateSync(file, Math.floor(statSync(file).size / 2))],
  ['is cut within a page', (file) => truncateSync(file, 5000)],
  ['is damaged inside', (file) => overwrite(file, Math.floor(statSync(file).size / 8192) * 4096, 4096)],
  ['has lost its first page', (file) => overwrite(file, 0, 4096)],
  ['has become one of zeros', (file) => writeFileSync(file, Buffer.alloc(16_384))],
]
const damage = (file: string): void => damages[3]?.[1](file)

describe('a database that cannot be read', () => {
  it.each([...damages, ['is empty', (file: string) => truncateSync(file, 0)] as const])(
    'and %s gives way to its backup, and is kept as it is',
    (_, harm) => {
      makeDatabase(`${path}.backup`, 'before')
      makeDatabase(path, 'after')
      harm(path)
      const bytes = readFileSync(path)
      expect(look()).toEqual({ recovered: 'from-backup', word: 'before' })
      expect(readFileSync(join(folder, ASIDE)).equals(bytes)).toBe(true)
      expect(readdirSync(folder).sort()).toEqual(['pail.db', 'pail.db.backup', ASIDE])
      expect(statSync(path).mode & 0o777).toBe(0o600)
      expect(look()).toEqual({ recovered: null, word: 'before' })
    },
  )

  it.each(damages)('and %s gives way to an empty one where there is no backup', (_, harm) => {
    makeDatabase(path, 'after')
    harm(path)
    expect(look()).toEqual({ recovered: 'anew', word: null })
    expect(readdirSync(folder).sort()).toEqual(['pail.db', ASIDE])
    expect(statSync(path).mode & 0o777).toBe(0o600)
    expect(look()).toEqual({ recovered: null, word: null })
  })

  it.each([
    ...damages,
    ['is empty', (file: string) => truncateSync(file, 0)] as const,
    ['is one of another program', (file: string) => setVersion(file, 0)] as const,
    ['is one of a newer Pail', (file: string) => setVersion(file, 99_999)] as const,
  ])('gives way to the older backup where the newest one %s', (_, harm) => {
    makeDatabase(path, 'older')
    copyFileSync(path, `${path}.backup-older`)
    copyFileSync(path, `${path}.backup`)
    damage(path)
    harm(`${path}.backup`)
    const bytes = readFileSync(`${path}.backup`)
    expect(look()).toEqual({ recovered: 'from-backup', word: 'older' })
    expect(readFileSync(`${path}.backup`).equals(bytes)).toBe(true)
  })

  function setVersion(file: string, version: number): void {
    const db = new Database(file)
    db.pragma(`user_version = ${version}`)
    db.close()
  }

  it('gives way to an empty one where no backup can be read, and those stay', () => {
    makeDatabase(path, 'word')
    copyFileSync(path, `${path}.backup`)
    copyFileSync(path, `${path}.backup-older`)
    for (const file of [path, `${path}.backup`, `${path}.backup-older`]) damage(file)
    expect(look()).toEqual({ recovered: 'anew', word: null })
    expect(readdirSync(folder).sort()).toEqual(['pail.db', 'pail.db.backup', 'pail.db.backup-older', ASIDE])
  })

  it.skipIf(hasNoPermissions)('gives way to an empty one where the backup may not be read', async () => {
    makeDatabase(path, 'word')
    copyFileSync(path, `${path}.backup`)
    damage(path)
    await asOrdinaryUser([folder, path, `${path}.backup`], async () => {
      chmodSync(`${path}.backup`, 0)
      expect(look()).toEqual({ recovered: 'anew', word: null })
    })
  })

  it('is kept besides the two last ones before it, each with its log, and nothing else is touched', () => {
    const others = ['pail.db.damaged-notes', 'pail.db.damaged-2026-01-01', 'other.db.damaged-2026-11-20T10-15-00']
    for (const name of others) writeFileSync(join(folder, name), '')
    for (const day of ['20', '21', '22', '23']) {
      writeFileSync(join(folder, `pail.db.damaged-2026-11-${day}T10-15-00`), '')
      writeFileSync(join(folder, `pail.db.damaged-2026-11-${day}T10-15-00-wal`), '')
    }
    makeDatabase(path, 'word')
    damage(path)
    expect(look().recovered).toBe('anew')
    const kept = ['22', '23'].map((day) => `pail.db.damaged-2026-11-${day}T10-15-00`)
    expect(readdirSync(folder).sort()).toEqual(
      [...others, 'pail.db', ...kept, ...kept.map((name) => `${name}-wal`), ASIDE].sort(),
    )
  })

  it('never takes the name of one that was set aside in the same second', () => {
    for (const word of ['first', 'second']) {
      makeDatabase(path, word)
      writeFileSync(path, `no database, ${word}`.repeat(1000))
      expect(look().recovered).toBe('anew')
      rmSync(path)
    }
    const aside = ['pail.db.damaged-2026-11-24T10-15-00', 'pail.db.damaged-2026-11-24T10-15-01']
    expect(aside.map((name) => readFileSync(join(folder, name), 'utf8').slice(13, 18))).toEqual(['first', 'secon'])
  })
})

/** A log of something else, where that of the database at `path` would be. */
function makeLog(): void {
  const other = join(folder, 'other')
  makeDatabase(other, 'word')
  const { db } = openDatabase(other, clock)
  db.exec("UPDATE notes SET word = 'after'")
  copyFileSync(`${other}-wal`, `${path}-wal`)
  db.close()
  rmSync(other)
}

describe('a recovery that was broken off', () => {
  it('before the damaged database had left its place begins anew', () => {
    makeDatabase(path, 'before')
    copyFileSync(path, `${path}.backup`)
    damage(path)
    writeFileSync(`${path}.replacement`, 'half a copy')
    expect(look()).toEqual({ recovered: 'from-backup', word: 'before' })
    expect(existsSync(`${path}.replacement`)).toBe(false)
  })

  it('leaves a database alone that can be read after all', () => {
    makeDatabase(path, 'word')
    writeFileSync(`${path}.replacement`, '')
    expect(look()).toEqual({ recovered: null, word: 'word' })
    expect(readdirSync(folder)).toEqual(['pail.db'])
  })

  it('between the database and its log is completed', () => {
    makeDatabase(path, 'before')
    renameSync(path, `${path}.replacement`)
    makeLog()
    expect(look()).toEqual({ recovered: 'from-backup', word: 'before' })
    expect(readdirSync(folder).sort()).toEqual(['pail.db', `${ASIDE}-wal`])
  })

  it('after the damaged database had left its place is completed, also where there is no backup that is good', () => {
    writeFileSync(`${path}.replacement`, '')
    makeDatabase(`${path}.backup`, 'word')
    damage(`${path}.backup`)
    expect(look()).toEqual({ recovered: 'anew', word: null })
    expect(readdirSync(folder).sort()).toEqual(['pail.db', 'pail.db.backup'])
  })
})

describe('asOnlyOpener', () => {
  it.each([
    ['a damaged database', () => writeFileSync(path, 'no database'.repeat(1000))],
    ['a recovery that seems to be broken off', () => writeFileSync(`${path}.replacement`, '')],
    ['a database that is not there', () => undefined],
  ])('keeps an engine away from %s while another one is about to open it', (_, prepare) => {
    prepare()
    const before = names()
    asOnlyOpener(path, () => {
      expect(failure(() => openDatabase(path, clock))).toMatchObject({ code: 'data_folder_in_use' })
      expect(names().filter((name) => name !== 'pail.db.opening')).toEqual(before)
    })
    expect(names()).toEqual(before)
    look()
    expect(names()).not.toContain('pail.db.opening')
  })

  it('does not mind what a killed engine has left', () => {
    writeFileSync(`${path}.opening`, '')
    expect(look()).toEqual({ recovered: null, word: null })
    expect(names()).toEqual(['pail.db'])
  })

  const names = (): readonly string[] => readdirSync(folder).sort()
})

describe('recover', () => {
  it('moves the log away with its database: it must not be taken for the log of the backup', () => {
    makeDatabase(path, 'after')
    makeDatabase(`${path}.backup`, 'before')
    makeLog()
    const log = readFileSync(`${path}-wal`)
    expect(recover(path, NOW, () => true)).toBe('from-backup')
    expect(readFileSync(join(folder, `${ASIDE}-wal`)).equals(log)).toBe(true)
    expect(look()).toEqual({ recovered: null, word: 'before' })
  })

  it.skipIf(hasNoPermissions)('says that a damaged database cannot be used when it cannot be moved', async () => {
    makeDatabase(path, 'word')
    damage(path)
    // Where everybody may add files and nobody may move those of others.
    chmodSync(folder, 0o1777)
    const bytes = readFileSync(path)
    mkdirSync(join(folder, 'own'))
    await asOrdinaryUser([join(folder, 'own')], async () => {
      const stuck = { code: 'database_unusable', details: { dataFolder: folder } }
      expect(failure(() => recover(path, NOW, () => true))).toEqual(stuck)
    })
    expect(readFileSync(path).equals(bytes)).toBe(true)
  })
})

describe('a database that was deleted', () => {
  it('is made anew, whatever log and backup it has left', () => {
    makeDatabase(`${path}.backup`, 'word')
    makeLog()
    expect(look()).toEqual({ recovered: null, word: null })
  })
})

it.runIf(canMountTinyDisk())('waits for space on a full disk rather than beginning anew', () => {
  const disk = mkdtempSync(join(tmpdir(), 'pail-full-disk-'))
  mountTinyDisk(disk)
  onTestFinished(() => {
    unmount(disk)
    rmSync(disk, { recursive: true })
  })
  path = join(disk, 'pail.db')
  makeDatabase(path, 'word')
  copyFileSync(path, `${path}.backup`)
  damage(path)
  const ballast = join(disk, 'ballast')
  const { bavail, bsize } = statfsSync(disk)
  writeFileSync(ballast, Buffer.alloc(bavail * bsize - 40_000))
  const before = readdirSync(disk).filter((name) => !name.endsWith('.replacement'))
  expect(failure(() => openDatabase(path, clock))).toMatchObject({ code: 'disk_full' })
  expect(readdirSync(disk).filter((name) => !name.endsWith('.replacement'))).toEqual(before)
  truncateSync(ballast, 0)
  expect(look()).toEqual({ recovered: 'from-backup', word: 'word' })
})
