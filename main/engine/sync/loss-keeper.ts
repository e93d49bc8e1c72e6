/**
 * What becomes of a folder's losses: each is looked at a second time, then all together pass the safety gate or wait for a
 * person.
 *
 * In: the losses that looks have noted. Out: jobs, or a hold with a decision to be made. The times are those of the
 * monotonic clock: a clock that is set makes no loss older.
 */
import { createHash } from 'node:crypto'
import { statSync } from 'node:fs'
import { EngineError } from '../../../shared/errors.ts'
import type { RelativePath, UnixMs } from '../../../shared/ids.ts'
import type { Decision, DecisionKind } from '../../../shared/model/decision.ts'
import type { SyncFolder } from '../../../shared/model/folder.ts'
import type { Clock } from '../lib/clock.ts'
import type { JobAction } from '../model/action.ts'
import { stampOf } from '../model/entry.ts'
import type { LossKind, LossPass } from '../model/local.ts'
import { judgeLosses, type GateVerdict } from '../plan/safety-gate.ts'
import { Listings } from '../scan/absence.ts'
import { statBelow } from '../scan/stat-path.ts'
import type { Loss, SizedLoss } from '../state/losses.ts'
import type { State } from '../state/state.ts'
import type { FolderCheck } from './folder-check.ts'
import type { ListedDirectories } from './listed-directories.ts'
import type { MovingFiles } from './moving-files.ts'

/**
 * Losses count as "at once" for this long: a program that tidies up, or a disk that fails, may take its time. Not a day, so that somebody who
 * sorts photos is not asked again in the evening.
 */
const WINDOW_MS = 3_600_000

/** Losses looked at, or planned, in one step. */
const BATCH = 500

/** While losses wait for the copies made from them, they are looked at again after this. */
const COPIES_RETRY_MS = 2000

const SAMPLES = 5

export type LossKeeperOptions = {
  readonly folder: SyncFolder
  readonly state: State
  readonly clock: Clock
  /** What is there: asked where every known file is lost, and about each file before it is. */
  readonly seen: Pick<FolderCheck, 'holdsFile'> & {
    readonly moving: Pick<MovingFiles, 'hasFile'>
    readonly listed: Pick<ListedDirectories, 'lookedAt' | 'restsUntil'>
  }
}

export class LossKeeper {
  #options: LossKeeperOptions
  #decisions: readonly Decision[] = []
  #retryAt: number | null = null

  constructor(options: LossKeeperOptions) {
    this.#options = options
  }

  update(folder: SyncFolder): void {
    this.#options = { ...this.#options, folder }
  }

  /** What waits for a person, as of the last `judge`. */
  get decisions(): readonly Decision[] {
    return this.#decisions
  }

  /** In how many milliseconds the next second look is due, 0 when it is overdue; null when none is. */
  msUntilDue(): number | null {
    const { clock, folder, state } = this.#options
    if (!this.#hasLosses()) return null
    const firstAt = state.losses.firstUnconfirmedAt(folder.folderId)
    const times = [firstAt === null ? null : this.#secondLookAt(firstAt), this.#retryAt].filter((at) => at !== null)
    return times.length === 0 ? null : Math.max(0, Math.min(...times) - clock.uptime())
  }

  #secondLookAt(firstAt: number): number {
    const { lookedAt, restsUntil } = this.#options.seen.listed
    const dueAt = firstAt + this.#delayMs()
    return firstAt < lookedAt ? dueAt : Math.max(dueAt, restsUntil)
  }

  /** Whether losses are due that may be under another name by now: nobody has looked for that since they were seen. */
  get wantsLookElsewhere(): boolean {
    const { clock, folder, state, seen } = this.#options
    const firstAt = state.losses.firstUnconfirmedAt(folder.folderId)
    if (firstAt === null || firstAt < seen.listed.lookedAt) return false
    return this.#secondLookAt(firstAt) <= clock.uptime()
  }

  /** The losses whose second look is due; those that are no losses any more want an ordinary look. */
  lookAgain(): {
    readonly confirmed: readonly { path: RelativePath; kind: LossKind }[]
    readonly other: readonly RelativePath[]
  } {
    const { clock, folder, state, seen } = this.#options
    const listings = new Listings(folder.root)
    const confirmed: { path: RelativePath; kind: LossKind }[] = []
    const other: RelativePath[] = []
    const seenBefore = Math.min(clock.uptime() - this.#delayMs(), seen.listed.lookedAt)
    for (const loss of state.losses.listUnconfirmed(folder.folderId, seenBefore, BATCH)) {
      if (this.#isStillLost(loss, listings)) confirmed.push(loss)
      else other.push(loss.path)
    }
    return { confirmed, other }
  }

  /**
   * Lets what passes the gate become jobs; returns the verdict. Called after every look; `sawEverything` when that was a
   * complete one, which may find that nothing is missing.
   */
  judge(sawEverything: boolean): GateVerdict {
    const { folder, state, clock } = this.#options
    this.#retryAt = null
    if (sawEverything) this.#trustRootAgain()
    if (!this.#hasLosses()) {
      this.#decisions = []
      return { kind: 'pass' }
    }
    const verdict = this.#verdict()
    if (verdict.kind === 'hold') {
      this.#decisions = [this.#describe(verdict.loss, this.#list(verdict.loss))]
      return verdict
    }
    this.#decisions = []
    this.#plan()
    // What has a job may lose it again, and what waits for copies is told by nobody when they are made.
    if (state.losses.hasConfirmed(folder.folderId)) this.#retryAt = clock.uptime() + COPIES_RETRY_MS
    return verdict
  }

  /** Decisions about files that B2 holds with other content, which concern no loss. */
  overwrites(): Decision | null {
    const list = this.#listOverwrites()
    return list.length === 0 ? null : this.#describe('overwrite', list)
  }

  /** The files of a decision. Throws `list_changed` when it is not the one with this id. */
  list(listId: string): readonly Loss[] {
    const lists = [this.#list('absent'), this.#list('emptied'), this.#listOverwrites()]
    const found = lists.find((list) => list.length > 0 && idOf(list) === listId)
    if (found === undefined) throw new EngineError('list_changed', 'No such list')
    return found
  }

  /** Carries out a person's answer about exactly these files. Throws `list_changed` when others are concerned by now. */
  decide(kind: DecisionKind, listId: string, answer: 'apply' | 'keep'): void {
    const { folder, state, clock } = this.#options
    const { folderId } = folder
    const list = kind === 'overwrite' ? this.#listOverwrites() : this.#list(kind === 'deleted' ? 'absent' : 'emptied')
    if (list.length === 0 || idOf(list) !== listId) throw new EngineError('list_changed', 'Another list by now')
    if (kind === 'overwrite') {
      if (answer === 'apply') state.approveOverwrites(folderId, list)
      else this.#keepRemote(list)
      return
    }
    if (answer === 'apply') state.approveLosses(folderId, list)
    else if (kind === 'deleted')
      state.keepAbsent(
        folderId,
        list.map(({ path }) => path),
        clock.now(),
      )
    else this.#keepRemote(list)
  }

  #verdict(): GateVerdict {
    const { folder, state, clock, seen } = this.#options
    const { folderId, settings } = folder
    // Before anything is confirmed nothing can go out, so nothing needs to be asked: copies may still explain it.
    const { held, asksEveryLoss } = state.folders.memory(folderId)
    if (!state.losses.hasReady(folderId) && held === null) return { kind: 'pass' }
    const absentAll = state.losses.countAbsent(folderId)
    const { syncedFiles: knownFiles } = state.folders.totals(folderId)
    const since = (clock.now() - WINDOW_MS) as UnixMs
    return judgeLosses({
      absentOpen: state.losses.countOpen(folderId, 'absent'),
      absentAll,
      emptiedOpen: state.losses.countOpen(folderId, 'emptied'),
      recentAbsent: state.losses.countSince(folderId, 'absent', since),
      recentEmptied: state.losses.countSince(folderId, 'emptied', since),
      knownFiles,
      // They keep a folder from being taken for emptied; once it was, a program that writes a log there answers nothing.
      hasNewFiles: held?.code !== 'root_emptied' && absentAll >= knownFiles && seen.holdsFile(),
      asksEveryLoss,
      settings,
    })
  }

  #plan(): void {
    const { folder, state, clock } = this.#options
    const { folderId, settings } = folder
    const counted = new Set([...this.#list('absent'), ...this.#list('emptied')].map(({ path }) => path))
    for (let ready = state.losses.listReady(folderId, '', BATCH); ready.length > 0;) {
      const isKept = settings.deletionPolicy.kind === 'keep'
      const kept = ready.filter(({ kind }) => isKept && kind === 'absent')
      if (kept.length > 0)
        state.keepAbsent(
          folderId,
          kept.map(({ path }) => path),
          clock.now(),
        )
      const onTheirWay = ready.filter((loss) => !kept.includes(loss) && this.#isOnItsWay(loss.path))
      this.#renew(onTheirWay)
      state.planLosses(
        folderId,
        ready
          .filter((loss) => !kept.includes(loss) && !onTheirWay.includes(loss))
          .map(({ path, kind, pass }) => ({
            path,
            action: this.#actionFor(kind),
            pass: pass === 'approved' ? pass : ((counted.has(path) ? 'counted' : 'elsewhere') satisfies LossPass),
          })),
      )
      ready = state.losses.listReady(folderId, ready.at(-1)?.path ?? '', BATCH)
    }
  }

  /** Where they are now they may leave again, unheard of: what is known of them by then counts anew. */
  #renew(losses: readonly Loss[]): void {
    if (losses.length === 0) return
    const { folder, state, clock } = this.#options
    state.transaction(() => {
      for (const { path } of losses) state.losses.renew(folder.folderId, path, clock.uptime())
    })
  }

  /** It arrives under another name first, as soon as it is at rest there. */
  #isOnItsWay(path: RelativePath): boolean {
    const { folder, state, seen } = this.#options
    const base = state.base.find(folder.folderId, path)
    return base !== undefined && seen.moving.hasFile(base.fingerprint)
  }

  #actionFor(kind: LossKind): JobAction {
    if (kind === 'emptied') return { kind: 'upload', sizeBytes: 0, reason: 'emptied' }
    const isDeleted = this.#options.folder.settings.deletionPolicy.kind === 'delete'
    return { kind: isDeleted ? 'delete' : 'hide', reason: 'absent' }
  }

  #isStillLost({ path, kind }: { readonly path: RelativePath; readonly kind: LossKind }, listings: Listings): boolean {
    const { folder, state } = this.#options
    const rootDev = statSync(folder.root, { throwIfNoEntry: false })?.dev
    const base = state.base.find(folder.folderId, path)
    if (base === undefined) return false
    if (kind === 'absent') {
      const proof = listings.prove(path)
      // On a drive below the root a look at one path is not enough: a check of everything has to see it again.
      return proof.kind === 'absent' && !base.fingerprint.isOtherDevice && proof.dev === rootDev
    }
    const seen = statBelow(folder.root, path)
    return (
      seen.kind === 'file' && seen.fingerprint.sizeBytes === 0 && seen.fingerprint.mtimeMs !== base.fingerprint.mtimeMs
    )
  }

  /** Whatever the root was like: a look at everything finds nothing missing that nobody has approved. */
  #trustRootAgain(): void {
    const { state } = this.#options
    const { folderId } = this.#options.folder
    if (!state.folders.memory(folderId).asksEveryLoss || state.losses.hasUnapproved(folderId)) return
    // What could not be looked into may lack files too.
    if (state.folders.totals(folderId).blockedFiles > 0) return
    state.transaction(() => {
      state.folders.setAsksEveryLoss(folderId, false)
    })
  }

  #hasLosses(): boolean {
    return this.#options.state.folders.totals(this.#options.folder.folderId).lostFiles > 0
  }

  #delayMs(): number {
    return this.#options.folder.settings.deleteDelaySeconds * 1000
  }

  #list(kind: LossKind): readonly SizedLoss[] {
    return this.#options.state.losses.listOpen(this.#options.folder.folderId, kind)
  }

  #listOverwrites(): readonly SizedLoss[] {
    const { folder, state } = this.#options
    const { folderId } = folder
    return (
      state.jobs
        .listWithCode(folderId, 'would_overwrite')
        .map(({ path }) => {
          const { fileId = '', sizeBytes = 0 } = state.remote.find(folderId, path) ?? {}
          return { path, fileId, sizeBytes }
        })
        // What was approved keeps its code until it is tried again; it is not asked about twice.
        .filter(({ path, fileId }) => !state.overwrites.isApproved(folderId, path, fileId))
    )
  }

  #keepRemote(list: readonly Loss[]): void {
    const { folder, state, clock } = this.#options
    const files = list.flatMap(({ path }) => {
      const seen = statBelow(folder.root, path)
      return seen.kind === 'file' ? [{ path, stamp: stampOf(seen.fingerprint) }] : []
    })
    state.keepRemote(folder.folderId, files, clock.now())
  }

  #describe(kind: LossKind | 'overwrite', list: readonly SizedLoss[]): Decision {
    const { folder, state } = this.#options
    const kinds = { absent: 'deleted', emptied: 'emptied', overwrite: 'overwrite' } as const
    return {
      kind: kinds[kind],
      listId: idOf(list),
      files: list.length,
      totalFiles: state.folders.totals(folder.folderId).syncedFiles,
      bytes: list.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0),
      samples: list.slice(0, SAMPLES).map(({ path }) => path),
    }
  }
}

/** A name for exactly this list of files in exactly these versions. */
function idOf(list: readonly Loss[]): string {
  const hash = createHash('sha1')
  for (const { path, fileId } of list) hash.update(`${path}\0${fileId}\0`)
  return hash.digest('hex').slice(0, 16)
}
