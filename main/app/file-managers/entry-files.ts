/** Entries that are files of their own in a folder of the file manager: written, found again by a mark, and removed. */
import { readFileSync, rmSync } from 'node:fs'
import { dirname } from 'node:path'
import type { FileManagerId } from '../../../shared/model/right-click.ts'
import { OWN_MARK, type FileManager } from './file-manager.ts'
import type { Made } from './made.ts'
import { lookAt, writeWhole } from './whole-file.ts'

export type EntryFile = {
  readonly path: string
  /** Paths it has in other languages. */
  readonly otherPaths: readonly string[]
  /** Holds `OWN_MARK`. */
  readonly text: string
  readonly mode: number
}

export type EntryFilesOptions = {
  readonly id: FileManagerId
  readonly isHere: () => boolean
  readonly made: Made
  /** As they are to be at this moment. */
  readonly files: () => readonly EntryFile[]
}

/** Larger files are not Pail's. */
const LARGEST = 100_000

/** A file manager whose entries are files. */
export function entryFiles({ id, isHere, made, files }: EntryFilesOptions): FileManager {
  return {
    id,
    isHere,
    find: async () => {
      const all = files()
      if (all.some((file) => placesOf(file).some((path) => whoseIs(path) === 'own'))) {
        return { state: 'on', inTheWay: null }
      }
      const foreign = all.find(({ path }) => whoseIs(path) === 'foreign')
      return foreign === undefined ? { state: 'off', inTheWay: null } : { state: 'blocked', inTheWay: foreign.path }
    },
    install: async () => {
      for (const file of files()) write(file, made)
    },
    remove: async () => {
      for (const path of files().flatMap(placesOf)) if (whoseIs(path) === 'own') rmSync(path)
      made.removeEmptyFolders()
    },
    refresh: async () => {
      for (const file of files()) {
        const there = placesOf(file).filter((path) => whoseIs(path) === 'own')
        if (there.length === 0 || isAsItShouldBe(file, there)) continue
        write(file, made)
        for (const path of there) if (path !== file.path) rmSync(path)
      }
      made.removeEmptyFolders()
    },
  }
}

/** Leaves what is somebody else's. */
function write({ path, text, mode }: EntryFile, made: Made): void {
  if (whoseIs(path) === 'foreign') return
  made.makeFolder(dirname(path))
  writeWhole(path, text, mode)
}

function isAsItShouldBe({ path, text }: EntryFile, there: readonly string[]): boolean {
  return there.length === 1 && there[0] === path && readFileSync(path, 'utf8') === text
}

function placesOf({ path, otherPaths }: EntryFile): readonly string[] {
  return [path, ...otherPaths.filter((other) => other !== path)]
}

function whoseIs(path: string): 'own' | 'foreign' | 'nobody' {
  const found = lookAt(path)
  if (found === null) return 'nobody'
  if (!found.isFile() || found.size > LARGEST) return 'foreign'
  return readFileSync(path, 'utf8').includes(OWN_MARK) ? 'own' : 'foreign'
}
