/**
 * Watches a `ModelEngine` and says what it did wrong. Knows disk and bucket as they really are, and when the engine looked
 * at what; judges by that alone, in other words than the engine's.
 */
import { isSameFile, type Fingerprint } from '../../main/engine/model/entry.ts'
import type { BaseEntry } from '../../main/engine/model/agreed.ts'
import type { Job } from '../../main/engine/model/job.ts'
import type { LossPass } from '../../main/engine/model/local.ts'
import type { FolderSettings } from '../../shared/model/folder.ts'
import type { ModelBucket } from './model-bucket.ts'
import type { ModelDisk } from './model-disk.ts'

/** The gate's window, and its limit for emptied files, as the rules say. */
const WINDOW_MS = 3_600_000
const MAX_EMPTIED = 10

export type OracleOptions = {
  readonly disk: ModelDisk
  readonly bucket: ModelBucket
  readonly settings: FolderSettings
  readonly uptime: () => number
  readonly now: () => number
}

/** What looks have found of a path, all of one run and without anything else in between. */
type Evidence = { readonly kind: 'absent' | 'emptied'; readonly firstAt: number; lastAt: number }

export type Judgement = {
  /** Jobs that followed from losses, and how those had passed. */
  readonly planned: readonly { readonly job: Job; readonly pass: LossPass | null }[]
  /** Everything that was agreed on before. */
  readonly base: readonly BaseEntry[]
  /** Whether the engine takes a file for lost, so that what was planned for it may still be carried out. */
  readonly isLost: (path: string) => boolean
  readonly asksEveryLoss: boolean
}

export class Oracle {
  readonly #options: OracleOptions
  readonly #paths = new Set<string>()
  readonly #evidence = new Map<string, Evidence>()
  /** What the engine last knew to be visible under each name. */
  readonly #seenVersions = new Map<string, string | undefined>()
  /** Files as they were when they were last looked at. */
  readonly #seenFiles = new Map<string, Fingerprint>()
  /** Losses on their way that nobody approved and whose content is nowhere else. */
  readonly #counted = new Set<string>()
  readonly #emptied = new Set<string>()
  /** Files that were sent empty although nobody had approved it, and when. */
  readonly #sentEmpty = new Map<string, number>()
  #carriedOut: readonly number[] = []
  /** Versions that a person let be replaced. */
  readonly approvedVersions = new Set<string>()
  /** Names whose version in the bucket a person chose to keep. */
  readonly kept = new Set<string>()
  /** Names that somebody else changed in the bucket. */
  readonly touchedRemotely = new Set<string>()
  uploadedBytes = 0
  /** Everything that was done to the bucket. */
  effects = 0

  constructor(options: OracleOptions) {
    this.#options = options
  }

  /** Every path there ever was, on disk or in the bucket. */
  get paths(): ReadonlySet<string> {
    this.notePaths()
    return this.#paths
  }

  /** What is there now is remembered although it may be gone at the next look. */
  notePaths(): void {
    const { disk, bucket } = this.#options
    for (const path of [...disk.paths(), ...bucket.names()]) this.#paths.add(path)
  }

  /** The engine looked at all of this; null is everything. */
  looked(paths: readonly string[] | null): void {
    const { disk, uptime } = this.#options
    for (const path of this.paths) {
      if (paths !== null && !paths.some((each) => path === each || path.startsWith(`${each}/`))) continue
      const seen = disk.stat(path)
      if (seen.kind === 'file') this.#seenFiles.set(path, seen.fingerprint)
      else this.#seenFiles.delete(path)
      const kind = disk.isAbsent(path) ? 'absent' : disk.read(path) === '' ? 'emptied' : null
      const before = this.#evidence.get(path)
      if (kind === null) this.#evidence.delete(path)
      else if (before?.kind === kind) before.lastAt = uptime()
      else this.#evidence.set(path, { kind, firstAt: uptime(), lastAt: uptime() })
    }
  }

  /** What an earlier run saw proves nothing in the next one. */
  restarted(): void {
    this.#evidence.clear()
    this.#seenFiles.clear()
    this.#counted.clear()
    this.#emptied.clear()
  }

  sawVersion(name: string, fileId: string | undefined): void {
    this.#seenVersions.set(name, fileId)
  }

  /** Losses became jobs. */
  judged({ planned, base, isLost, asksEveryLoss }: Judgement): void {
    const { settings, disk, now } = this.#options
    const removals = planned.filter(({ job }) => job.kind !== 'upload')
    const open = removals.filter(({ pass }) => pass !== 'approved').map(({ job }) => job.path)
    const counted = open.filter((path) => this.#isLastOfItsContent(path, base))
    const emptied = planned.filter(({ job, pass }) => job.kind === 'upload' && pass !== 'approved')
    for (const path of this.#counted) if (!isLost(path)) this.#counted.delete(path)
    for (const path of counted) this.#counted.add(path)
    for (const { job } of emptied) this.#emptied.add(job.path)
    if (settings.deletionPolicy.kind === 'keep')
      check(removals.length === 0, 'plans a removal where nothing is removed')
    const isAllGone = base.every(({ path }) => this.#evidence.get(path)?.kind === 'absent')
    check(!isAllGone || disk.holdsFile() || open.length === 0, `plans to remove ${open.join()} when the root is empty`)
    check(!asksEveryLoss || counted.length + emptied.length === 0, 'plans losses under a root that is another one')
    this.#checkGate(base.length, counted.length)
    const isRecent = ([path, at]: [string, number]): boolean => at > now() - WINDOW_MS && !this.#emptied.has(path)
    const emptiedFiles = this.#emptied.size + [...this.#sentEmpty].filter(isRecent).length
    check(emptied.length === 0 || emptiedFiles <= MAX_EMPTIED, `plans to empty ${emptiedFiles} files`)
  }

  /** The file is found to be gone once more, right before its name is removed. */
  beginsRemoval(path: string): void {
    const { disk } = this.#options
    check(disk.isAbsent(path), `removes ${path}, which is there or may be`)
    this.#checkEvidence(path, 'absent')
  }

  removes(path: string, base: BaseEntry): void {
    const { bucket, disk } = this.#options
    this.effects += 1
    const visible = bucket.visible(path)
    const isForeign = visible !== undefined && !visible.isOurs && this.#seenVersions.get(path) === visible.fileId
    check(!isForeign || visible.fileId === base.fileId, `removes ${path}, which somebody else brought there`)
    for (const other of this.paths) {
      const seen = this.#seenFiles.get(other)
      const is = disk.stat(other)
      const isMoved = seen !== undefined && is.kind === 'file' && isSameFile(seen, base.fingerprint)
      if (!isMoved || !isSameFile(is.fingerprint, seen) || seen.sizeBytes === 0 || this.kept.has(other)) continue
      const content = disk.read(other)
      const isThere = bucket.names().some((name) => name !== path && bucket.visible(name)?.content === content)
      check(isThere || this.touchedRemotely.size > 0, `removes ${path} before its file arrived as ${other}`)
    }
  }

  /** A removal was recorded. (What a crash keeps from being recorded, a few at most, is counted by nobody.) */
  removed(path: string): void {
    if (this.#counted.delete(path)) this.#carriedOut = [...this.#carriedOut, this.#options.now()]
  }

  /** That a file was sent was recorded. */
  sent(path: string): void {
    if (this.#emptied.delete(path)) this.#sentEmpty.set(path, this.#options.now())
  }

  /** A version of the name is made, by copying or sending. */
  replaces(path: string, base: BaseEntry | undefined): void {
    const { bucket } = this.#options
    this.effects += 1
    const visible = bucket.visible(path)
    if (visible === undefined || visible.isOurs || this.#seenVersions.get(path) !== visible.fileId) return
    const mayReplace = base?.fileId === visible.fileId || this.approvedVersions.has(visible.fileId)
    check(mayReplace, `replaces ${path}, which somebody else brought there`)
  }

  /** Bytes are sent. `sources` are the files with the same content that the engine knows. */
  uploads(
    path: string,
    content: string,
    about: {
      readonly base: BaseEntry | undefined
      readonly pass: LossPass | null
      readonly before: Fingerprint
      readonly sources: readonly BaseEntry[]
    },
  ): void {
    const { bucket } = this.#options
    const { base, pass, before, sources } = about
    this.uploadedBytes += content.length
    const isHeld = sources.some(({ fileId }) => bucket.find(fileId) !== undefined)
    check(!isHeld || this.touchedRemotely.size > 0, `sends ${path}, whose content B2 holds`)
    if (content !== '' || base === undefined || base.fingerprint.sizeBytes === 0) return
    check(pass !== null, `empties ${path} past the gate`)
    check(before.mtimeMs !== base.fingerprint.mtimeMs, `empties ${path}, which nobody emptied`)
    this.#checkEvidence(path, 'emptied')
  }

  #checkEvidence(path: string, kind: Evidence['kind']): void {
    const found = this.#evidence.get(path)
    check(found?.kind === kind, `takes ${path} for ${kind} without having seen it in this run`)
    const seenForMs = found.lastAt - found.firstAt
    check(seenForMs >= this.#options.settings.deleteDelaySeconds * 1000, `${path} was seen ${kind} for ${seenForMs} ms`)
  }

  #checkGate(known: number, added: number): void {
    const { settings, now } = this.#options
    const recent = this.#carriedOut.filter((at) => at > now() - WINDOW_MS).length
    const gone = this.#counted.size + recent
    const isMany = gone > settings.gateFiles && gone / (known + recent) > settings.gatePercent / 100
    check(added === 0 || !isMany, `${gone} of ${known + recent} files go without being asked about`)
  }

  /** Whether no other name that is thought to be there has this file's content. */
  #isLastOfItsContent(path: string, base: readonly BaseEntry[]): boolean {
    const entry = base.find((each) => each.path === path)
    if (entry === undefined) return false
    if (entry.fingerprint.sizeBytes === 0) return true
    const same = base.filter(({ sha1 }) => sha1 === entry.sha1)
    return same.every((each) => {
      const kind = this.#evidence.get(each.path)?.kind
      // Empty with the time it had: B2's version is what counts, and stays.
      const isSuspect = this.#seenFiles.get(each.path)?.mtimeMs === each.fingerprint.mtimeMs
      return kind === 'absent' || (kind === 'emptied' && !isSuspect)
    })
  }
}

/** Throws when something is not so. */
export function check(isSo: boolean, complaint: string): asserts isSo {
  if (!isSo) throw new Error(`The engine ${complaint}`)
}
