/**
 * Gathers what one look at a folder finds and writes it down in batches.
 *
 * Losses are written only after the root was found to be there once more: a drive that goes away during a walk makes
 * everything look absent.
 */
import type { RelativePath } from '../../../shared/ids.ts'
import type { SyncFolder } from '../../../shared/model/folder.ts'
import type { Clock } from '../lib/clock.ts'
import { splitRelative, type DirectoryPath } from '../lib/paths.ts'
import type { JobAction } from '../model/action.ts'
import { isLoss, type LocalEntry, type LossKind } from '../model/local.ts'
import type { RootVerdict } from '../scan/root-check.ts'
import { statBelow } from '../scan/stat-path.ts'
import type { State } from '../state/state.ts'

/** What is found is written down in groups of this size: each group costs one flush of the disk. */
const BATCH = 500

export type Notice = Exclude<LocalEntry, { readonly kind: LossKind }>

export type LookOptions = {
  readonly folder: SyncFolder
  readonly state: State
  readonly clock: Clock
  readonly checkRoot: () => RootVerdict
  /**
   * What started the look: hints about these very paths, a check of everything, or losses: those that may be elsewhere, and
   * those whose second look is due. Only checks of everything and second looks confirm a loss: the hint about the other name
   * it has by now may be lost.
   */
  readonly cause: 'hinted' | 'checked' | 'elsewhere' | 'lost'
}

export class Look {
  readonly #options: LookOptions
  #planned: { path: RelativePath; action: JobAction }[] = []
  #settled = new Set<RelativePath>()
  #notices = new Map<RelativePath, Notice>()
  #untracked: RelativePath[] = []
  #losses: { path: RelativePath; kind: LossKind }[] = []
  /** Losses on devices below the root, by device: whether it is the same drive as before is known at the end. */
  readonly #onDevices = new Map<number, RelativePath[]>()
  readonly #proven = new Set<number>()
  #verdict: RootVerdict | null = null
  /** By the monotonic clock. */
  readonly beganAt: number

  constructor(options: LookOptions) {
    this.#options = options
    this.beganAt = options.clock.uptime()
  }

  plan(path: RelativePath, action: JobAction): void {
    this.#planned.push({ path, action })
    this.#flushWhenFull()
  }

  /** The path is as base says, or is of no interest: what was noted or planned about it is over. */
  settle(path: RelativePath): void {
    if (!this.#notices.has(path)) this.#settled.add(path)
    this.#flushWhenFull()
  }

  notice(notice: Notice): void {
    this.#settled.delete(notice.path)
    this.#notices.set(notice.path, notice)
    this.#flushWhenFull()
  }

  /** The path, and all below it, is tracked no longer. */
  untrack(path: RelativePath): void {
    this.#untracked.push(path)
    this.#flushWhenFull()
  }

  lose(path: RelativePath, kind: LossKind): void {
    this.#losses.push({ path, kind })
    this.#flushWhenFull()
  }

  /** A loss on a device below the root, which counts only where `prove` shows that the device is the one it was. */
  loseOnDevice(path: RelativePath, dev: number): void {
    const paths = this.#onDevices.get(dev) ?? []
    paths.push(path)
    this.#onDevices.set(dev, paths)
  }

  /** What was seen before is no evidence where this look could not agree: the directory could not be read. */
  doubtLosses(directory: DirectoryPath): void {
    const { folder, state } = this.#options
    for (const entry of state.local.listDirectory(folder.folderId, directory)) {
      if (isLoss(entry)) this.settle(entry.path)
    }
  }

  /**
   * What is on its way to the bucket for the first time and is not there any more: whoever ends that looks at the path
   * once more, for nobody else would miss it.
   */
  settleGone(): void {
    const { folder, state } = this.#options
    for (const path of state.jobs.listUnderWay(folder.folderId)) {
      if (state.base.find(folder.folderId, path) !== undefined) continue
      if (statBelow(folder.root, path).kind === 'absent') this.settle(path)
    }
  }

  /** A file of this device is exactly as it was. */
  prove(dev: number): void {
    this.#proven.add(dev)
  }

  /** Writes down the rest, and says whether the root was there at the end. */
  finish(): RootVerdict {
    for (const [dev, paths] of this.#onDevices) {
      for (const path of paths) {
        if (this.#proven.has(dev)) this.lose(path, 'absent')
        else this.noticeMissingDrive(path)
      }
    }
    this.#flush()
    return this.#verdict ?? this.#options.checkRoot()
  }

  /** The drive that held the file is not there: its directory is blocked. */
  noticeMissingDrive(path: RelativePath): void {
    const [directory] = splitRelative(path)
    // What was seen of it before proves nothing.
    this.settle(path)
    if (directory === '' || this.#notices.has(directory)) return
    const since = this.#options.clock.now()
    this.notice({ path: directory, kind: 'blocked', code: 'drive_missing', details: {}, since })
  }

  #flushWhenFull(): void {
    const waiting =
      this.#planned.length + this.#settled.size + this.#notices.size + this.#untracked.length + this.#losses.length
    if (waiting >= BATCH) this.#flush()
  }

  #flush(): void {
    const { folder, state, clock, checkRoot, cause } = this.#options
    const seenAt = clock.uptime()
    // A check has to begin after the delay: what it has seen before may have moved there since.
    const confirmsAfterMs = folder.settings.deleteDelaySeconds * 1000 + seenAt - this.beganAt
    let losses = this.#losses
    if (losses.length > 0) {
      const verdict = checkRoot()
      if (verdict.kind === 'held') {
        this.#verdict = verdict
        losses = []
      }
    }
    const look = {
      planned: this.#planned,
      settled: [...this.#settled],
      notices: [...this.#notices.values()],
      untracked: this.#untracked,
      losses,
      seenAt,
      deleteDelayMs: cause === 'checked' || cause === 'lost' ? confirmsAfterMs : Infinity,
    }
    this.#planned = []
    this.#settled = new Set()
    this.#notices = new Map()
    this.#untracked = []
    this.#losses = []
    const isEmpty =
      look.planned.length + look.settled.length + look.notices.length + look.untracked.length + losses.length === 0
    if (!isEmpty) state.recordLook(folder.folderId, look, cause === 'hinted' ? 'hinted' : 'checked')
  }
}
