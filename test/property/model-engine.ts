/**
 * The engine's decisions on a disk and a bucket in memory: the real planner, safety gate and records, and around them
 * models of what looks and sends. Everything happens when it is told to, so that any order can be tried.
 */
import { DEFAULT_FOLDER_SETTINGS, type DeletionPolicy, type FolderSettings } from '../../shared/model/folder.ts'
import type { SyncFolder } from '../../shared/model/folder.ts'
import type { AbsolutePath, FolderId, RelativePath, UnixMs } from '../../shared/ids.ts'
import type { Decision } from '../../shared/model/decision.ts'
import type { Clock } from '../../main/engine/lib/clock.ts'
import { stampOf } from '../../main/engine/model/entry.ts'
import type { Job } from '../../main/engine/model/job.ts'
import type { State } from '../../main/engine/state/state.ts'
import { LossKeeper } from '../../main/engine/sync/loss-keeper.ts'
import { leaseFirst, listJobs } from '../support/state-bench.ts'
import { ModelBucket, sha1Of } from './model-bucket.ts'
import { ModelDisk, type DiskOp } from './model-disk.ts'
import {
  lookAtEverything,
  lookAtLosses,
  lookAtPaths,
  lookElsewhere,
  type LookPlace,
  type LookTime,
} from './model-look.ts'
import { ModelSender } from './model-sender.ts'
import { check, Oracle } from './planner-oracle.ts'

/** How a file stands at the beginning. */
export type Start = {
  readonly path: string
  readonly content: string
  /**
   * `agreed` on both sides; `lost` while nothing ran; only `here`; `there` is what the bucket holds of it: the same from
   * this root without a record of it, or somebody else's, the same or not.
   */
  readonly kind: 'agreed' | 'lost' | 'here' | 'ours-there' | 'same-there' | 'other-there'
}

export type RemoteOp =
  | { readonly do: 'upload'; readonly path: string; readonly content: string }
  | { readonly do: 'hide' | 'delete-newest' | 'delete-all'; readonly path: string }

export type Answers = Readonly<Record<Decision['kind'], 'apply' | 'keep'>>

export type ModelOptions = {
  readonly state: State
  readonly start: readonly Start[]
  readonly settings: { readonly policy: DeletionPolicy; readonly gateFiles: number; readonly gatePercent: number }
  /** What a person answers to each question. */
  readonly answers: Answers
  readonly random: () => number
}

/** More jobs than a model ever has. */
const MANY = 1000

/** Jobs that run side by side. */
const AT_ONCE = 3

export class ModelEngine {
  readonly disk = new ModelDisk()
  readonly bucket = new ModelBucket()
  readonly oracle: Oracle
  readonly #options: ModelOptions
  readonly #folder: SyncFolder
  readonly #clock: Clock
  #keeper: LossKeeper
  #uptime = 1
  readonly #listed = { lookedAt: -Infinity, restsUntil: 0 }
  #now = 1_700_000_000_000
  #isListed = false
  #stale: RelativePath[] = []

  constructor(options: ModelOptions) {
    const { state, settings } = options
    this.#options = options
    this.#clock = {
      now: () => this.#now as UnixMs,
      uptime: () => this.#uptime,
      sleep: () => Promise.reject(new Error('nothing sleeps here')),
    }
    const { policy, gateFiles, gatePercent } = settings
    const folderSettings: FolderSettings = {
      ...DEFAULT_FOLDER_SETTINGS,
      deletionPolicy: policy,
      gateFiles,
      gatePercent,
    }
    const place = {
      bucketId: 'b',
      bucketName: 'bucket',
      bucketType: 'allPrivate',
      prefix: '',
      settings: folderSettings,
    }
    this.#folder = state.transaction(() => state.folders.add({ root: '/nowhere' as AbsolutePath, ...place }))
    const { now, uptime } = this.#clock
    this.oracle = new Oracle({ disk: this.disk, bucket: this.bucket, settings: folderSettings, now, uptime })
    this.#keeper = this.#newKeeper()
    state.transaction(() => {
      for (const start of options.start) this.#setUp(start)
      this.oracle.notePaths()
      // What was lost while nothing ran.
      for (const { path, kind } of options.start) if (kind === 'lost') this.disk.apply({ do: 'remove', path })
    })
    this.list()
  }

  get folderId(): FolderId {
    return this.#folder.folderId
  }

  /** Whether both sides ever agreed on the path before anything happened to it. */
  wasAgreed(path: string): boolean {
    return this.#options.start.some((each) => each.path === path && ['agreed', 'lost'].includes(each.kind))
  }

  /** Forgets everything about the folder, so that the records can be used again. */
  close(): void {
    const { state } = this.#options
    state.transaction(() => {
      state.folders.remove(this.folderId)
    })
  }

  changeDisk(op: DiskOp): void {
    const { state } = this.#options
    if (!this.disk.apply(op) || op.do !== 'copy-everything') return
    state.transaction(() => {
      state.folders.setAsksEveryLoss(this.folderId, true)
    })
  }

  changeBucket(op: RemoteOp): void {
    const { path } = op
    this.oracle.touchedRemotely.add(path)
    if (op.do === 'upload') this.bucket.upload(path, op.content, false)
    else if (op.do === 'hide') this.bucket.hide(path)
    else if (op.do === 'delete-newest') this.bucket.deleteNewest(path)
    else this.bucket.deleteAll(path)
  }

  look(): void {
    lookAtEverything(this.#place, this.#time)
    this.#listed.lookedAt = this.#uptime
    this.oracle.looked(null)
    this.#judge(true)
  }

  hint(paths: readonly string[]): void {
    lookAtPaths(this.#place, this.#time, paths as readonly RelativePath[])
    this.oracle.looked(paths)
    this.#judge(false)
  }

  /** Time goes by, and losses that are due for it get their second look. */
  wait(ms: number): void {
    this.#uptime += ms
    this.#now += ms
    if (this.#keeper.wantsLookElsewhere) {
      lookElsewhere(this.#place, this.#time)
      this.oracle.looked(null)
      this.#listed.lookedAt = this.#uptime
    }
    this.oracle.looked(lookAtLosses(this.#place, this.#time))
    this.#judge(false)
  }

  /** Lists the bucket and compares it with what was agreed on. */
  list(): void {
    const { state } = this.#options
    state.beginListing(this.folderId)
    const entries = this.bucket.names().map((name) => ({ name, entry: this.bucket.entry(name) }))
    for (const { name, entry } of entries) this.oracle.sawVersion(name, entry?.fileId)
    state.recordListed(
      this.folderId,
      entries.flatMap(({ entry }) => entry ?? []),
    )
    const forgotten = state.endListing(this.folderId, this.#clock.now())
    this.#isListed = true
    if (forgotten > 0) this.look()
  }

  /**
   * Runs up to so many jobs that are due, in any order; `meanwhile` happens after the first were read. Returns how many
   * came to their end.
   */
  run(limit: number, meanwhile?: DiskOp): number {
    const jobs = this.#lease(limit)
    let op = meanwhile
    let done = 0
    for (let at = 0; at < jobs.length; at += AT_ONCE) {
      const attempts = jobs.slice(at, at + AT_ONCE).map((job) => this.#sender.begin(job))
      if (op !== undefined) this.changeDisk(op)
      op = undefined
      const commits = this.#shuffle(attempts).flatMap(({ send }) => send() ?? [])
      for (const commit of this.#shuffle(commits)) commit()
      done += commits.length
    }
    this.#takeStale()
    return done
  }

  /** Everything ends in the middle of some jobs: what was sent was not recorded. */
  crash(limit: number): void {
    for (const job of this.#lease(limit)) {
      const attempt = this.#sender.begin(job)
      if (this.#options.random() < 0.7) attempt.send()
    }
    this.restart()
  }

  restart(): void {
    this.#options.state.beginRun()
    this.#uptime += 1
    this.#listed.lookedAt = -Infinity
    this.#keeper = this.#newKeeper()
    this.#isListed = false
    this.#stale = []
    this.oracle.restarted()
  }

  /** A person answers what is asked. */
  answer(): number {
    const overwrites = this.#keeper.overwrites()
    const asked = [...this.#keeper.decisions, ...(overwrites === null ? [] : [overwrites])]
    for (const decision of asked) this.#answer(decision)
    return asked.length
  }

  /** Rounds of everything the engine does, until a round changes nothing; returns how many that took. */
  settle(maxRounds: number): number {
    const { state } = this.#options
    // As "check now" does.
    state.transaction(() => {
      state.jobs.hurryFolder(this.folderId)
    })
    // Only what others did has to be asked for: the engine knows what it did itself, whatever came in between.
    if (this.oracle.touchedRemotely.size > 0) this.list()
    for (let round = 1; round <= maxRounds; round += 1) {
      const before = this.oracle.effects
      this.look()
      let done = this.#runAll()
      this.wait(this.#delayMs)
      done += this.#runAll() + this.answer() + this.#runAll()
      if (done === 0 && before === this.oracle.effects && this.#isAtRest()) return round
    }
    throw new Error(`The engine is not at rest after ${maxRounds} rounds: ${JSON.stringify(this.describe())}`)
  }

  describe(): unknown {
    const { state } = this.#options
    return {
      jobs: listJobs(state).map(({ path, kind, code, notBefore }) => ({ path, kind, code, notBefore })),
      held: state.folders.memory(this.folderId).held,
      totals: state.folders.totals(this.folderId),
    }
  }

  /** Whether a job waits for its file to become readable that is to be copied from this one. */
  isStillWanted(path: string): boolean {
    return listJobs(this.#options.state).some(({ from }) => from?.path === path)
  }

  /** Only files that cannot be read are waited for. */
  #isAtRest(): boolean {
    const { state } = this.#options
    const jobs = listJobs(state)
    const isQuiet = jobs.every(({ code }) => code === 'file_unreadable')
    const waiting = jobs.filter(({ from }) => from !== null).length
    const { held } = state.folders.memory(this.folderId)
    return isQuiet && held === null && state.folders.totals(this.folderId).lostFiles <= waiting
  }

  #runAll(): number {
    let done = 0
    for (let pass = 0; pass < AT_ONCE; pass += 1) done += this.run(MANY)
    return done
  }

  get #place(): LookPlace {
    return { state: this.#options.state, disk: this.disk, folderId: this.folderId }
  }

  get #time(): LookTime {
    return { uptime: this.#uptime, deleteDelayMs: this.#delayMs, lookedAt: this.#listed.lookedAt }
  }

  get #delayMs(): number {
    return this.#folder.settings.deleteDelaySeconds * 1000
  }

  get #sender(): ModelSender {
    const { state } = this.#options
    return new ModelSender({
      state,
      disk: this.disk,
      bucket: this.bucket,
      oracle: this.oracle,
      folderId: this.folderId,
      now: this.#clock.now,
      ensureListed: () => {
        if (!this.#isListed) this.list()
      },
      onStale: (path) => this.#stale.push(path),
    })
  }

  #newKeeper(): LossKeeper {
    return new LossKeeper({
      folder: this.#folder,
      state: this.#options.state,
      clock: this.#clock,
      seen: {
        holdsFile: () => this.disk.holdsFile(),
        moving: { hasFile: () => false },
        listed: this.#listed,
      },
    })
  }

  #setUp({ path, content, kind }: Start): void {
    const { state } = this.#options
    if (!this.disk.apply({ do: 'replace', path, content })) return
    if (kind === 'here') return
    const isForeign = kind === 'same-there' || kind === 'other-there'
    const { fileId } = this.bucket.upload(path, kind === 'other-there' ? `${content}!` : content, !isForeign)
    const seen = this.disk.stat(path)
    if ((kind !== 'agreed' && kind !== 'lost') || seen.kind !== 'file') return
    const { dev: _, ...fingerprint } = seen.fingerprint
    const entry = { path: path as RelativePath, sha1: sha1Of(content), fileId }
    state.base.put(this.folderId, { ...entry, fingerprint: { ...fingerprint, isOtherDevice: false } })
  }

  /** Nothing of a folder that is held goes out. */
  #lease(limit: number): readonly Job[] {
    const { state } = this.#options
    const isIdle = state.folders.totals(this.folderId).pendingFiles === 0
    if (isIdle || state.folders.memory(this.folderId).held !== null) return []
    const leased = this.#shuffle(leaseFirst(state, this.#clock.now(), MANY))
    state.transaction(() => {
      for (const { jobId } of leased.slice(limit)) state.jobs.unlease(jobId)
    })
    return leased.slice(0, limit)
  }

  #takeStale(): void {
    const stale = this.#stale
    this.#stale = []
    if (stale.length > 0) this.hint(stale)
  }

  /** What `FolderSync` does after every look. */
  #judge(sawEverything: boolean): void {
    const { state } = this.#options
    const { folderId } = this
    const { asksEveryLoss, held } = state.folders.memory(folderId)
    const hasLosses = state.folders.totals(folderId).lostFiles > 0
    const base = hasLosses ? state.base.listSome(folderId, MANY) : []
    const before = new Set((hasLosses ? this.#lossJobs() : []).map(({ jobId, revision }) => `${jobId}:${revision}`))
    const verdict = this.#keeper.judge(sawEverything)
    if (hasLosses) {
      const planned = this.#lossJobs().filter(({ jobId, revision }) => !before.has(`${jobId}:${revision}`))
      const passes = planned.map((job) => ({ job, pass: state.losses.passOf(folderId, job.path) }))
      const isLost = (path: string) => state.local.find(folderId, path as RelativePath)?.kind === 'absent'
      this.oracle.judged({ planned: passes, base, isLost, asksEveryLoss })
    }
    const code = verdict.kind === 'hold' ? verdict.code : null
    if (code === (held?.code ?? null)) return
    state.transaction(() => {
      state.folders.setHeld(folderId, code, this.#clock.now())
    })
  }

  #lossJobs(): readonly Job[] {
    const { state } = this.#options
    if (state.folders.totals(this.folderId).pendingFiles === 0) return []
    return listJobs(state).filter(({ kind, path, sizeBytes }) => {
      if (kind === 'hide' || kind === 'delete') return true
      return kind === 'upload' && sizeBytes === 0 && state.local.find(this.folderId, path)?.kind === 'emptied'
    })
  }

  #answer({ kind, listId }: Decision): void {
    const { state, answers } = this.#options
    const answer = answers[kind]
    const list = this.#keeper.list(listId)
    check(list.length > 0, 'asks about nothing')
    if (answer === 'keep') for (const { path } of list) this.oracle.kept.add(path)
    else if (kind === 'overwrite') for (const { fileId } of list) this.oracle.approvedVersions.add(fileId)
    if (answer === 'apply' || kind === 'deleted') this.#keeper.decide(kind, listId, answer)
    else {
      const files = list.flatMap(({ path }) => {
        const seen = this.disk.stat(path)
        return seen.kind === 'file' ? [{ path, stamp: stampOf(seen.fingerprint) }] : []
      })
      state.keepRemote(this.folderId, files, this.#clock.now())
    }
    this.#judge(false)
  }

  #shuffle<T>(items: readonly T[]): T[] {
    const { random } = this.#options
    const ranked = items.map((item) => ({ item, rank: random() }))
    return ranked.sort((a, b) => a.rank - b.rank).map(({ item }) => item)
  }
}
