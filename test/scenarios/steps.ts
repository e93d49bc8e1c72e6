/** A short word for each step, so that scenarios read as what happens. */
import type { ErrorCode } from '../../shared/errors.ts'
import type { DecisionKind } from '../../shared/model/decision.ts'
import type { FolderSettings } from '../../shared/model/folder.ts'
import type { Fault } from '../b2-emulator/faults.ts'
import type { DiskStep, Expectation, MachineStep, PersonStep, RemoteStep, Step, Tree } from './scenario.ts'

/** Content is that of a program that saves: the file gets a fresh time. */
export const write = (path: string, content: string): DiskStep => ({ do: 'write', path, content })
export const writeKeepingTimes = (path: string, content: string): DiskStep => ({
  do: 'write',
  path,
  content,
  keepsTimes: true,
})
export const append = (path: string, content: string): DiskStep => ({ do: 'append', path, content })
export const appendKeepingTimes = (path: string, content: string): DiskStep => ({
  do: 'append',
  path,
  content,
  keepsTimes: true,
})
export const truncate = (path: string, sizeBytes = 0): DiskStep => ({ do: 'truncate', path, sizeBytes })
export const truncateKeepingTimes = (path: string, sizeBytes = 0): DiskStep => ({
  do: 'truncate',
  path,
  sizeBytes,
  keepsTimes: true,
})
export const touch = (path: string, byHours: number): DiskStep => ({ do: 'touch', path, byHours })
export const chmod = (path: string, mode: number): DiskStep => ({ do: 'chmod', path, mode })
export const rename = (from: string, to: string): DiskStep => ({ do: 'rename', from, to })
export const copy = (from: string, to: string): DiskStep => ({ do: 'copy', from, to })
export const swap = (a: string, b: string): DiskStep => ({ do: 'swap', a, b })
export const remove = (path: string): DiskStep => ({ do: 'remove', path })
export const makeDirectory = (path: string): DiskStep => ({ do: 'make-directory', path })
export const link = (from: string, to: string): DiskStep => ({ do: 'link', from, to })
export const symlink = (path: string, target: string): DiskStep => ({ do: 'symlink', path, target })
export const fifo = (path: string): DiskStep => ({ do: 'fifo', path })
export const socket = (path: string): DiskStep => ({ do: 'socket', path })
export const sparse = (path: string, sizeBytes: number, end: string): DiskStep => ({
  do: 'sparse',
  path,
  sizeBytes,
  end,
})
export const writeRaw = (directory: string, nameHex: string, content: string): DiskStep => ({
  do: 'write-raw',
  directory,
  nameHex,
  content,
})
export const makeUnreadable = (path: string): DiskStep => ({ do: 'make-unreadable', path })
export const makeReadable = (path: string): DiskStep => ({ do: 'make-readable', path })
export const moveOut = (path: string): DiskStep => ({ do: 'move-out', path })
export const moveIn = (path: string): DiskStep => ({ do: 'move-in', path })
export const moveRootAway: DiskStep = { do: 'move-root-away' }
export const bringRootBack: DiskStep = { do: 'bring-root-back' }
export const replaceRoot = (tree: Tree): DiskStep => ({ do: 'replace-root', tree })
export const copyRoot: DiskStep = { do: 'copy-root' }
export const emptyRoot: DiskStep = { do: 'empty-root' }
export const emptyRootAndMarker: DiskStep = { do: 'empty-root', withMarker: true }
export const refillRoot: DiskStep = { do: 'refill-root' }
export const together = (...steps: readonly DiskStep[]): DiskStep => ({ do: 'together', steps })

/** Writes a temporary file beside it and renames that over: how most editors save. */
export const atomicSave = (path: string, content: string, temporary = `${path}.new`): DiskStep =>
  together(write(temporary, content), rename(temporary, path))

export const uploadRemotely = (name: string, content: string): RemoteStep => ({ do: 'upload-remotely', name, content })
export const hideRemotely = (name: string): RemoteStep => ({ do: 'hide-remotely', name })
export const deleteVersionsRemotely = (name: string): RemoteStep => ({ do: 'delete-versions-remotely', name })
export const runLifecycle = (afterDays: number): RemoteStep => ({ do: 'run-lifecycle', afterDays })

export const pause = (what: 'everything' | 'folder' = 'everything', seconds?: number): PersonStep =>
  seconds === undefined ? { do: 'pause', what } : { do: 'pause', what, seconds }
export const resume = (what: 'everything' | 'folder' = 'everything'): PersonStep => ({ do: 'resume', what })
export const checkNow: PersonStep = { do: 'check-now' }
export const set = (settings: Partial<FolderSettings>, confirmation?: string): PersonStep =>
  confirmation === undefined ? { do: 'set', settings } : { do: 'set', settings, confirmation }
export const decide = (kind: DecisionKind, answer: 'apply' | 'keep'): PersonStep => ({ do: 'decide', kind, answer })
export const decideLate = (kind: DecisionKind, answer: 'apply' | 'keep'): PersonStep => ({
  do: 'decide-late',
  kind,
  answer,
})
export const removeFolder: PersonStep = { do: 'remove-folder' }
export const addFolder = (prefix?: string): PersonStep =>
  prefix === undefined ? { do: 'add-folder' } : { do: 'add-folder', prefix }
export const moveFolder: PersonStep = { do: 'move-folder' }
export const changePrefix = (prefix: string): PersonStep => ({ do: 'change-prefix', prefix })
export const acceptRoot: PersonStep = { do: 'accept-root' }
export const refused = (code: ErrorCode, step: PersonStep): Step => ({ do: 'refused', code, step })

export const restart: MachineStep = { do: 'restart' }
export const deleteDatabase: MachineStep = { do: 'delete-database' }
export const keepDatabase: MachineStep = { do: 'keep-database' }
export const restoreDatabase: MachineStep = { do: 'restore-database' }
export const jumpClock = (hours: number): MachineStep => ({ do: 'jump-clock', hours })
export const goOffline: MachineStep = { do: 'go-offline' }
export const goOnline: MachineStep = { do: 'go-online' }
export const failNext = (operation: string, fault: Fault): MachineStep => ({ do: 'fail-next', operation, fault })
export const expireTokens: MachineStep = { do: 'expire-tokens' }
export const untilNoticed: MachineStep = { do: 'until-noticed' }
export const untilCalled = (operation: string, times: number): MachineStep => ({ do: 'until-called', operation, times })
export const letPass = (seconds: number): MachineStep => ({ do: 'let-pass', seconds })

/** By default everything is in the bucket then. */
export const settle = (expect: Expectation = {}): Step => ({ do: 'settle', expect })

/** So many files, named `PREFIX-000` and on, each with content of its own. */
export function manyFiles(prefix: string, count: number): Tree {
  const names = Array.from({ length: count }, (_, i) => `${prefix}-${String(i).padStart(3, '0')}`)
  return Object.fromEntries(names.map((name) => [name, `the content of ${name}\n`]))
}
