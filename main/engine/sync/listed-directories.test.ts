import { mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import type { AbsolutePath } from '../../../shared/ids.ts'
import { passTick } from '../../../test/support/pass-tick.ts'
import { tempFolder } from '../../../test/support/temp-folder.ts'
import type { DirectoryPath } from '../lib/paths.ts'
import { identifyDirectory } from '../scan/walker.ts'
import { ListedDirectories } from './listed-directories.ts'

const never = new AbortController().signal

let root: AbsolutePath
let listed: ListedDirectories

/** Lists it as something that has been as it is for long, or as what changed `agoMs` ago. */
function list(directory: string, agoMs = 3_600_000): void {
  const found = identifyDirectory(root, directory as DirectoryPath)
  if (typeof found === 'string') throw new Error(`${directory} is ${found}`)
  listed.note(directory as DirectoryPath, found, found.ctimeMs + agoMs)
  passTick(dirname(root))
}

beforeEach(() => {
  root = join(tempFolder(), 'root') as AbsolutePath
  for (const directory of ['a/b', 'c']) mkdirSync(join(root, directory), { recursive: true })
  writeFileSync(join(root, 'c/file'), '')
  listed = new ListedDirectories()
  for (const directory of ['', 'a', 'a/b', 'c']) list(directory)
})

const changed = async (which: 'possible' | 'sure' = 'possible'): Promise<readonly string[]> =>
  [...(await listed.listChanged(root, never, which))].sort()

describe('ListedDirectories', () => {
  it('trusts no directory that changed just before it was listed, until it is listed again', async () => {
    list('c', 1999)
    expect([await changed(), await changed('sure')]).toEqual([['c'], []])
    expect(listed.has('c' as DirectoryPath)).toBe(true)
    list('c', 2000)
    expect(await changed()).toEqual([])
  })

  it('has nothing to tell while no name comes or goes', async () => {
    writeFileSync(join(root, 'c/file'), 'more')
    expect(await changed()).toEqual([])
  })

  it('tells where a name came, went, or was replaced, until the directory is listed again', async () => {
    writeFileSync(join(root, 'a/b/new'), '')
    rmSync(join(root, 'c/file'))
    expect(await changed()).toEqual(['a/b', 'c'])
    list('c')
    expect(await changed()).toEqual(['a/b'])
    list('a/b')
    writeFileSync(join(root, 'other'), '')
    list('')
    renameSync(join(root, 'other'), join(root, 'a/b/new'))
    expect(await changed()).toEqual(['', 'a/b'])
  })

  it('knows directories that changed places, and forgets those that are gone', async () => {
    renameSync(join(root, 'a/b'), join(root, 'a/x'))
    renameSync(join(root, 'c'), join(root, 'a/b'))
    expect(await changed()).toEqual(['', 'a', 'a/b'])
    expect(['', 'a', 'a/b', 'c', 'a/x'].filter((at) => listed.has(at as DirectoryPath))).toEqual(['', 'a', 'a/b'])
  })

  it('takes what a link stands for as gone', async () => {
    renameSync(join(root, 'c'), join(root, '..', 'elsewhere'))
    symlinkSync(join(root, '..', 'elsewhere'), join(root, 'c'))
    expect(await changed()).toEqual([''])
    expect(listed.has('c' as DirectoryPath)).toBe(false)
  })

  it('asks for everything where the root was never listed', async () => {
    listed.clear()
    expect(await changed()).toEqual([''])
  })

  it('has possibly changed where it could not be read, and surely once it can be', async () => {
    listed.noteUnreadable('c' as DirectoryPath)
    expect([await changed(), await changed('sure')]).toEqual([['c'], ['c']])
    listed.noteUnreadable('gone' as DirectoryPath)
    expect(await changed()).toEqual(['c'])
  })

  it('rests for twenty times as long as a look took, but ten minutes at most', () => {
    listed.noteLook(1000)
    listed.rest(1000, 1050)
    expect([listed.lookedAt, listed.restsUntil]).toEqual([1000, 2050])
    listed.rest(1000, 60_000)
    expect(listed.restsUntil).toBe(660_000)
  })
})
