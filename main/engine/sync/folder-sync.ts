/**
 * One sync folder's loop: hints and the clock decide when to look, `folder-check` looks, `loss-keeper` judges, jobs come out.
 *
 * Knows nothing of B2. A root that is missing or another one, and ignore rules that cannot be read, put the folder in
 * doubt: nothing is concluded until that is over. What the safety gate holds is looked at all the same, so that files that
 * come back end the hold.
 */
import { isEngineError, type ErrorCode } from '../../../shared/errors.ts'
import type { UnixMs } from '../../../shared/ids.ts'
import type { SyncFolder } from '../../../shared/model/folder.ts'
import type { Clock } from '../lib/clock.ts'
import type { Logger } from '../lib/logger.ts'
import type { DirectoryPath } from '../lib/paths.ts'
import { Wake } from '../lib/wake.ts'
import { HintBuffer } from '../scan/hint-buffer.ts'
import type { RootVerdict } from '../scan/root-check.ts'
import type { WatchFolder } from '../scan/watcher.ts'
import type { State } from '../state/state.ts'
import { FolderCheck } from './folder-check.ts'
import type { FolderCondition, Held } from './folder-condition.ts'
import { FolderRoot } from './folder-root.ts'
import { FolderRules } from './folder-rules.ts'
import { FolderWatching } from './folder-watching.ts'
import { LossKeeper } from './loss-keeper.ts'

/** Everything is checked again about once an hour, also where events work: a lost event must not stay lost. */
const FULL_CHECK_MS = 3_600_000

/** The same where the system gives no events. */
const FULL_CHECK_UNWATCHED_MS = 60_000

/** But such a folder is left alone for so many times as long as a check of it takes: a network drive has better to do. */
const UNWATCHED_REST = 10

/** A root in doubt, or a machine in trouble, is looked at again after this. */
const DOUBT_RETRY_MS = 5000

/** An idle root is looked at this often: a drive that is pulled out gives no event. */
const ROOT_LOOK_MS = 15_000

/** A rest that took so much longer than it was meant to: the machine was asleep, and missed what happened meanwhile. */
const ASLEEP_MS = 60_000

export type FolderSyncOptions = {
  readonly folder: SyncFolder
  /** Path of Pail's own data below the root, or null. */
  readonly ownData: DirectoryPath | null
  readonly state: State
  readonly clock: Clock
  readonly random: () => number
  readonly logger: Logger
  /** Null for a single pass: then nothing is watched. */
  readonly watchFolder: WatchFolder | null
  /** Something a client may see has changed. */
  readonly onChange: () => void
  /** There may be new jobs. */
  readonly onPlanned: () => void
  /** The folder may send nothing from now on. */
  readonly onHeld: () => void
  /** A complete check has ended. */
  readonly onChecked: () => void
  /** The machine is in trouble (a full disk): nothing can be recorded for the moment. */
  readonly onMachineTrouble: (code: ErrorCode) => void
}

export class FolderSync {
  readonly #options: FolderSyncOptions
  readonly #root: FolderRoot
  readonly #rules: FolderRules
  readonly #check: FolderCheck
  readonly #losses: LossKeeper
  readonly #watching: FolderWatching
  readonly #hints = new HintBuffer()
  readonly #wake: Wake
  readonly #stop = new AbortController()
  #folder: SyncFolder
  /** Why nothing may be concluded about the folder. */
  #doubt: Held | null = null
  /** What the safety gate holds. */
  #gate: Held | null
  #isChecking = true
  #checkedAt: UnixMs | null = null
  #needsFullCheck = true
  /** A person waits for the check, or it is the first one. */
  #isUrgent = true
  #nextFullCheckAt = 0
  #lastTurnAt = 0
  #isLooking = false
  #running: Promise<void> | null = null

  constructor(options: FolderSyncOptions) {
    const { folder, state, clock, ownData, watchFolder } = options
    this.#options = options
    this.#folder = folder
    this.#gate = state.folders.memory(folder.folderId).held
    this.#root = new FolderRoot(folder, state)
    this.#rules = new FolderRules(folder, ownData)
    const isIgnored = this.#rules.isIgnored
    this.#check = new FolderCheck({
      folder,
      isIgnored,
      state,
      clock,
      checkRoot: () => this.#root.check(),
      wantFullCheck: () => {
        this.#needsFullCheck = true
      },
    })
    this.#losses = new LossKeeper({ folder, state, clock, seen: this.#check })
    this.#watching = new FolderWatching({
      root: folder.root,
      isIgnored,
      watchFolder,
      onHint: (path) => {
        this.hint(path)
      },
      onChange: options.onChange,
    })
    this.#wake = new Wake(clock)
  }

  get folder(): SyncFolder {
    return this.#folder
  }

  get condition(): FolderCondition {
    const held = this.#doubt ?? this.#gate
    if (held !== null) return { kind: 'held', ...held }
    return { kind: this.#isChecking ? 'checking' : 'idle' }
  }

  /** When the last complete check ended; null before the first. */
  get checkedAt(): UnixMs | null {
    return this.#checkedAt
  }

  get check(): Pick<FolderCheck, 'filesSeen' | 'moving' | 'settling'> {
    return this.#check
  }

  get losses(): Pick<LossKeeper, 'decisions' | 'overwrites' | 'list' | 'msUntilDue'> {
    return this.#losses
  }

  get rules(): Pick<FolderRules, 'isIgnored' | 'explain' | 'preview'> {
    return this.#rules
  }

  /** Directories that the system refuses to watch, and whether the folder gives events at all. */
  get watching(): Pick<FolderWatching, 'unwatched' | 'hasEvents'> {
    return this.#watching
  }

  /** True when nothing is known that has not been looked at: checked completely, no hints, no moving files. */
  get isSettled(): boolean {
    const isQuiet = !this.#needsFullCheck && this.#hints.isEmpty && !this.#isLooking && !this.#isChecking
    return this.condition.kind === 'idle' && isQuiet && this.#check.moving.count === 0
  }

  start(): void {
    this.#running ??= this.#run()
  }

  /** Ends the loop; what was planned stays planned. */
  async stop(): Promise<void> {
    this.#stop.abort()
    this.#wake.ring()
    await this.#running
    await this.#watching.close()
  }

  /** Checks everything as soon as possible. */
  checkNow(): void {
    this.#needsFullCheck = true
    this.#isUrgent = true
    this.#wake.ring()
  }

  hint(path: DirectoryPath): void {
    this.#hints.add(path, this.#options.clock.now())
    this.#wake.ring()
  }

  /** Settings changed: what they ignore, and what they let through the gate, is looked at anew. */
  update(folder: SyncFolder): void {
    this.#folder = folder
    this.#rules.update(folder)
    this.#check.update({ folder })
    this.#losses.update(folder)
    this.checkNow()
  }

  /** What is at the root is the folder from here on. */
  acceptRoot(): void {
    this.#root.accept()
    this.checkNow()
  }

  /** Whether hides of this folder may go out now; where not, everything is checked soon. */
  checkRoot(): RootVerdict {
    const verdict = this.#root.check()
    if (verdict.kind === 'held') this.checkNow()
    return verdict
  }

  /** Carries out a person's answer, see `LossKeeper.decide`. */
  decide(...answer: Parameters<LossKeeper['decide']>): void {
    this.#losses.decide(...answer)
    // A folder where everything was to be asked about is trusted again as soon as a look at everything finds no more.
    if (this.#options.state.folders.memory(this.#folder.folderId).asksEveryLoss) this.#needsFullCheck = true
    // A look under way has not seen everything yet, and judges when it has.
    if (!this.#isLooking) this.#judgeLosses('some')
    this.#wake.ring()
    this.#options.onPlanned()
    this.#options.onChange()
  }

  async #run(): Promise<void> {
    while (!this.#stop.signal.aborted) {
      try {
        await this.#turn()
      } catch (error) {
        if (!isEngineError(error, 'disk_full')) throw error
        this.#options.logger.warn({ code: error.code, folderId: this.#folder.folderId }, 'cannot record what was found')
        this.#options.onMachineTrouble(error.code)
        this.#needsFullCheck = true
        await this.#wake.sleep(DOUBT_RETRY_MS, this.#stop.signal)
      }
    }
  }

  async #turn(): Promise<void> {
    const now = this.#options.clock.now()
    if (now < this.#lastTurnAt) this.#forgetTimes(now)
    this.#lastTurnAt = now
    if (this.#needsFullCheck || now >= this.#nextFullCheckAt) {
      await this.#checkEverything()
      return
    }
    // Whatever else goes on: in a folder that never rests, too, nobody else tells of what changes there.
    if (this.#doubt === null) this.#watching.lookAtUnwatched(this.#options.clock.uptime())
    const hintsDueAt = this.#hints.dueAt
    const revisitAt = this.#check.moving.nextAt()
    const msUntilLoss = this.#doubt === null ? this.#losses.msUntilDue() : null
    if (hintsDueAt !== null && now >= hintsDueAt) await this.#takeHints()
    else if (revisitAt !== null && now >= revisitAt) await this.#checkPaths(this.#check.moving.takeDue(now))
    else if (msUntilLoss === 0) await this.#lookAtLosses()
    else {
      const lossesAt = msUntilLoss === null ? null : now + msUntilLoss
      await this.#rest(now, [hintsDueAt, revisitAt, lossesAt, this.#nextFullCheckAt])
    }
  }

  /** The clock was set back: every time that was noted lies too far ahead. A full check finds what they stood for. */
  #forgetTimes(now: number): void {
    this.#needsFullCheck = true
    this.#hints.restart(now)
  }

  async #rest(now: number, times: readonly (number | null)[]): Promise<void> {
    const next = Math.min(...times.filter((at) => at !== null))
    const restMs = Math.max(1, Math.min(next, now + ROOT_LOOK_MS) - now)
    await this.#wake.sleep(restMs, this.#stop.signal)
    if (this.#stop.signal.aborted) return
    const restedMs = this.#options.clock.now() - now
    if (restedMs > restMs + ASLEEP_MS) this.#needsFullCheck = true
    if (restedMs < ROOT_LOOK_MS || this.condition.kind !== 'idle') return
    if (this.checkRoot().kind === 'ok' && this.#watching.isStale()) this.checkNow()
  }

  async #takeHints(): Promise<void> {
    const hints = this.#hints.take()
    // By other rules other files count: nothing is looked at by those that were in force until now.
    if (hints.kind === 'everything') this.#watching.doubt()
    if (hints.kind === 'everything' || hints.paths.some((path) => this.#rules.isRuleFile(path))) {
      this.#needsFullCheck = true
      this.#isUrgent = true
    } else await this.#checkPaths(hints.paths)
  }

  async #checkPaths(paths: readonly DirectoryPath[]): Promise<void> {
    // Single paths say nothing of a root that is in doubt.
    if (this.#doubt !== null || this.#root.check().kind === 'held') {
      this.#needsFullCheck = true
      return
    }
    await this.#looking('some', async () => this.#check.checkPaths(paths, this.#stop.signal))
  }

  async #lookAtLosses(): Promise<void> {
    await this.#looking('some', async () => {
      const before = this.#root.check()
      if (before.kind === 'held') return before
      if (this.#losses.wantsLookElsewhere) {
        const elsewhere = await this.#check.checkElsewhere(this.#stop.signal)
        if (elsewhere.kind === 'held') return elsewhere
      }
      const { confirmed, other } = this.#losses.lookAgain()
      const after = this.#check.noteLosses(confirmed)
      return after.kind === 'ok' && other.length > 0 ? this.#check.checkPaths(other, this.#stop.signal) : after
    })
  }

  async #looking(extent: 'some' | 'everything', look: () => Promise<RootVerdict>): Promise<void> {
    this.#isLooking = true
    try {
      this.#conclude(await look(), extent)
    } finally {
      this.#isLooking = false
    }
    this.#options.onPlanned()
    this.#options.onChange()
  }

  async #checkEverything(): Promise<void> {
    const { clock, random } = this.#options
    this.#needsFullCheck = false
    const pace = this.#isUrgent ? 'brisk' : 'gentle'
    const startedAt = clock.uptime()
    this.#isUrgent = false
    this.#isChecking = true
    this.#options.onChange()
    await this.#looking('everything', async () => {
      const verdict = this.#root.check()
      if (verdict.kind === 'held') return verdict
      // What is ignored is not watched.
      if (this.#rules.refresh()) await this.#watching.close()
      // Without the rules nobody knows what may be sent: the verdict stands, and the doubt follows from the rules.
      if (this.#rules.isUnreadable) return verdict
      await this.#watching.ensure(this.#stop.signal)
      return this.#check.checkEverything(this.#stop.signal, pace)
    })
    if (this.#stop.signal.aborted) return
    this.#isChecking = false
    // Between 75 % and 125 %, so that many folders, and many machines, do not check in step.
    const tookMs = clock.uptime() - startedAt
    const every = this.#watching.hasEvents ? FULL_CHECK_MS : Math.max(FULL_CHECK_UNWATCHED_MS, UNWATCHED_REST * tookMs)
    const waitMs = this.#doubt === null ? every * (0.75 + random() / 2) : DOUBT_RETRY_MS
    this.#nextFullCheckAt = clock.now() + waitMs
    if (this.#doubt === null) {
      this.#checkedAt = clock.now()
      this.#options.onChecked()
    }
    this.#options.onChange()
  }

  #conclude(verdict: RootVerdict, extent: 'some' | 'everything'): void {
    if (this.#stop.signal.aborted) return
    const code = verdict.kind === 'held' ? verdict.code : this.#rules.isUnreadable ? 'ignore_rules_unreadable' : null
    if (code === null) {
      this.#setDoubt(null)
      this.#judgeLosses(extent)
      return
    }
    this.#nextFullCheckAt = this.#options.clock.now() + DOUBT_RETRY_MS
    this.#setDoubt(code)
  }

  #setDoubt(code: ErrorCode | null): void {
    if (code === (this.#doubt?.code ?? null)) return
    this.#watching.doubt()
    this.#doubt = code === null ? null : { code, since: this.#options.clock.now() }
    this.#report(code)
  }

  #judgeLosses(extent: 'some' | 'everything'): void {
    const { clock, state } = this.#options
    const verdict = this.#losses.judge(extent === 'everything')
    const code = verdict.kind === 'hold' ? verdict.code : null
    if (code === (this.#gate?.code ?? null)) return
    const since = clock.now()
    this.#gate = code === null ? null : { code, since }
    state.transaction(() => state.folders.setHeld(this.#folder.folderId, code, since))
    this.#report(code)
  }

  #report(code: ErrorCode | null): void {
    const { clock, state, logger, onHeld } = this.#options
    const { folderId } = this.#folder
    const at = clock.now()
    if (code !== null) {
      logger.warn({ folderId, code }, 'folder held')
      onHeld()
    }
    state.transaction(() => {
      if (code === null) state.activity.append({ at, verb: 'resumed', folderId })
      else state.activity.append({ at, verb: 'held', folderId, code })
    })
  }
}
