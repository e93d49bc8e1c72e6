/**
 * Looks at a sync folder, or at some paths of it, and writes down what has to be done.
 *
 * In: "check everything" or paths from hints. Out: jobs, by way of `state.recordPlan`. Absence leads to a hide only
 * where the parent could be read, and only after the root was found to be there and not emptied.
 */
import type { ErrorCode, ErrorDetails } from '../../../shared/errors.ts'
import { UnixMs, type RelativePath } from '../../../shared/ids.ts'
import type { SyncFolder } from '../../../shared/model/folder.ts'
import type { Clock } from '../lib/clock.ts'
import { splitRelative, type DirectoryPath } from '../lib/paths.ts'
import type { BaseEntry } from '../model/agreed.ts'
import type { Observation } from '../model/entry.ts'
import { reconcile } from '../plan/reconcile.ts'
import type { IgnoreRule } from '../scan/ignore-rules.ts'
import { checkRoot, type RootVerdict } from '../scan/root-check.ts'
import { SettleWatch } from '../scan/settle.ts'
import { statBelow } from '../scan/stat-path.ts'
import { walk, type SkippedPath, type WalkStep } from '../scan/walker.ts'
import type { PlannedAction, State } from '../state/state.ts'

/** A hide waits this long and looks again: programs that save by delete-and-create, and moves, take less. */
const HIDE_DELAY_MS = 2000

/** Plans are written down in groups of this size: each group costs one flush of the disk. */
const PLAN_BATCH = 500

/** Why a path that exists cannot be sent. */
export type PathTrouble = { readonly code: ErrorCode; readonly details: ErrorDetails; readonly since: UnixMs }

export class FolderCheck {
  readonly #folder: SyncFolder
  readonly #state: State
  readonly #clock: Clock
  readonly #isIgnored: IgnoreRule
  readonly #settle = new SettleWatch()
  /** Files to look at again, with the time for it. */
  readonly #revisits = new Map<RelativePath, number>()
  readonly #troubles = new Map<RelativePath | '', PathTrouble>()
  /** What has been planned and is not written down yet. */
  #plans: PlannedAction[] = []
  #cause: 'hinted' | 'checked' = 'checked'
  #filesSeen = 0

  constructor(folder: SyncFolder, isIgnored: IgnoreRule, state: State, clock: Clock) {
    this.#folder = folder
    this.#isIgnored = isIgnored
    this.#state = state
    this.#clock = clock
  }

  /** Files seen by the check of everything that is under way, or by the last one. */
  get filesSeen(): number {
    return this.#filesSeen
  }

  /** Files that are still being written. */
  get movingFiles(): number {
    return this.#revisits.size
  }

  /** Paths that exist and cannot be looked at or sent, and why. */
  get troubles(): ReadonlyMap<RelativePath | '', PathTrouble> {
    return this.#troubles
  }

  /** When the next moving file wants another look; null when none moves. */
  nextRevisitAt(): number | null {
    let next: number | null = null
    for (const at of this.#revisits.values()) if (next === null || at < next) next = at
    return next
  }

  /** Takes the moving files that are due. */
  takeRevisits(): readonly RelativePath[] {
    const now = this.#clock.now()
    const due = [...this.#revisits].filter(([, at]) => at <= now).map(([path]) => path)
    for (const path of due) this.#revisits.delete(path)
    return due
  }

  /** Whether the root may be relied on right now. */
  checkRoot(): RootVerdict {
    const { syncedFiles } = this.#state.folders.totals(this.#folder.folderId)
    return checkRoot(this.#folder.root, syncedFiles, this.#isIgnored)
  }

  /** Walks the whole folder. An aborted walk concludes nothing about what it has not seen. */
  async checkEverything(signal: AbortSignal): Promise<RootVerdict> {
    const verdict = this.checkRoot()
    if (verdict.kind === 'held') return verdict
    this.#filesSeen = 0
    this.#revisits.clear()
    const troubles = new Map(this.#troubles)
    this.#troubles.clear()
    this.#begin('checked')
    const { absent, unknown } = await this.#walkFrom('', signal)
    if (signal.aborted) return verdict
    for (const [path, trouble] of troubles) this.#keepSince(path, trouble)
    return this.#finish([...absent, ...this.#goneDirectories('', unknown)], signal)
  }

  /** Looks at single paths; directories among them are walked. */
  async checkPaths(paths: readonly DirectoryPath[], signal: AbortSignal): Promise<RootVerdict> {
    this.#begin('hinted')
    const gone: BaseEntry[][] = []
    for (const path of paths) {
      if (path !== '') gone.push(await this.#checkPath(path, signal))
      if (signal.aborted) return { kind: 'ok' }
    }
    return this.#finish(gone.flat(), signal)
  }

  /** Looks at one path; returns the agreed files that may be gone. */
  async #checkPath(path: RelativePath, signal: AbortSignal): Promise<BaseEntry[]> {
    const { folderId, root } = this.#folder
    const seen = statBelow(root, path)
    const base = this.#state.base.find(folderId, path)
    this.#forgetTroubles(path)
    switch (seen.kind) {
      case 'file':
        if (this.#isIgnored(path, false)) return []
        this.#plan(path, base, seen)
        return [...this.#state.base.listBelow(folderId, path)]
      case 'directory': {
        if (this.#isIgnored(path, true)) return []
        const { absent, unknown } = await this.#walkFrom(path, signal)
        return [...(base ? [base] : []), ...absent, ...this.#goneDirectories(path, unknown)]
      }
      case 'absent':
        this.#settle.forget(path)
        this.#revisits.delete(path)
        if (base === undefined) this.#plan(path, base, seen)
        for (const job of this.#state.jobs.listBelow(folderId, path)) {
          if (this.#state.base.find(folderId, job.path) === undefined) this.#plan(job.path, undefined, seen)
        }
        return [...(base ? [base] : []), ...this.#state.base.listBelow(folderId, path)]
      case 'unreadable':
        this.#addTrouble(path, seen.code, {})
        return []
      case 'skipped':
        return []
    }
  }

  /** Plans every file below `start`; returns agreed files that are missing, and directories nothing is known about. */
  async #walkFrom(start: DirectoryPath, signal: AbortSignal) {
    const absent: (readonly BaseEntry[])[] = []
    const unknown = new Set<DirectoryPath>()
    const visited = new Set<DirectoryPath>()
    for await (const step of walk(this.#folder.root, start, this.#isIgnored, signal)) {
      if (step.kind === 'unreadable') {
        unknown.add(step.directory)
        this.#addTrouble(step.directory, 'directory_unreadable', {})
        continue
      }
      visited.add(step.directory)
      absent.push(this.#checkDirectory(step))
      for (const { path, reason } of step.skipped) {
        unknown.add(path)
        this.#noteSkipped(path, reason)
      }
    }
    return { absent: absent.flat(), unknown: { visited, unknown } }
  }

  #checkDirectory(step: Extract<WalkStep, { kind: 'directory' }>): readonly BaseEntry[] {
    const missing = new Map(
      this.#state.base.listDirectory(this.#folder.folderId, step.directory).map((entry) => [entry.path, entry]),
    )
    for (const { path, fingerprint } of step.files) {
      this.#filesSeen += 1
      this.#plan(path, missing.get(path), { kind: 'file', fingerprint })
      missing.delete(path)
    }
    for (const { path } of step.skipped) missing.delete(path)
    return [...missing.values()]
  }

  /** Agreed files in directories below `start` that the walk did not find, as far as their absence is certain. */
  #goneDirectories(
    start: DirectoryPath,
    seen: { readonly visited: ReadonlySet<DirectoryPath>; readonly unknown: ReadonlySet<DirectoryPath> },
  ): readonly BaseEntry[] {
    const { folderId } = this.#folder
    return this.#state.base
      .listDirectories(folderId)
      .filter((directory) => start === '' || directory.startsWith(`${start}/`))
      .filter((directory) => !seen.visited.has(directory) && !isBelowAny(directory, seen.unknown))
      .flatMap((directory) => this.#state.base.listDirectory(folderId, directory))
  }

  /** Plans what one look at a path asks for: nothing when it is in sync and has no job, or is not at rest yet. */
  #plan(path: RelativePath, base: BaseEntry | undefined, seen: Observation): void {
    const action = reconcile(base, seen)
    const now = this.#clock.now()
    if (action.kind === 'upload' && seen.kind === 'file') {
      const verdict = this.#settle.judge(path, seen.fingerprint, now)
      if (verdict.kind === 'not-yet') {
        this.#revisits.set(path, now + verdict.lookAgainInMs)
        return
      }
    }
    if (action.kind === 'none' && this.#state.jobs.findForPath(this.#folder.folderId, path) === undefined) return
    this.#plans.push({ path, action, notBefore: UnixMs.parse(action.kind === 'hide' ? now + HIDE_DELAY_MS : 0) })
    if (this.#plans.length >= PLAN_BATCH) this.#record()
  }

  #begin(cause: 'hinted' | 'checked'): void {
    this.#plans = []
    this.#cause = cause
  }

  #record(): void {
    const plans = this.#plans
    this.#plans = []
    this.#state.recordPlan(this.#folder.folderId, plans, this.#cause)
  }

  /** Writes everything down, hides last and only where the root can be relied on. */
  #finish(gone: readonly BaseEntry[], signal: AbortSignal): RootVerdict {
    this.#record()
    if (gone.length === 0) return { kind: 'ok' }
    const verdict = this.checkRoot()
    if (verdict.kind === 'held' || signal.aborted) return verdict
    // Both sides are looked at once more: between the walk and here the file may have come back, or been hidden.
    const { folderId, root } = this.#folder
    for (const { path } of gone) this.#plan(path, this.#state.base.find(folderId, path), statBelow(root, path))
    this.#record()
    return verdict
  }

  #noteSkipped(path: RelativePath, reason: SkippedPath['reason']): void {
    if (reason === 'unreadable') this.#addTrouble(path, 'file_unreadable', {})
    if (reason === 'name-not-utf8') this.#addTrouble(path, 'name_not_allowed', { reason: 'it is not valid UTF-8' })
  }

  #addTrouble(path: DirectoryPath, code: ErrorCode, details: ErrorDetails): void {
    this.#troubles.set(path, { code, details, since: this.#clock.now() })
  }

  /** A look at a path finds anew whatever is wrong there and below. */
  #forgetTroubles(path: RelativePath): void {
    for (const troubled of this.#troubles.keys()) {
      if (troubled === path || troubled.startsWith(`${path}/`)) this.#troubles.delete(troubled)
    }
  }

  #keepSince(path: DirectoryPath, earlier: PathTrouble): void {
    const trouble = this.#troubles.get(path)
    if (trouble?.code === earlier.code) this.#troubles.set(path, earlier)
  }
}

/** True when the directory, or one above it, is in the set. */
function isBelowAny(directory: DirectoryPath, set: ReadonlySet<DirectoryPath>): boolean {
  for (let at: DirectoryPath = directory; at !== ''; at = splitRelative(at)[0]) {
    if (set.has(at)) return true
  }
  return set.has('')
}
