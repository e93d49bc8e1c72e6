/**
 * Everything that was dropped on the window, until it has arrived: a few files at once, small ones first, and nothing while
 * everything is paused or held.
 *
 * Written down before anything is promised, so that it goes on after a restart. What time mends is tried again; what needs
 * a person fails and waits for a word.
 */
import { randomUUID } from 'node:crypto'
import { isAbortError, isEngineError, type ErrorCode, type ErrorDetails } from '../../../shared/errors.ts'
import type { AbsolutePath, DropId, UnixMs } from '../../../shared/ids.ts'
import type { B2Client } from '../b2/client.ts'
import { BEFORE_LOOK_MS } from '../b2/send-upload.ts'
import type { Clock } from '../lib/clock.ts'
import { InTurn } from '../lib/in-turn.ts'
import type { Logger } from '../lib/logger.ts'
import { Wake } from '../lib/wake.ts'
import type { Drop, DropPlace, DroppedItem } from '../model/drop.ts'
import { isSoonDone, LARGE_FILE_BYTES } from '../model/job.ts'
import { decideRetry, isForPerson } from '../plan/retry-policy.ts'
import type { State } from '../state/state.ts'
import { asEngineError } from '../transfer/attempts.ts'
import { Drives } from '../transfer/drives.ts'
import type { Lanes } from '../transfer/lanes.ts'
import { cancelUnheardOf, cancelUnneeded } from './begun-uploads.ts'
import { lookAtDropped } from './dropped-item.ts'
import { assertFreePlace } from './free-place.ts'
import { readFolder } from './read-folder.ts'
import { sendDrop } from './send-drop.ts'

/** Files sent at once: enough to fill a line, and few enough to leave room for what is synced. */
const MOST_AT_ONCE = 4

/** What has arrived is remembered for as long as a link to it may last. */
const REMEMBERED_MS = 7 * 86_400_000

export type DropKeeperOptions = {
  /** Canonical; never sent itself. */
  readonly dataFolder: AbsolutePath
  readonly state: State
  readonly clock: Clock
  readonly logger: Logger
  readonly client: (signal: AbortSignal) => Promise<B2Client>
  readonly lanes: Pick<Lanes, 'parts' | 'partCopies' | 'most'>
  /** False while everything is paused or held, or there is no account. */
  readonly isOpen: () => boolean
  readonly holdAll: (code: ErrorCode, details: ErrorDetails) => void
  /** Bytes went out, or a file has arrived. */
  readonly onMoved: (bytes: number, files: number) => void
  readonly onChange: () => void
}

export type RunningDrop = {
  readonly drop: Drop
  readonly startedAt: UnixMs
  sentBytes: number
  /** Bytes of the file that need not be sent. */
  sparedBytes: number
  isCancelled: boolean
  readonly abort: AbortController
}

export class DropKeeper {
  readonly #options: DropKeeperOptions
  readonly #wake: Wake
  readonly #stop = new AbortController()
  readonly #drives: Drives
  readonly #links = new InTurn()
  readonly #names = new InTurn()
  readonly #running = new Map<DropId, RunningDrop>()
  readonly #ends = new Map<DropId, Promise<void>>()
  /** When B2 may be asked what became of an attempt that was broken off, Unix milliseconds; no sooner. */
  readonly #askedFrom = new Map<DropId, number>()
  /** Cancelled while B2 may have begun a large file for them that nobody has heard of. */
  readonly #unheardOf = new Set<Drop>()
  #isCleaningWanted = true
  #stopCleaning = new AbortController()
  #reading: Promise<void> | null = null
  #cleaning: Promise<void> | null = null
  #wasOpen = false
  #loop: Promise<void> | null = null

  constructor(options: DropKeeperOptions) {
    this.#options = options
    this.#wake = new Wake(options.clock)
    this.#drives = new Drives(options.clock)
  }

  /** What is being sent; not what is only about to end because it was cancelled. */
  get running(): ReadonlyMap<DropId, RunningDrop> {
    return new Map([...this.#running].filter(([, { isCancelled }]) => !isCancelled))
  }

  start(): void {
    const { state, clock } = this.#options
    if (this.#loop !== null) return
    this.#loop = this.#run()
    try {
      state.transaction(() => state.drops.clearDone((clock.now() - REMEMBERED_MS) as UnixMs))
    } catch (error) {
      if (!isEngineError(error, 'disk_full')) throw error
    }
  }

  async stop(): Promise<void> {
    this.#stop.abort()
    this.#breakOff()
    await Promise.all([this.#loop, this.#reading, this.#cleaning, ...this.#ends.values()])
  }

  /**
   * Takes what was dropped: all of it is on disk when this returns. Throws `place_is_synced` when some of it would come to
   * lie in the place of a sync folder; then nothing is taken.
   */
  add(paths: readonly AbsolutePath[], place: DropPlace): void {
    const { dataFolder, state, clock } = this.#options
    const items = paths.map((path) => lookAtDropped(path, dataFolder))
    const folders = state.folders.list()
    for (const { path, kind } of items) {
      assertFreePlace(place.bucketId, `${place.prefix}${path}${kind === 'folder' ? '/' : ''}`, folders)
    }
    state.transaction(() => {
      for (const [root, below] of Map.groupBy(items, (item) => item.root))
        this.#addFrom(root, below, place, clock.now())
      const { bucketId, bucketName, bucketType, prefix, onConflict } = place
      state.settings.setLastDropPlace({ bucket: { bucketId, bucketName, bucketType }, prefix, onConflict })
    })
    this.#look()
  }

  /** Forgets something that has not arrived, or all of it; resolves when nothing more of it leaves. */
  async cancel(dropId: DropId | null): Promise<void> {
    const { state } = this.#options
    state.transaction(() => state.drops.remove(dropId))
    const concerned = [...this.#running.values()].filter(({ drop }) => dropId === null || drop.dropId === dropId)
    for (const running of concerned) {
      running.isCancelled = true
      running.abort.abort()
      if (!isSoonDone(running.drop.sizeBytes)) this.#unheardOf.add(running.drop)
    }
    await Promise.all(concerned.flatMap(({ drop }) => this.#ends.get(drop.dropId) ?? []))
    this.#isCleaningWanted = true
    this.#look()
  }

  /** Tries something that failed, or all that did, at once. */
  retry(dropId: DropId | null): void {
    const { state } = this.#options
    state.transaction(() => state.drops.retry(dropId))
    this.#look()
  }

  /** Forgets what has arrived. */
  clearDone(): void {
    const { state } = this.#options
    state.transaction(() => state.drops.clearDone(Number.MAX_SAFE_INTEGER as UnixMs))
    this.#look()
  }

  /** To be called whenever it may have opened or closed; costs next to nothing. */
  checkOpen(): void {
    const isOpen = this.#options.isOpen()
    if (isOpen === this.#wasOpen) return
    this.#wasOpen = isOpen
    if (isOpen) this.#wake.ring()
    else this.#breakOff()
  }

  #breakOff(): void {
    for (const { abort } of this.#running.values()) abort.abort()
    this.#stopCleaning.abort()
    this.#stopCleaning = new AbortController()
  }

  #addFrom(root: AbsolutePath, items: readonly DroppedItem[], place: DropPlace, now: UnixMs): void {
    const { drops } = this.#options.state
    const sourceId = drops.addSource(root, place, randomUUID())
    for (const { path, kind, sizeBytes } of items) {
      if (kind === 'left-out') continue
      const isFolder = kind === 'folder'
      const failure = kind === 'gone' ? { failure: { code: 'dropped_file_gone', at: now } as const } : {}
      drops.add(sourceId, { path, isFolder, sizeBytes, ...failure })
    }
    drops.leaveOut(sourceId, items.filter(({ kind }) => kind === 'left-out').length)
  }

  #look(): void {
    this.#wake.ring()
    this.#options.onChange()
  }

  async #run(): Promise<void> {
    const { clock } = this.#options
    while (!this.#stop.signal.aborted) {
      this.#wasOpen = this.#options.isOpen()
      this.#readFolders()
      this.#clean()
      // One moment for both: what becomes due between two of them would be in neither.
      const lookedAt = clock.now()
      this.#startDue(lookedAt)
      const nextAt = this.#wasOpen ? this.#options.state.drops.nextDueAt(lookedAt) : null
      await this.#wake.sleep(nextAt === null ? null : nextAt - clock.now(), this.#stop.signal)
    }
  }

  #startDue(now: UnixMs): void {
    const { state, lanes } = this.#options
    const room = Math.min(MOST_AT_ONCE, lanes.most ?? MOST_AT_ONCE) - this.#running.size
    if (!this.#wasOpen || room <= 0) return
    const due = state.drops.listDue(now, room + this.#running.size)
    for (const drop of due.filter(({ dropId }) => !this.#running.has(dropId)).slice(0, room)) {
      const end = this.#attempt(drop).finally(() => {
        this.#ends.delete(drop.dropId)
        this.#wake.ring()
      })
      this.#ends.set(drop.dropId, end)
    }
  }

  async #attempt(drop: Drop): Promise<void> {
    const { state, clock, client, lanes, onMoved, onChange } = this.#options
    const abort = new AbortController()
    const startedAt = clock.now()
    const running: RunningDrop = { drop, startedAt, sentBytes: 0, sparedBytes: 0, isCancelled: false, abort }
    this.#running.set(drop.dropId, running)
    const { signal } = abort
    onChange()
    try {
      await this.#waitToAsk(drop.dropId, signal)
      const arrival = await sendDrop(drop, {
        state,
        b2: await client(signal),
        lanes,
        drives: this.#drives,
        links: this.#links,
        names: this.#names,
        folders: () => state.folders.list(),
        signal,
        onProgress: (sentBytes, sparedBytes = 0) => {
          const more = Math.max(0, sentBytes - running.sentBytes)
          running.sentBytes = sentBytes
          running.sparedBytes = sparedBytes
          if (drop.sizeBytes >= LARGE_FILE_BYTES) lanes.parts.moved(more)
          onMoved(more, 0)
          onChange()
        },
      })
      state.transaction(() => {
        state.drops.finish(drop.dropId, arrival, clock.now())
        state.dropUploads.forget(arrival.fileId)
      })
      onMoved(0, 1)
      this.#isCleaningWanted = true
    } catch (error) {
      this.#settleFailure(running, error)
    } finally {
      this.#running.delete(drop.dropId)
      onChange()
    }
  }

  /** What was on its way when it was broken off may need a moment to be stored, and would else be sent a second time. */
  async #waitToAsk(dropId: DropId, signal: AbortSignal): Promise<void> {
    const { clock } = this.#options
    const waitMs = (this.#askedFrom.get(dropId) ?? 0) - clock.now()
    if (waitMs > 0 && waitMs <= BEFORE_LOOK_MS) await clock.sleep(waitMs, signal)
    this.#askedFrom.delete(dropId)
  }

  /** What was broken off waits as before; B2 is asked what has become of it when it is its turn again. */
  #settleFailure({ drop, isCancelled, abort }: RunningDrop, error: unknown): void {
    const { logger, clock } = this.#options
    const { dropId } = drop
    if (isCancelled) return
    if (abort.signal.aborted) this.#askedFrom.set(dropId, clock.now() + BEFORE_LOOK_MS)
    if (abort.signal.aborted || isAbortError(error)) return
    const { code, details, message } = asEngineError(error)
    if (code === 'bug') logger.error({ err: error, dropId }, 'something dropped failed in an unknown way')
    else logger.warn({ code, dropId, reason: message }, 'something dropped failed')
    try {
      this.#apply(drop, code, details)
    } catch (writeError) {
      if (!isEngineError(writeError, 'disk_full')) throw writeError
      this.#options.holdAll(writeError.code, writeError.details)
    }
  }

  #apply({ dropId, attempts }: Drop, code: ErrorCode, details: ErrorDetails): void {
    const { state, clock, holdAll } = this.#options
    const decision = decideRetry(code, attempts)
    if (decision.kind === 'hold-all') {
      holdAll(code, details)
      return
    }
    const now = clock.now()
    if (decision.kind === 'again' && !isForPerson(code)) {
      const notBefore = (now + decision.waitMs) as UnixMs
      state.transaction(() => state.drops.reschedule(dropId, code, details, notBefore))
    } else state.transaction(() => state.drops.fail(dropId, ownCode(code), details, now))
  }

  /** One folder after the other; also while nothing is sent, so that a person sees what there is. */
  #readFolders(): void {
    const { state, clock, dataFolder, onChange, logger, holdAll } = this.#options
    if (this.#reading !== null || state.drops.findFolder() === undefined) return
    const { signal } = this.#stop
    const readAll = async (): Promise<void> => {
      for (let folder = state.drops.findFolder(); folder !== undefined; folder = state.drops.findFolder()) {
        if (signal.aborted) return
        const onRead = (): void => this.#look()
        await readFolder(folder, { state, clock, dataFolder, signal, onChange: onRead })
      }
    }
    this.#reading = readAll()
      .catch((error: unknown) => {
        if (!isEngineError(error)) throw error
        logger.warn({ err: error }, 'a dropped folder could not be read')
        holdAll(error.code, error.details)
      })
      .finally(() => {
        this.#reading = null
        onChange()
      })
  }

  /** Cancels in B2 what nobody goes on with; what fails is left for the next time. */
  #clean(): void {
    const { state, client, logger } = this.#options
    if (!this.#wasOpen || !this.#isCleaningWanted || this.#cleaning !== null) return
    this.#isCleaningWanted = false
    if (this.#unheardOf.size === 0 && state.dropUploads.listUnneeded().length === 0) return
    const { signal } = this.#stopCleaning
    const clean = async (): Promise<void> => {
      const b2 = await client(signal)
      await cancelUnneeded(state, b2, logger, signal)
      for (const drop of [...this.#unheardOf]) {
        await cancelUnheardOf(drop, state, b2, signal)
        this.#unheardOf.delete(drop)
      }
    }
    let hasFailed = false
    this.#cleaning = clean()
      .catch((error: unknown) => {
        hasFailed = true
        this.#isCleaningWanted = true
        if (!signal.aborted) logger.warn({ err: error }, 'large files that were begun could not be cancelled')
      })
      .finally(() => {
        this.#cleaning = null
        // What was cancelled meanwhile has had no turn; what has failed waits for another time.
        if (!hasFailed && this.#isCleaningWanted) this.#wake.ring()
      })
  }
}

/** Nobody looks at the file again by himself, as for one of a sync folder. */
function ownCode(code: ErrorCode): ErrorCode {
  if (code === 'file_changed_while_reading') return 'dropped_file_changed'
  return code === 'file_vanished' ? 'dropped_file_gone' : code
}
