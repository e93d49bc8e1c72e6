/**
 * What happened during a test, written down as it happened, so that `invariants.ts` can judge it afterwards: what the
 * disk held and when, what the engine said about itself, and what a person allowed. What was asked of B2 is in the
 * emulator's own log.
 */
import { createHash } from 'node:crypto'
import { closeSync, lstatSync, openSync, readdirSync, readFileSync, readSync, statSync, type Stats } from 'node:fs'
import { join } from 'node:path'
import type { EngineSnapshot } from '../../shared/model/snapshot.ts'
import type { StatusKind } from '../../shared/model/status.ts'
import type { Emulator } from '../b2-emulator/emulator.ts'
import type { LifecycleRule } from '../b2-emulator/model.ts'

/** The file that marks a root, which only Pail makes. */
const MARKER = '.pail-folder'

/** The same, for the moment before it has its name. */
const MARKER_DRAFT = '.pail-folder.new'

/** Content of a file that changed this recently is read anew: the times of two changes can be the same for so long, ms. */
const TIMES_ARE_COARSE_MS = 100

/** What is read of a file at once. */
const PIECE_BYTES = 256 * 1024

/** A local folder and the names in the bucket it stands for. */
export type WatchedFolder = { readonly root: string; readonly prefix: string }

/** One path as a look at the disk found it. */
export type Seen =
  | {
      readonly kind: 'file'
      readonly sha1: string
      readonly sizeBytes: number
      /** Everything else that a user would notice if it changed: times, permissions, inode, links. */
      readonly identity: string
    }
  /** Links, pipes, sockets, and directories that cannot be read: nothing is known to be absent there or below. */
  | { readonly kind: 'other'; readonly identity: string }

/** A folder at one moment. Names are those in the bucket. */
export type FolderState = WatchedFolder & {
  /** `foreign`: another directory is at its place. */
  readonly rootKind: 'own' | 'missing' | 'foreign'
  readonly entries: ReadonlyMap<string, Seen>
}

/** The disk from `at` on (Unix milliseconds) until the next state. */
export type DiskState = { readonly at: number; readonly folders: readonly FolderState[] }

/** What the engine said of one folder from `at` on, or, where it was asked, at that moment. */
export type Said = {
  readonly at: number
  readonly prefix: string
  readonly status: StatusKind
  readonly isAsked: boolean
}

export type WitnessOptions = {
  readonly emulator: Emulator
  readonly bucketName: string
  /** How long a file has to be gone before that counts, in milliseconds of the wall. */
  readonly deleteDelayMs: number
}

export class Witness {
  readonly emulator: Emulator
  readonly bucketName: string
  readonly states: DiskState[] = []
  readonly said: Said[] = []
  /** When engines started, Unix milliseconds. */
  readonly starts: number[] = []
  /** What somebody other than the test did to the disk. */
  readonly touched: string[] = []
  /** What the engine said that was not so. */
  readonly lies: string[] = []
  /** The keys that other programs use. */
  readonly foreignKeyIds = new Set<string>()
  /** Versions that other programs made. */
  readonly foreignFileIds = new Set<string>()
  /** Names on disk that are never sent. */
  readonly leftOut = new Set<string>()
  /** Names whose versions somebody else may remove: by a policy, a lifecycle rule, another program. */
  readonly erasable = new Set<string>()
  /** Whether a person chose that versions go with their file. */
  deletesAbsent = false
  /** Names whose loss a person approved, and when. */
  readonly approvals = new Map<string, number>()
  /** Content that was at rest in the bucket: name and SHA-1, with a tab between. */
  readonly kept = new Set<string>()
  /** Every prefix that a folder has had. */
  readonly prefixes = new Set<string>()
  /** Prefixes whose lifecycle rule a person asked for. */
  readonly ruledPrefixes = new Set<string>()
  /** The bucket's rules at the beginning. */
  readonly firstRules: readonly LifecycleRule[]
  /** The limits of the safety gate. */
  gate = { files: 50, percent: 30 }
  deleteDelayMs: number
  #folders: readonly WatchedFolder[] = []
  readonly #ownRoots = new Set<string>()
  readonly #ownMarkers = new Set<string>()
  readonly #hashes = new Map<string, string>()

  constructor(options: WitnessOptions) {
    this.emulator = options.emulator
    this.bucketName = options.bucketName
    this.deleteDelayMs = options.deleteDelayMs
    this.firstRules = rulesOf(this)
  }

  get folders(): readonly WatchedFolder[] {
    return this.#folders
  }

  /** The newest state; throws before the first look. */
  get now(): DiskState {
    const newest = this.states.at(-1)
    if (newest === undefined) throw new Error('nobody has looked at the disk')
    return newest
  }

  /** From here on these folders are looked at, and the roots that are there count as theirs. */
  watch(folders: readonly WatchedFolder[]): void {
    this.#folders = folders
    for (const { root, prefix } of folders) {
      this.prefixes.add(prefix)
      this.#ownRoots.add(rootIdOf(root) ?? '')
    }
    this.look()
  }

  /** Writes down what the disk holds now: to be called after everything that changes it, before anything is awaited. */
  look(): DiskState {
    const state = { at: Date.now(), folders: this.#folders.map((folder) => this.#lookAt(folder)) }
    this.states.push(state)
    return state
  }

  /** Compares the disk with the last look: only the test itself may have changed anything since. */
  expectUntouched(): void {
    const before = this.now
    this.look()
    for (const [i, folder] of this.now.folders.entries()) {
      const earlier = before.folders[i]?.entries ?? new Map<string, Seen>()
      for (const name of new Set([...earlier.keys(), ...folder.entries.keys()])) {
        const was = describe(earlier.get(name))
        const is = describe(folder.entries.get(name))
        if (was !== is) this.touched.push(`${name} on disk was ${was} and is ${is}, and no user did that`)
      }
    }
  }

  noteStart(): void {
    this.starts.push(Date.now())
  }

  /** `isAsked`: the answer to a question, and nobody hears what changes after it until the next one. */
  noteSnapshot(snapshot: EngineSnapshot, isAsked = false): void {
    const at = Date.now()
    for (const { prefix, status } of snapshot.folders) {
      const isSame = (said: Said | undefined) => said?.prefix === prefix && said.status === status.kind
      // Of many answers in a row that say the same, the first and the last tell all.
      if (isAsked && isSame(this.said.at(-1)) && isSame(this.said.at(-2))) this.said.pop()
      this.said.push({ at, prefix, status: status.kind, isAsked })
    }
  }

  /** A person let exactly these names go. */
  approve(names: readonly string[]): void {
    for (const name of names) this.approvals.set(name, Date.now())
  }

  /** The engine is at rest with this in the bucket, name to SHA-1: what is on disk like that must stay reachable. */
  noteKept(remote: ReadonlyMap<string, string>): void {
    for (const [name, sha1] of this.files()) if (remote.get(name) === sha1) this.kept.add(`${name}\t${sha1}`)
  }

  /** The regular files of all folders now: name to SHA-1. */
  files(): ReadonlyMap<string, string> {
    const found = new Map<string, string>()
    for (const { entries } of this.now.folders) {
      for (const [name, seen] of entries) if (seen.kind === 'file') found.set(name, seen.sha1)
    }
    return found
  }

  #lookAt({ root, prefix }: WatchedFolder): FolderState {
    const entries = new Map<string, Seen>()
    const rootId = rootIdOf(root)
    if (rootId === null) return { root, prefix, rootKind: 'missing', entries }
    const marker = readMarker(root)
    const isOwn = this.#ownRoots.has(rootId) || (marker !== null && this.#ownMarkers.has(marker))
    if (this.#ownRoots.has(rootId) && marker !== null) this.#ownMarkers.add(marker)
    this.#collect(root, '', prefix, entries)
    return { root, prefix, rootKind: isOwn ? 'own' : 'foreign', entries }
  }

  #collect(root: string, directory: string, prefix: string, entries: Map<string, Seen>): void {
    let names: readonly string[]
    try {
      names = readdirSync(join(root, directory))
    } catch {
      entries.set(`${prefix}${directory}`, { kind: 'other', identity: 'unreadable' })
      return
    }
    for (const name of names) {
      const path = directory === '' ? name : `${directory}/${name}`
      if (path === MARKER || path === MARKER_DRAFT) continue
      const stats = lstatSync(join(root, path), { throwIfNoEntry: false })
      // A name that is no UTF-8 is there under other bytes.
      if (stats === undefined) continue
      if (stats.isDirectory()) this.#collect(root, path, prefix, entries)
      else entries.set(`${prefix}${path}`, this.#see(join(root, path), stats))
    }
  }

  #see(path: string, stats: Stats): Seen {
    const { mtimeMs, mode, ino, nlink, size } = stats
    const identity = [mtimeMs, mode, ino, nlink].join(' ')
    if (!stats.isFile()) return { kind: 'other', identity }
    const sha1 = this.#hash(path, stats)
    return sha1 === null ? { kind: 'other', identity } : { kind: 'file', sha1, sizeBytes: size, identity }
  }

  /** Null for a file that may not be read. */
  #hash(path: string, { ino, size, mtimeMs, ctimeMs }: Stats): string | null {
    const key = [ino, size, mtimeMs, ctimeMs].join(' ')
    const known = Date.now() - ctimeMs > TIMES_ARE_COARSE_MS ? this.#hashes.get(key) : undefined
    if (known !== undefined) return known
    try {
      const sha1 = sha1OfFile(path)
      this.#hashes.set(key, sha1)
      return sha1
    } catch {
      return null
    }
  }
}

/** Piece by piece: a file may be larger than what can be read at once. */
function sha1OfFile(path: string): string {
  const hash = createHash('sha1')
  const file = openSync(path, 'r')
  try {
    const buffer = Buffer.allocUnsafe(PIECE_BYTES)
    for (let length = readSync(file, buffer); length > 0; length = readSync(file, buffer)) {
      hash.update(buffer.subarray(0, length))
    }
  } finally {
    closeSync(file)
  }
  return hash.digest('hex')
}

function describe(seen: Seen | undefined): string {
  if (seen === undefined) return 'absent'
  return seen.kind === 'file' ? `a file ${seen.sha1} ${seen.identity}` : `no file ${seen.identity}`
}

function rootIdOf(root: string): string | null {
  const stats = statSync(root, { throwIfNoEntry: false })
  return stats?.isDirectory() === true ? `${stats.dev}:${stats.ino}` : null
}

function readMarker(root: string): string | null {
  try {
    return readFileSync(join(root, MARKER), 'utf8')
  } catch {
    return null
  }
}

/** The lifecycle rules of the bucket now. */
export function rulesOf({ emulator, bucketName }: Pick<Witness, 'emulator' | 'bucketName'>): readonly LifecycleRule[] {
  return emulator.buckets.find((bucket) => bucket.bucketName === bucketName)?.lifecycleRules ?? []
}
