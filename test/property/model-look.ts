/**
 * Looks at a `ModelDisk` as `sync/folder-check.ts` looks at a real one, asks `reconcile` about each path, and writes down
 * what follows. Files are always at rest, nothing is ignored, and there are no drives below the root.
 */
import { splitRelative, type DirectoryPath } from '../../main/engine/lib/paths.ts'
import type { JobAction } from '../../main/engine/model/action.ts'
import type { BaseEntry } from '../../main/engine/model/agreed.ts'
import { stampOf, type Fingerprint } from '../../main/engine/model/entry.ts'
import type { LocalEntry, LossKind } from '../../main/engine/model/local.ts'
import { reconcile } from '../../main/engine/plan/reconcile.ts'
import type { State } from '../../main/engine/state/state.ts'
import { findKnown } from '../../main/engine/sync/known-file.ts'
import type { Notice } from '../../main/engine/sync/look.ts'
import type { FolderId, RelativePath, UnixMs } from '../../shared/ids.ts'
import type { ModelDisk } from './model-disk.ts'

export type LookPlace = { readonly state: State; readonly disk: ModelDisk; readonly folderId: FolderId }

/** When the look happens, by the monotonic clock, how much later a second one counts, and until when everything was seen. */
export type LookTime = { readonly uptime: number; readonly deleteDelayMs: number; readonly lookedAt: number }

/** Looks at everything. */
export function lookAtEverything(place: LookPlace, time: LookTime): void {
  const look = new ModelLook(place)
  look.everything()
  look.write(time, 'checked')
  const { state, folderId } = place
  if (state.folders.totals(folderId).lostFiles === 0) return
  state.transaction(() => {
    state.losses.forgetUnseen(folderId)
  })
}

/** Looks at single paths, directories with all that is in them. */
export function lookAtPaths(place: LookPlace, time: LookTime, paths: readonly RelativePath[]): void {
  const look = new ModelLook(place)
  for (const path of paths) look.path(path)
  look.write(time, 'hinted')
}

/** Looks everywhere for what is lost: that finds other names, and confirms no loss. */
export function lookElsewhere(place: LookPlace, time: LookTime): void {
  const look = new ModelLook(place)
  look.everything()
  look.write(time, 'hinted')
}

/** Looks at losses whose second look is due; what is there again gets an ordinary look. */
export function lookAtLosses(place: LookPlace, time: LookTime): readonly RelativePath[] {
  const { state, folderId } = place
  const seenBefore = Math.min(time.uptime - time.deleteDelayMs, time.lookedAt)
  const due = state.losses.listUnconfirmed(folderId, seenBefore, 500)
  const confirmed = due.filter((loss) => isStillLost(place, loss))
  const look = new ModelLook(place)
  for (const { path, kind } of confirmed) look.lose(path, kind)
  look.write(time, 'lost')
  const others = due.filter((loss) => !confirmed.includes(loss)).map(({ path }) => path)
  if (others.length > 0) lookAtPaths(place, time, others)
  return due.map(({ path }) => path)
}

function isStillLost(
  { state, disk, folderId }: LookPlace,
  { path, kind }: { readonly path: RelativePath; readonly kind: LossKind },
): boolean {
  const base = state.base.find(folderId, path)
  if (base === undefined) return false
  if (kind === 'absent') return disk.isAbsent(path)
  const seen = disk.stat(path)
  return (
    seen.kind === 'file' && seen.fingerprint.sizeBytes === 0 && seen.fingerprint.mtimeMs !== base.fingerprint.mtimeMs
  )
}

class ModelLook {
  readonly #place: LookPlace
  readonly #planned: { path: RelativePath; action: JobAction }[] = []
  readonly #settled = new Set<RelativePath>()
  readonly #notices = new Map<RelativePath, Notice>()
  readonly #losses: { path: RelativePath; kind: LossKind }[] = []

  constructor(place: LookPlace) {
    this.#place = place
  }

  everything(): void {
    const { state, folderId } = this.#place
    const walked = this.#walk('')
    this.#loseGoneDirectories('', walked)
    for (const directory of state.local.listDirectories(folderId)) {
      if (walked.visited.has(directory) || isBelowAny(directory, walked.unknown)) continue
      for (const entry of state.local.listDirectory(folderId, directory)) {
        if (entry.kind !== 'absent' && entry.kind !== 'emptied') this.#settle(entry.path)
      }
    }
  }

  path(path: RelativePath): void {
    const { state, disk, folderId } = this.#place
    const seen = disk.stat(path)
    const base = state.base.find(folderId, path)
    const noted = state.local.find(folderId, path)
    switch (seen.kind) {
      case 'file':
        this.#seeFile(path, seen.fingerprint, base, noted)
        this.#loseProven(state.base.listBelow(folderId, path))
        return
      case 'directory':
        this.#loseGoneDirectories(path, this.#walk(path))
        if (base !== undefined) this.#loseProven([base])
        return
      case 'absent': {
        if (base === undefined) this.#settle(path)
        const below = state.base.listBelow(folderId, path)
        this.#loseProven(base === undefined ? below : [base, ...below])
        for (const job of state.jobs.listBelow(folderId, path)) {
          if (state.base.find(folderId, job.path) === undefined) this.#settle(job.path)
        }
        return
      }
      case 'unreadable':
        this.#block(path, 'file_unreadable')
        return
      case 'skipped':
        this.#skip(path, noted, base !== undefined)
    }
  }

  lose(path: RelativePath, kind: LossKind): void {
    this.#losses.push({ path, kind })
  }

  write({ uptime, deleteDelayMs }: LookTime, cause: 'hinted' | 'checked' | 'lost'): void {
    const { state, folderId } = this.#place
    const entries = this.#planned.length + this.#settled.size + this.#notices.size + this.#losses.length
    if (entries === 0) return
    const found = {
      planned: this.#planned,
      settled: [...this.#settled],
      notices: [...this.#notices.values()],
      untracked: [],
      losses: this.#losses,
      seenAt: uptime,
      deleteDelayMs: cause === 'hinted' ? Infinity : deleteDelayMs,
    }
    state.recordLook(folderId, found, cause === 'hinted' ? 'hinted' : 'checked')
  }

  #walk(start: DirectoryPath): Walked {
    const walked: Walked = { visited: new Set(), unknown: new Set() }
    const toVisit: DirectoryPath[] = [start]
    for (let directory = toVisit.pop(); directory !== undefined; directory = toVisit.pop()) {
      const names = this.#place.disk.list(directory)
      if (names === 'none') continue
      if (names === 'unreadable') {
        walked.unknown.add(directory)
        if (directory !== '') this.#block(directory, 'directory_unreadable')
        continue
      }
      walked.visited.add(directory)
      this.#seeDirectory(directory, names, toVisit, walked)
    }
    return walked
  }

  #seeDirectory(
    directory: DirectoryPath,
    names: readonly RelativePath[],
    toVisit: DirectoryPath[],
    walked: Walked,
  ): void {
    const { state, disk, folderId } = this.#place
    const missing = new Map(state.base.listDirectory(folderId, directory).map((entry) => [entry.path, entry]))
    const noted = new Map(state.local.listDirectory(folderId, directory).map((entry) => [entry.path, entry]))
    if (directory !== '' && state.local.find(folderId, directory)?.kind === 'blocked') this.#settle(directory)
    for (const path of names) {
      const seen = disk.stat(path)
      if (seen.kind === 'directory') {
        toVisit.push(path)
        continue
      }
      if (seen.kind === 'file') this.#seeFile(path, seen.fingerprint, missing.get(path), noted.get(path))
      if (seen.kind === 'skipped') {
        walked.unknown.add(path)
        this.#skip(path, noted.get(path), missing.has(path))
      }
      missing.delete(path)
      noted.delete(path)
    }
    for (const path of missing.keys()) this.lose(path, 'absent')
    for (const entry of noted.values()) {
      const isOfDirectory = entry.kind === 'blocked' && entry.code === 'directory_unreadable'
      if (entry.kind !== 'absent' && entry.kind !== 'emptied' && !isOfDirectory) this.#settle(entry.path)
    }
  }

  #seeFile(
    path: RelativePath,
    fingerprint: Fingerprint,
    base: BaseEntry | undefined,
    noted: LocalEntry | undefined,
  ): void {
    const { state, folderId } = this.#place
    if (noted?.kind === 'kept' && noted.stamp === stampOf(fingerprint)) return
    const remote = base ?? state.remote.find(folderId, path)
    const isUnchanged = base?.fingerprint.ino === fingerprint.ino && base.fingerprint.ctimeMs === fingerprint.ctimeMs
    const known = isUnchanged ? {} : findKnown(state, folderId, path, fingerprint)
    const action = reconcile({ base, local: { kind: 'file', fingerprint }, remote, ...known })
    switch (action.kind) {
      case 'none':
        if (noted !== undefined || state.jobs.findForPath(folderId, path) !== undefined) this.#settle(path)
        return
      case 'suspect':
        this.#settle(path)
        this.#block(path, 'file_emptied')
        return
      case 'loss':
        this.lose(path, action.reason)
        return
      case 'upload':
      case 'copy':
        this.#planned.push({ path, action })
    }
  }

  #skip(path: RelativePath, noted: LocalEntry | undefined, isTracked: boolean): void {
    if (noted?.kind === 'skipped' && !isTracked) return
    this.#settle(path)
    this.#notice({ path, kind: 'skipped', reason: 'symlink' })
  }

  #block(path: RelativePath, code: 'file_emptied' | 'file_unreadable' | 'directory_unreadable'): void {
    this.#notice({ path, kind: 'blocked', code, details: {}, since: 1 as UnixMs })
  }

  #notice(notice: Notice): void {
    this.#settled.delete(notice.path)
    this.#notices.set(notice.path, notice)
  }

  #settle(path: RelativePath): void {
    if (!this.#notices.has(path)) this.#settled.add(path)
  }

  #loseProven(entries: readonly BaseEntry[]): void {
    for (const { path } of entries) {
      if (this.#place.disk.isAbsent(path)) this.lose(path, 'absent')
      else this.#settle(path)
    }
  }

  #loseGoneDirectories(start: DirectoryPath, { visited, unknown }: Walked): void {
    const { state, folderId } = this.#place
    for (const directory of state.base.listDirectories(folderId, start)) {
      if (visited.has(directory)) continue
      if (isBelowAny(directory, unknown)) {
        const noted = state.local.listDirectory(folderId, directory)
        for (const { path, kind } of noted) if (kind === 'absent' || kind === 'emptied') this.#settle(path)
        continue
      }
      for (const { path } of state.base.listDirectory(folderId, directory)) this.lose(path, 'absent')
    }
  }
}

/** Directories that were read, and paths about which, and below which, nothing is known. */
type Walked = { readonly visited: Set<DirectoryPath>; readonly unknown: Set<DirectoryPath> }

function isBelowAny(directory: DirectoryPath, set: ReadonlySet<DirectoryPath>): boolean {
  for (let at: DirectoryPath = directory; at !== ''; at = splitRelative(at)[0]) if (set.has(at)) return true
  return set.has('')
}
