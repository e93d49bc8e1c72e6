/**
 * One sync folder's loop: hints and the clock decide when to look, `folder-check` looks, jobs come out.
 *
 * Knows nothing of B2. A root that is missing or suddenly empty holds the folder: nothing is planned until it is back.
 */
import { statSync } from 'node:fs'
import { isEngineError, type ErrorCode } from '../../../shared/errors.ts'
import type { UnixMs } from '../../../shared/ids.ts'
import type { SyncFolder } from '../../../shared/model/folder.ts'
import type { Clock } from '../lib/clock.ts'
import type { Logger } from '../lib/logger.ts'
import type { DirectoryPath } from '../lib/paths.ts'
import { Wake } from '../lib/wake.ts'
import { HintBuffer } from '../scan/hint-buffer.ts'
import type { IgnoreRule } from '../scan/ignore-rules.ts'
import type { RootVerdict } from '../scan/root-check.ts'
import { watchFolder, type FolderWatch } from '../scan/watcher.ts'
import type { State } from '../state/state.ts'
import { FolderCheck, type PathTrouble } from './folder-check.ts'

/** Hints have to be quiet this long: a save makes several within some milliseconds. */
const HINT_QUIET_MS = 250

/** But no hint waits longer than this, however busy the folder is. */
const HINT_LIMIT_MS = 2000

/** Everything is checked again about once an hour, also where events work: a lost event must not stay lost. */
const FULL_CHECK_MS = 3_600_000

/** The same where the system gives no events. */
const FULL_CHECK_UNWATCHED_MS = 60_000

/** A held root, or a machine in trouble, is looked at again after this. */
const HELD_RETRY_MS = 5000

/** An idle root is looked at this often: a drive that is pulled out gives no event. */
const ROOT_LOOK_MS = 15_000

export type FolderCondition =
  | { readonly kind: 'checking' }
  | { readonly kind: 'idle' }
  | { readonly kind: 'held'; readonly code: ErrorCode; readonly since: UnixMs }

export type FolderSyncOptions = {
  readonly folder: SyncFolder
  readonly isIgnored: IgnoreRule
  readonly state: State
  readonly clock: Clock
  readonly random: () => number
  readonly logger: Logger
  /** False for a single pass: then nothing is watched. */
  readonly isWatching: boolean
  /** Something a client may see has changed. */
  readonly onChange: () => void
  /** There may be new jobs. */
  readonly onPlanned: () => void
  /** The machine is in trouble (a full disk): nothing can be recorded for the moment. */
  readonly onMachineTrouble: (code: ErrorCode) => void
}

export class FolderSync {
  readonly folder: SyncFolder
  readonly #options: FolderSyncOptions
  readonly #check: FolderCheck
  readonly #hints = new HintBuffer()
  readonly #wake: Wake
  readonly #stop = new AbortController()
  #condition: FolderCondition = { kind: 'checking' }
  #checkedAt: UnixMs | null = null
  #needsFullCheck = true
  #nextFullCheckAt = 0
  #firstHintAt = 0
  #lastHintAt = 0
  #lastTurnAt = 0
  /** The directory that is watched, by its identity: another one under the same name is not. */
  #watch: (FolderWatch & { readonly rootId: string }) | null = null
  #isUnwatched = false
  #isLooking = false
  #running: Promise<void> | null = null

  constructor(options: FolderSyncOptions) {
    this.folder = options.folder
    this.#options = options
    this.#check = new FolderCheck(options.folder, options.isIgnored, options.state, options.clock)
    this.#wake = new Wake(options.clock)
  }

  get condition(): FolderCondition {
    return this.#condition
  }

  /** When the last complete check ended; null before the first. */
  get checkedAt(): UnixMs | null {
    return this.#checkedAt
  }

  get filesSeen(): number {
    return this.#check.filesSeen
  }

  get movingFiles(): number {
    return this.#check.movingFiles
  }

  get troubles(): ReadonlyMap<DirectoryPath, PathTrouble> {
    return this.#check.troubles
  }

  /** True when the system refused to watch all directories. */
  get isUnwatched(): boolean {
    return this.#isUnwatched
  }

  /** True when nothing is known that has not been looked at: checked completely, no hints, no moving files. */
  get isSettled(): boolean {
    const isQuiet = !this.#needsFullCheck && this.#hints.isEmpty && !this.#isLooking
    return this.#condition.kind === 'idle' && isQuiet && this.#check.movingFiles === 0
  }

  start(): void {
    this.#running ??= this.#run()
  }

  /** Ends the loop; what was planned stays planned. */
  async stop(): Promise<void> {
    this.#stop.abort()
    this.#wake.ring()
    await this.#running
    await this.#closeWatch()
  }

  /** Checks everything as soon as possible. */
  checkNow(): void {
    this.#needsFullCheck = true
    this.#wake.ring()
  }

  hint(path: DirectoryPath): void {
    const now = this.#options.clock.now()
    if (this.#hints.isEmpty) this.#firstHintAt = now
    this.#lastHintAt = now
    this.#hints.add(path)
    this.#wake.ring()
  }

  /** Whether hides of this folder may go out now; where not, everything is checked soon. */
  checkRoot(): RootVerdict {
    const verdict = this.#check.checkRoot()
    if (verdict.kind === 'held') this.checkNow()
    return verdict
  }

  async #run(): Promise<void> {
    while (!this.#stop.signal.aborted) {
      try {
        await this.#turn()
      } catch (error) {
        if (!isEngineError(error, 'disk_full')) throw error
        this.#options.logger.warn({ code: error.code, folderId: this.folder.folderId }, 'cannot record what was found')
        this.#options.onMachineTrouble(error.code)
        this.#needsFullCheck = true
        await this.#wake.sleep(HELD_RETRY_MS, this.#stop.signal)
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
    const hintsDueAt = this.#hintsDueAt()
    const revisitAt = this.#check.nextRevisitAt()
    if (hintsDueAt !== null && now >= hintsDueAt) await this.#takeHints()
    else if (revisitAt !== null && now >= revisitAt) await this.#checkPaths(this.#check.takeRevisits())
    else await this.#rest(now, [hintsDueAt, revisitAt, this.#nextFullCheckAt])
  }

  /** The clock was set back: every time that was noted lies too far ahead. A full check finds what they stood for. */
  #forgetTimes(now: number): void {
    this.#needsFullCheck = true
    this.#firstHintAt = now
    this.#lastHintAt = now
  }

  async #rest(now: number, times: readonly (number | null)[]): Promise<void> {
    const next = Math.min(...times.filter((at) => at !== null))
    const lookAt = now + ROOT_LOOK_MS
    await this.#wake.sleep(Math.min(next, lookAt) - now, this.#stop.signal)
    const isIdleLook = this.#options.clock.now() >= lookAt && this.#condition.kind === 'idle'
    if (!isIdleLook || this.#stop.signal.aborted || this.checkRoot().kind === 'held') return
    if (this.#watch !== null && this.#watch.rootId !== rootIdOf(this.folder)) this.checkNow()
  }

  #hintsDueAt(): number | null {
    if (this.#hints.isEmpty) return null
    return Math.min(this.#lastHintAt + HINT_QUIET_MS, this.#firstHintAt + HINT_LIMIT_MS)
  }

  async #takeHints(): Promise<void> {
    const hints = this.#hints.take()
    if (hints.kind === 'everything') this.#needsFullCheck = true
    else await this.#checkPaths(hints.paths)
  }

  async #checkPaths(paths: readonly DirectoryPath[]): Promise<void> {
    // Single paths say nothing of a root that is in doubt.
    if (this.#condition.kind === 'held') {
      this.#needsFullCheck = true
      return
    }
    this.#isLooking = true
    try {
      this.#conclude(await this.#check.checkPaths(paths, this.#stop.signal))
    } finally {
      this.#isLooking = false
    }
    this.#options.onPlanned()
    this.#options.onChange()
  }

  async #checkEverything(): Promise<void> {
    const { clock, random } = this.#options
    this.#needsFullCheck = false
    if (this.#condition.kind !== 'held') this.#condition = { kind: 'checking' }
    this.#options.onChange()
    if (this.#check.checkRoot().kind === 'ok') await this.#ensureWatch()
    const verdict = await this.#check.checkEverything(this.#stop.signal)
    if (this.#stop.signal.aborted) return
    // Between 75 % and 125 %, so that many folders, and many machines, do not check in step.
    const every = this.#isUnwatched ? FULL_CHECK_UNWATCHED_MS : FULL_CHECK_MS
    this.#nextFullCheckAt = clock.now() + every * (0.75 + random() / 2)
    if (verdict.kind === 'ok') this.#checkedAt = clock.now()
    this.#conclude(verdict)
    this.#options.onPlanned()
    this.#options.onChange()
  }

  #conclude(verdict: RootVerdict): void {
    const { clock, state, logger } = this.#options
    const { folderId } = this.folder
    const wasHeld = this.#condition.kind === 'held' ? this.#condition : null
    if (verdict.kind === 'ok') {
      this.#condition = { kind: 'idle' }
      if (wasHeld) state.transaction(() => state.activity.append({ at: clock.now(), verb: 'resumed', folderId }))
      return
    }
    const { code } = verdict
    this.#nextFullCheckAt = clock.now() + HELD_RETRY_MS
    if (wasHeld?.code === code) return
    logger.warn({ folderId, code }, 'folder held')
    this.#condition = { kind: 'held', code, since: clock.now() }
    state.transaction(() => state.activity.append({ at: clock.now(), verb: 'held', folderId, code }))
  }

  async #ensureWatch(): Promise<void> {
    if (!this.#options.isWatching) return
    const rootId = rootIdOf(this.folder)
    if (this.#watch !== null && this.#watch.rootId === rootId) return
    // A watch stays with the directory it began with, also when that is moved away or deleted.
    await this.#closeWatch()
    this.#isUnwatched = false
    const watch = watchFolder(
      this.folder.root,
      this.#options.isIgnored,
      (path) => {
        this.hint(path)
      },
      () => {
        this.#isUnwatched = true
      },
    )
    this.#watch = { ...watch, rootId }
    await Promise.race([watch.ready, aborted(this.#stop.signal)])
  }

  async #closeWatch(): Promise<void> {
    const watch = this.#watch
    this.#watch = null
    await watch?.close()
  }
}

/** Device and inode of the root: what tells a directory from another that has taken its name; `none` for none to be seen. */
function rootIdOf({ root }: SyncFolder): string {
  try {
    const { dev, ino } = statSync(root)
    return `${dev}:${ino}`
  } catch {
    return 'none'
  }
}

function aborted(signal: AbortSignal): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<undefined>()
  if (signal.aborted) resolve(undefined)
  signal.addEventListener('abort', () => resolve(undefined), { once: true })
  return promise
}
