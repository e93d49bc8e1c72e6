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
import { splitRelative, toAbsolute, type DirectoryPath } from '../lib/paths.ts'
import type { BaseEntry } from '../model/agreed.ts'
import type { Observation } from '../model/entry.ts'
import { reconcile } from '../plan/reconcile.ts'
import { isIgnored } from '../scan/ignore-rules.ts'
import { checkRoot, type RootVerdict } from '../scan/root-check.ts'
import { SettleWatch } from '../scan/settle.ts'
import { statPath } from '../scan/stat-path.ts'
import { walk, type SkippedPath, type WalkStep } from '../scan/walker.ts'
import type { PlannedAction, State } from '../state/state.ts'

/** A hide waits this long and looks again: programs that save by delete-and-create, and moves, take less. */
const HIDE_DELAY_MS = 2000

/** Hides are written down in groups of this size once the root has been found in order. */
const HIDE_BATCH = 1000

/** Why a path that exists cannot be sent. */
export type PathTrouble = { readonly code: ErrorCode; readonly details: ErrorDetails; readonly since: UnixMs }

export class FolderCheck {
  readonly #folder: SyncFolder
  readonly #state: State
  readonly #clock: Clock
  readonly #settle = new SettleWatch()
  /** Files to look at again, with the time for it. */
  readonly #revisits = new Map<RelativePath, number>()
  readonly #troubles = new Map<RelativePath | '', PathTrouble>()
  #filesSeen = 0

  constructor(folder: SyncFolder, state: State, clock: Clock) {
    this.#folder = folder
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
    return this.#revisits.size === 0 ? null : Math.min(...this.#revisits.values())
  }

  /** Takes the moving files that are due. */
  takeRevisits(): readonly RelativePath[] {
    const now = this.#clock.now()
    const due = [...this.#revisits].filter(([, at]) => at <= now).map(([path]) => path)
    for (const path of due) this.#revisits.delete(path)
    return due
  }

  /** Whether the root may be relied on right now. */
  async checkRoot(signal: AbortSignal): Promise<RootVerdict> {
    const { syncedFiles } = this.#state.folders.totals(this.#folder.folderId)
    return checkRoot(this.#folder.root, syncedFiles, signal)
  }

  /** Walks the whole folder. An aborted walk concludes nothing about what it has not seen. */
  async checkEverything(signal: AbortSignal): Promise<RootVerdict> {
    const verdict = await this.checkRoot(signal)
    if (verdict.kind === 'held') return verdict
    this.#filesSeen = 0
    this.#revisits.clear()
    const troubles = new Map(this.#troubles)
    this.#troubles.clear()
    const { absent, unknown } = await this.#walkFrom('', signal)
    if (signal.aborted) return verdict
    for (const [path, trouble] of troubles) this.#keepSince(path, trouble)
    return this.#hide([...absent, ...this.#goneDirectories('', unknown)], signal)
  }

  /** Looks at single paths; directories among them are walked. */
  async checkPaths(paths: readonly DirectoryPath[], signal: AbortSignal): Promise<RootVerdict> {
    const gone: BaseEntry[] = []
    for (const path of paths) {
      if (signal.aborted) return { kind: 'ok' }
      if (path === '' || isIgnored(path, false)) continue
      gone.push(...(await this.#checkPath(path, signal)))
    }
    return signal.aborted ? { kind: 'ok' } : this.#hide(gone, signal)
  }

  async #checkPath(path: RelativePath, signal: AbortSignal): Promise<readonly BaseEntry[]> {
    const seen = statPath(toAbsolute(this.#folder.root, path))
    const { folderId } = this.#folder
    const base = this.#state.base.find(folderId, path)
    this.#troubles.delete(path)
    switch (seen.kind) {
      case 'file':
        this.#record([this.#plan(path, base, seen)])
        return this.#state.base.listBelow(folderId, path)
      case 'directory': {
        if (isIgnored(path, true)) return []
        const { absent, unknown } = await this.#walkFrom(path, signal)
        return [...(base ? [base] : []), ...absent, ...this.#goneDirectories(path, unknown)]
      }
      case 'absent':
        this.#settle.forget(path)
        this.#revisits.delete(path)
        if (base === undefined) this.#record([this.#plan(path, base, seen)])
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
    const absent: BaseEntry[] = []
    const unknown = new Set<DirectoryPath>()
    const visited = new Set<DirectoryPath>()
    for await (const step of walk(this.#folder.root, start, signal)) {
      if (step.kind === 'unreadable') {
        unknown.add(step.directory)
        this.#addTrouble(step.directory, 'directory_unreadable', {})
        continue
      }
      visited.add(step.directory)
      absent.push(...this.#checkDirectory(step))
      for (const { path, reason } of step.skipped) {
        unknown.add(path)
        this.#noteSkipped(path, reason)
      }
    }
    return { absent, unknown: { visited, unknown } }
  }

  #checkDirectory(step: Extract<WalkStep, { kind: 'directory' }>): readonly BaseEntry[] {
    const missing = new Map(
      this.#state.base.listDirectory(this.#folder.folderId, step.directory).map((entry) => [entry.path, entry]),
    )
    const plans: (PlannedAction | null)[] = []
    for (const { path, fingerprint } of step.files) {
      this.#filesSeen += 1
      plans.push(this.#plan(path, missing.get(path), { kind: 'file', fingerprint }))
      missing.delete(path)
    }
    this.#record(plans)
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

  /** Null when nothing has to be written down: in sync with no job, or not at rest yet. */
  #plan(path: RelativePath, base: BaseEntry | undefined, seen: Observation): PlannedAction | null {
    const action = reconcile(base, seen)
    const now = this.#clock.now()
    if (action.kind === 'upload' && seen.kind === 'file') {
      const verdict = this.#settle.judge(path, seen.fingerprint, now)
      if (verdict.kind === 'not-yet') {
        this.#revisits.set(path, now + verdict.lookAgainInMs)
        return null
      }
    }
    if (action.kind === 'none' && this.#state.jobs.findForPath(this.#folder.folderId, path) === undefined) return null
    return { path, action, notBefore: UnixMs.parse(action.kind === 'hide' ? now + HIDE_DELAY_MS : 0) }
  }

  #record(plans: readonly (PlannedAction | null)[]): void {
    const actions = plans.filter((plan) => plan !== null)
    this.#state.recordPlan(this.#folder.folderId, actions)
  }

  async #hide(gone: readonly BaseEntry[], signal: AbortSignal): Promise<RootVerdict> {
    if (gone.length === 0) return { kind: 'ok' }
    const verdict = await this.checkRoot(signal)
    if (verdict.kind === 'held' || signal.aborted) return verdict
    for (let start = 0; start < gone.length; start += HIDE_BATCH) {
      // Each is looked at once more: between the walk and here it may have come back.
      this.#record(
        gone
          .slice(start, start + HIDE_BATCH)
          .map((base) => this.#plan(base.path, base, statPath(toAbsolute(this.#folder.root, base.path)))),
      )
    }
    return verdict
  }

  #noteSkipped(path: RelativePath, reason: SkippedPath['reason']): void {
    if (reason === 'unreadable') this.#addTrouble(path, 'file_unreadable', {})
    if (reason === 'name-not-utf8') this.#addTrouble(path, 'name_not_allowed', { reason: 'it is not valid UTF-8' })
  }

  #addTrouble(path: DirectoryPath, code: ErrorCode, details: ErrorDetails): void {
    this.#troubles.set(path, { code, details, since: this.#clock.now() })
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
