/** What a crash scenario is made of, and the disk it works on. */
import { appendFileSync, copyFileSync, linkSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { EngineApi } from '../../shared/contract/engine-api.ts'
import type { ClientOf } from '../../shared/contract/procedure.ts'
import type { FolderId } from '../../shared/ids.ts'
import type { FolderSettings } from '../../shared/model/folder.ts'
import type { EngineSnapshot } from '../../shared/model/snapshot.ts'
import type { Witness } from '../support/history.ts'

/** B2's smallest part in these scenarios, so that a large file is a little more than a megabyte. */
export const LEAST_PART_BYTES = 100_000

/** Relative path to content. */
export type Tree = Readonly<Record<string, string>>

/** What a person asks the engine for, in whichever process it lives. */
export type Person = {
  readonly api: ClientOf<EngineApi>
  readonly folderId: FolderId
  /** Is told what the person allows. */
  readonly witness: Witness
  /** What the engine says now, of which the witness hears. */
  snapshot(): Promise<EngineSnapshot>
  /** Waits for something to be true; gives up when the engine dies. */
  until(what: string, probe: () => Promise<boolean>): Promise<void>
  /**
   * Waits until B2 has heard all that was broken off: to a person a moment, to an engine with a fast clock longer than the
   * half second it leaves B2 for that.
   */
  untilHeard(): Promise<void>
}

/** How many parts of large files were sent, and copied by B2. */
export type Parts = { readonly sent: number; readonly copied: number }

export type CrashScenario = {
  /** A sentence about what goes on while the engine is killed. */
  readonly name: string
  /** What these files held before that, in the bucket as older versions. */
  readonly earlier?: Tree
  /** In the folder and in the bucket before; without it the folder is not even added before. */
  readonly files?: Tree
  /** In the bucket before that, from other programs. */
  readonly foreign?: Tree
  readonly settings?: Partial<FolderSettings>
  /** What the line carries from the change on. */
  readonly bytesPerSecond?: number
  /** The change happens while the engine runs and is at rest; otherwise before the start that is killed. */
  readonly isRunning?: true
  /** What programs do to the files, in one go. */
  readonly change?: (disk: Disk) => void
  /** What a person asks for then; asked again after the crash, so it has to look whether that is still needed. */
  readonly ask?: (person: Person) => Promise<void>
  /** What programs do between the crash and the next start. */
  readonly meanwhile?: (disk: Disk) => void
  /** In the bucket at the end, besides the files of the folder. */
  readonly remains?: Tree
  /** Files of the folder that are not in the bucket at the end, or not as they are on disk. */
  readonly leftOut?: readonly string[]
  /** Paths that are hidden or deleted meanwhile; no other may be. */
  readonly hides?: readonly string[]
  /** Paths of which no version is left at the end, however old. */
  readonly erased?: readonly string[]
  /** Paths whose bytes are sent after the beginning; no other's may be, as the bucket has them all. */
  readonly uploads?: readonly string[]
  /** Parts of large files that have to be sent, and copied by B2, after the beginning; none by default. */
  readonly parts?: Parts
}

/** Names that end like this are never sent. */
const DRAFT = '.part'

/** A folder's files, changed by programs. */
export class Disk {
  readonly root: string

  constructor(root: string) {
    this.root = root
  }

  path(path: string): string {
    return join(this.root, path)
  }

  /** It is there as a whole or not at all: to an engine with a fast clock, a moment of emptiness is a long time. */
  write(path: string, content: string): void {
    mkdirSync(dirname(this.path(path)), { recursive: true })
    const draft = this.path(`${path}${DRAFT}`)
    writeFileSync(draft, content)
    renameSync(draft, this.path(path))
  }

  append(path: string, content: string): void {
    appendFileSync(this.path(path), content)
  }

  /** Writes a new file and renames it over the old one, as editors do. */
  saveAtomically(path: string, content: string): void {
    writeFileSync(this.path(`${path}.new`), content)
    renameSync(this.path(`${path}.new`), this.path(path))
  }

  rename(from: string, to: string): void {
    mkdirSync(dirname(this.path(to)), { recursive: true })
    renameSync(this.path(from), this.path(to))
  }

  swap(a: string, b: string): void {
    const aside = this.path(`${a}${DRAFT}`)
    renameSync(this.path(a), aside)
    renameSync(this.path(b), this.path(a))
    renameSync(aside, this.path(b))
  }

  copy(from: string, to: string): void {
    mkdirSync(dirname(this.path(to)), { recursive: true })
    const draft = this.path(`${to}${DRAFT}`)
    copyFileSync(this.path(from), draft)
    renameSync(draft, this.path(to))
  }

  link(from: string, to: string): void {
    linkSync(this.path(from), this.path(to))
  }

  remove(path: string): void {
    rmSync(this.path(path), { recursive: true })
  }

  writeAll(tree: Tree): void {
    for (const [path, content] of Object.entries(tree)) this.write(path, content)
  }
}
