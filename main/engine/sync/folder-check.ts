/**
 * Looks at a sync folder, or at some paths of it, and writes down what is there and what has to be done.
 *
 * In: "check everything" or paths from hints. Out: jobs, notices and losses, by way of `look.ts`. Nothing is concluded
 * about what could not be read, what is behind a link, and what is on a drive that is not there.
 */
import { statSync } from 'node:fs'
import type { ErrorCode } from '../../../shared/errors.ts'
import type { RelativePath } from '../../../shared/ids.ts'
import type { SyncFolder } from '../../../shared/model/folder.ts'
import type { Clock } from '../lib/clock.ts'
import { splitRelative, type DirectoryPath } from '../lib/paths.ts'
import type { BaseEntry } from '../model/agreed.ts'
import { stampOf, type Fingerprint } from '../model/entry.ts'
import { isLoss, isOfDirectory, type LocalEntry, type LossKind } from '../model/local.ts'
import { reconcile } from '../plan/reconcile.ts'
import { Listings } from '../scan/absence.ts'
import { holdsFile } from '../scan/holds-file.ts'
import type { IgnoreRule } from '../scan/ignore-rules.ts'
import type { RootVerdict } from '../scan/root-check.ts'
import { isMarker } from '../scan/root-marker.ts'
import { SettleWatch } from '../scan/settle.ts'
import { statBelow } from '../scan/stat-path.ts'
import { walk, type SkippedPath, type WalkStep } from '../scan/walker.ts'
import type { State } from '../state/state.ts'
import { findKnown, isKnownBelow } from './known-file.ts'
import { ListedDirectories } from './listed-directories.ts'
import { Look, type LookOptions } from './look.ts'
import { MovingFiles } from './moving-files.ts'
import { deviceAbove, isBelowAny, type Walked } from './walked.ts'

/** Where names change all the time there is no end to looking for those that moved meanwhile. */
const MAX_SWEEPS = 3

export type FolderCheckOptions = {
  readonly folder: SyncFolder
  readonly isIgnored: IgnoreRule
  readonly state: State
  readonly clock: Clock
  readonly checkRoot: () => RootVerdict
  /** Something was seen that only a check of everything can judge. */
  readonly wantFullCheck: () => void
}

export class FolderCheck {
  #options: FolderCheckOptions
  readonly #settle = new SettleWatch()
  /** Files that are to be looked at again when they have come to rest. */
  readonly moving = new MovingFiles()
  /** How far it is certain that what is lost is under no other name. */
  readonly listed = new ListedDirectories()
  /** Directories that this look has looked into because something in them could not be looked at. */
  readonly #lookedInto = new Set<DirectoryPath>()
  #rootDev = 0
  #hasJobs = true
  #filesSeen = 0

  constructor(options: FolderCheckOptions) {
    this.#options = options
  }

  /** Settings or ignore rules changed. */
  update(changes: Partial<Pick<FolderCheckOptions, 'folder' | 'isIgnored'>>): void {
    this.#options = { ...this.#options, ...changes }
  }

  /** Files seen by the check of everything that is under way, or by the last one. */
  get filesSeen(): number {
    return this.#filesSeen
  }

  /** What is known of files that are not at rest, or were not a moment ago. */
  get settling(): Pick<SettleWatch, 'isRestless' | 'waiting'> {
    return this.#settle
  }

  /** Whether there is any file that is not ignored. */
  holdsFile(): boolean {
    return holdsFile(this.#options.folder.root, this.#options.isIgnored)
  }

  /** Walks the whole folder. An aborted walk concludes nothing about what it has not seen. */
  async checkEverything(signal: AbortSignal, pace: 'brisk' | 'gentle'): Promise<RootVerdict> {
    const look = this.#begin('checked')
    this.#filesSeen = 0
    this.moving.clear()
    this.listed.clear()
    const walked = await this.#walkFrom('', look, signal, pace)
    const isComplete = !signal.aborted && !walked.unknown.has('')
    if (isComplete) {
      this.#loseGoneDirectories('', walked, look)
      this.#settleGoneNotices(walked, look)
      look.settleGone()
    }
    // What moved meanwhile from where the walk came late to where it had been is under neither name.
    const isSeen = isComplete && (await this.#lookWhereNamesChanged(look, signal, 'sure'))
    const verdict = look.finish()
    if (verdict.kind === 'ok') {
      if (isComplete) this.#forgetUnseenLosses()
      if (isSeen) this.listed.noteLook(look.beganAt)
    }
    return verdict
  }

  /** Looks into every directory that has other names than when it was listed: what is lost may be among them, unheard of. */
  async checkElsewhere(signal: AbortSignal): Promise<RootVerdict> {
    const look = this.#begin('elsewhere')
    const isSeen = await this.#lookWhereNamesChanged(look, signal, 'possible')
    const verdict = look.finish()
    if (isSeen && verdict.kind === 'ok') this.listed.noteLook(look.beganAt)
    this.listed.rest(look.beganAt, this.#options.clock.uptime())
    return verdict
  }

  /** Until no names have changed since they were listed, or are changing all the time; false where that was cut short. */
  async #lookWhereNamesChanged(look: Look, signal: AbortSignal, first: 'possible' | 'sure'): Promise<boolean> {
    for (let sweep = 0; sweep < MAX_SWEEPS; sweep += 1) {
      const changed = await this.listed.listChanged(this.#options.folder.root, signal, sweep === 0 ? first : 'sure')
      for (const directory of changed) {
        const { unknown } = await this.#walkFrom(directory, look, signal, 'brisk', (below) => this.listed.has(below))
        if (unknown.has('')) return false
      }
      if (changed.length === 0) break
    }
    return !signal.aborted
  }

  /** Looks at single paths; directories among them are walked. */
  async checkPaths(paths: readonly DirectoryPath[], signal: AbortSignal): Promise<RootVerdict> {
    const look = this.#begin('hinted')
    const listings = new Listings(this.#options.folder.root)
    for (const path of paths) {
      if (signal.aborted) break
      if (path !== '' && !isMarker(path)) await this.#checkPath(path, look, listings, signal)
    }
    return look.finish()
  }

  /** Writes down losses that were looked at a second time. */
  noteLosses(losses: readonly { readonly path: RelativePath; readonly kind: LossKind }[]): RootVerdict {
    const look = this.#begin('lost')
    for (const { path, kind } of losses) look.lose(path, kind)
    return look.finish()
  }

  #begin(cause: LookOptions['cause']): Look {
    const { folder, state, clock, checkRoot } = this.#options
    this.#rootDev = statSync(folder.root, { throwIfNoEntry: false })?.dev ?? 0
    this.#hasJobs = state.jobs.hasAny(folder.folderId)
    this.#lookedInto.clear()
    return new Look({ folder, state, clock, checkRoot, cause })
  }

  async #checkPath(path: RelativePath, look: Look, listings: Listings, signal: AbortSignal): Promise<void> {
    const { folder, state, isIgnored } = this.#options
    const { folderId, root } = folder
    const seen = statBelow(root, path)
    const base = state.base.find(folderId, path)
    const noted = state.local.find(folderId, path)
    switch (seen.kind) {
      case 'file':
        if (isIgnored(path, false)) this.#skip(path, 'ignored', noted, base !== undefined, look)
        else this.#seeFile(path, seen.fingerprint, base, noted, look)
        // A file took the place of a directory.
        this.#loseProven(state.base.listBelow(folderId, path), look, listings)
        return
      case 'directory':
        if (isIgnored(path, true)) {
          this.#skip(path, 'ignored', noted, base !== undefined, look)
          return
        }
        this.#loseGoneDirectories(path, await this.#walkFrom(path, look, signal, 'brisk'), look)
        if (base !== undefined) this.#loseProven([base], look, listings)
        return
      case 'absent': {
        this.#settle.forget(path)
        this.moving.forget(path)
        if (base === undefined) look.settle(path)
        const below = state.base.listBelow(folderId, path)
        this.#loseProven(base === undefined ? below : [base, ...below], look, listings)
        for (const job of state.jobs.listBelow(folderId, path)) {
          if (state.base.find(folderId, job.path) === undefined) look.settle(job.path)
        }
        return
      }
      case 'unreadable': {
        const [directory] = splitRelative(path)
        // The directory says whether it is the file, or all that is beside it, or whether there is no such file at all.
        if (directory === '') this.#block(path, seen.code, look)
        else if (!this.#lookedInto.has(directory)) {
          this.#lookedInto.add(directory)
          await this.#checkPath(directory, look, listings, signal)
        }
        return
      }
      case 'skipped':
        this.#skip(path, seen.reason, noted, base !== undefined, look)
    }
  }

  /** Looks at every file below `start`, and at what base has in each directory. */
  async #walkFrom(
    start: DirectoryPath,
    look: Look,
    signal: AbortSignal,
    pace: 'brisk' | 'gentle',
    leavesOut?: (directory: DirectoryPath) => boolean,
  ): Promise<Walked> {
    const { folder, isIgnored, clock } = this.#options
    const walked: Walked = { visited: new Map(), unknown: new Set() }
    const options = leavesOut === undefined ? { pace, clock } : { pace, clock, leavesOut }
    let listedAt = clock.now()
    for await (const step of walk(folder.root, start, isIgnored, signal, options)) {
      if (step.kind === 'unreadable') {
        walked.unknown.add(step.directory)
        this.listed.noteUnreadable(step.directory)
        if (step.directory === '') continue
        this.#block(step.directory, 'directory_unreadable', look)
        look.doubtLosses(step.directory)
        continue
      }
      walked.visited.set(step.directory, step.dev)
      this.listed.note(step.directory, step.stamp, listedAt)
      listedAt = clock.now()
      for (const { path } of step.skipped) walked.unknown.add(path)
      this.#checkDirectory(step, look)
    }
    if (signal.aborted) walked.unknown.add(start)
    return walked
  }

  #checkDirectory(step: Extract<WalkStep, { kind: 'directory' }>, look: Look): void {
    const { folder, state } = this.#options
    const { folderId } = folder
    const { directory } = step
    const missing = new Map(state.base.listDirectory(folderId, directory).map((entry) => [entry.path, entry]))
    const noted = new Map(state.local.listDirectory(folderId, directory).map((entry) => [entry.path, entry]))
    if (directory !== '' && state.local.find(folderId, directory)?.kind === 'blocked') look.settle(directory)
    for (const { path, fingerprint } of step.files) {
      this.#filesSeen += 1
      this.#seeFile(path, fingerprint, missing.get(path), noted.get(path), look)
      missing.delete(path)
      noted.delete(path)
    }
    for (const { path, reason } of step.skipped) {
      this.#skip(path, reason, noted.get(path), missing.has(path), look)
      missing.delete(path)
      noted.delete(path)
    }
    this.#loseSeen([...missing.values()], step.dev, look)
    for (const entry of noted.values()) {
      // Blocks of directories are settled by those that could be read; losses follow from base.
      if (!isLoss(entry) && !isOfDirectory(entry)) look.settle(entry.path)
    }
  }

  /** One look at one file that is there. */
  #seeFile(
    path: RelativePath,
    fingerprint: Fingerprint,
    base: BaseEntry | undefined,
    noted: LocalEntry | undefined,
    look: Look,
  ): void {
    const { folder, state, clock } = this.#options
    if (noted?.kind === 'kept' && noted.stamp === stampOf(fingerprint)) return
    const remote = base ?? state.remote.find(folder.folderId, path)
    const known = isUnchanged(base, fingerprint) ? {} : findKnown(state, folder.folderId, path, fingerprint)
    const action = reconcile({ base, local: { kind: 'file', fingerprint }, remote, ...known })
    switch (action.kind) {
      case 'none':
        if (fingerprint.dev !== this.#rootDev) look.prove(fingerprint.dev)
        if (noted !== undefined || this.#hasJobs) this.#settlePath(path, noted, look)
        return
      case 'suspect':
        if (noted?.kind === 'blocked' && noted.code === 'file_emptied') return
        look.settle(path)
        this.#block(path, 'file_emptied', look)
        return
      case 'loss':
        look.lose(path, action.reason)
        return
      case 'upload':
      case 'copy': {
        const verdict = this.#settle.judge(path, fingerprint, clock.now())
        if (verdict.kind === 'settled') {
          look.plan(path, action)
          return
        }
        this.moving.put(path, clock.now() + verdict.lookAgainInMs, fingerprint)
        // It is there, whatever it will be: nothing is lost.
        if (isLoss(noted)) look.settle(path)
      }
    }
  }

  #settlePath(path: RelativePath, noted: LocalEntry | undefined, look: Look): void {
    const { folder, state } = this.#options
    if (noted !== undefined || state.jobs.findForPath(folder.folderId, path) !== undefined) look.settle(path)
  }

  #skip(
    path: RelativePath,
    reason: SkippedPath['reason'],
    noted: LocalEntry | undefined,
    isTracked: boolean,
    look: Look,
  ): void {
    const { folder, state, clock } = this.#options
    if (reason === 'unreadable' || reason === 'name-not-utf8') {
      const code = reason === 'unreadable' ? 'file_unreadable' : 'name_not_allowed'
      if (noted?.kind === 'blocked' && noted.code === code) return
      const details = reason === 'unreadable' ? {} : { reason: 'it is not valid UTF-8' }
      look.notice({ path, kind: 'blocked', code, details, since: clock.now() })
      return
    }
    if (noted?.kind === 'skipped' && noted.reason === reason && !isTracked) return
    // What was sent under this name stays tracked behind a link or the like: it may come back. What is ignored does not.
    if (reason === 'ignored' && (isTracked || isKnownBelow(state, folder.folderId, path))) look.untrack(path)
    else look.settle(path)
    look.notice({ path, kind: 'skipped', reason })
  }

  /** Files that a complete listing of their directory does not have. */
  #loseSeen(entries: readonly BaseEntry[], dev: number, look: Look): void {
    for (const { path, fingerprint } of entries) {
      this.#settle.forget(path)
      // What is ignored is tracked no longer, whether it is there or not.
      if (this.#options.isIgnored(path, false)) {
        look.untrack(path)
        continue
      }
      const isOtherDevice = dev !== this.#rootDev
      // The directory is not on the device that the file was on: a drive was disconnected, or one hides the files.
      if (fingerprint.isOtherDevice !== isOtherDevice) look.noticeMissingDrive(path)
      else if (isOtherDevice) look.loseOnDevice(path, dev)
      else look.lose(path, 'absent')
    }
  }

  /** Files that seem to be gone, each with a proof of its own. */
  #loseProven(entries: readonly BaseEntry[], look: Look, listings: Listings): void {
    for (const entry of entries) {
      const proof = listings.prove(entry.path)
      // What was seen before is no evidence where the second look cannot agree.
      if (proof.kind !== 'absent') look.settle(entry.path)
      if (proof.kind === 'unknown' && proof.directory !== '') this.#block(proof.directory, 'directory_unreadable', look)
      if (proof.kind !== 'absent') continue
      if (proof.dev === this.#rootDev) this.#loseSeen([entry], proof.dev, look)
      // Whether another device is the one it was takes more than a look at one path.
      else this.#options.wantFullCheck()
    }
  }

  #block(path: RelativePath, code: ErrorCode, look: Look): void {
    look.notice({ path, kind: 'blocked', code, details: {}, since: this.#options.clock.now() })
  }

  /** Agreed files in directories below `start` that the walk did not find, as far as their absence is certain. */
  #loseGoneDirectories(start: DirectoryPath, { visited, unknown }: Walked, look: Look): void {
    const { folder, state } = this.#options
    for (const directory of state.base.listDirectories(folder.folderId, start)) {
      if (visited.has(directory)) continue
      if (isBelowAny(directory, unknown)) {
        look.doubtLosses(directory)
        continue
      }
      const dev = deviceAbove(directory, visited)
      if (dev !== undefined) this.#loseSeen(state.base.listDirectory(folder.folderId, directory), dev, look)
    }
  }

  /** Of losses that a complete check could not see again nothing is known, whatever an earlier run has seen. */
  #forgetUnseenLosses(): void {
    const { folder, state } = this.#options
    if (state.folders.totals(folder.folderId).lostFiles === 0) return
    state.transaction(() => {
      state.losses.forgetUnseen(folder.folderId)
    })
  }

  /** What was noted in directories that are gone is over. */
  #settleGoneNotices({ visited, unknown }: Walked, look: Look): void {
    const { folder, state } = this.#options
    for (const directory of state.local.listDirectories(folder.folderId)) {
      if (visited.has(directory) || isBelowAny(directory, unknown)) continue
      for (const entry of state.local.listDirectory(folder.folderId, directory)) {
        if (!isLoss(entry)) look.settle(entry.path)
      }
    }
  }
}

function isUnchanged(base: BaseEntry | undefined, fingerprint: Fingerprint): boolean {
  return base?.fingerprint.ino === fingerprint.ino && base.fingerprint.ctimeMs === fingerprint.ctimeMs
}
