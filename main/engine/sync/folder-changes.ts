/**
 * What a person may change about sync folders: add, remove, move, point elsewhere, set. Each has a meaning that loses
 * nothing on either side.
 */
import { EngineError } from '../../../shared/errors.ts'
import type { AbsolutePath, FolderId } from '../../../shared/ids.ts'
import {
  changeSettings,
  type FolderSettings,
  type FolderSettingsChange,
  type SyncFolder,
} from '../../../shared/model/folder.ts'
import type { B2Client } from '../b2/client.ts'
import { INTERACTIVE } from '../b2/retry.ts'
import { checkRemoteName } from '../b2/names.ts'
import type { Clock } from '../lib/clock.ts'
import { InTurn } from '../lib/in-turn.ts'
import { toRelative } from '../lib/paths.ts'
import type { State } from '../state/state.ts'
import type { FolderSync } from './folder-sync.ts'
import type { Supervisor } from './supervisor.ts'

export type FolderChangesOptions = {
  readonly dataFolder: AbsolutePath
  readonly state: State
  readonly supervisor: Supervisor
  readonly clock: Clock
  readonly client: (signal: AbortSignal) => Promise<B2Client>
  readonly onChange: () => void
}

export class FolderChanges {
  readonly #options: FolderChangesOptions
  /** One change after the other: each is judged by what the one before has left, also where that asked B2 first. */
  readonly #turns = new InTurn()

  constructor(options: FolderChangesOptions) {
    this.#options = options
  }

  /**
   * Throws `folder_overlaps` when root or place in the bucket meet those of another folder, or Pail's own data;
   * `prefix_not_allowed`; `confirmation_wrong` for the policy `delete`, which only `update` takes.
   */
  add(wanted: Omit<SyncFolder, 'folderId'>, signal: AbortSignal): Promise<SyncFolder> {
    return this.#inTurn(async () => {
      signal.throwIfAborted()
      const { state, clock, supervisor, onChange } = this.#options
      this.#assertApart(wanted, null)
      assertConfirmed(wanted, wanted.settings, undefined)
      await this.#writeLifecycle(wanted, wanted.settings, signal)
      const folder = state.transaction(() => {
        const added = state.folders.add(wanted)
        state.activity.append({ at: clock.now(), verb: 'folder-added', folderId: added.folderId })
        return added
      })
      supervisor.startFolder(folder)
      onChange()
      return folder
    })
  }

  /** Stops syncing; deletes nothing on either side. An unknown id is ignored: it is gone already. */
  remove(folderId: FolderId): Promise<void> {
    return this.#inTurn(async () => {
      const { state, clock, supervisor } = this.#options
      await this.#whileStopped(folderId, () => {
        if (state.folders.find(folderId) !== undefined) {
          state.folders.remove(folderId)
          state.activity.append({ at: clock.now(), verb: 'folder-removed', folderId })
        }
        return null
      })
      if (state.folders.find(folderId) === undefined) supervisor.forgetFolder(folderId)
    })
  }

  /**
   * Changes settings. Throws `confirmation_wrong` unless the policy `delete` is confirmed by the bucket's name, and what
   * writing the lifecycle rule throws.
   */
  update(
    folderId: FolderId,
    changes: FolderSettingsChange,
    confirmation: string | undefined,
    signal: AbortSignal,
  ): Promise<void> {
    return this.#inTurn(async () => {
      signal.throwIfAborted()
      const { state, clock, onChange } = this.#options
      const sync = this.#get(folderId)
      const { folder } = sync
      const settings = changeSettings(folder.settings, changes)
      assertConfirmed(folder, changes, confirmation)
      await this.#writeLifecycle(folder, settings, signal)
      state.transaction(() => {
        state.folders.setSettings(folderId, settings)
        state.activity.append({ at: clock.now(), verb: 'folder-changed', folderId })
      })
      sync.update({ ...folder, settings })
      onChange()
    })
  }

  /** The files are at another place on this machine. Every file that is not there is asked about before it is hidden. */
  moveRoot(folderId: FolderId, root: AbsolutePath): Promise<void> {
    return this.#inTurn(async () => {
      const { state, clock } = this.#options
      const { folder } = this.#get(folderId)
      this.#assertApart({ ...folder, root }, folderId)
      await this.#whileStopped(folderId, () => {
        state.folders.setRoot(folderId, root)
        state.folders.setAsksEveryLoss(folderId, true)
        state.activity.append({ at: clock.now(), verb: 'folder-changed', folderId })
        return { ...folder, root }
      })
    })
  }

  /** Goes on at another place in the bucket; what is at the old one stays there, and nothing of it is known any more. */
  changePrefix(folderId: FolderId, prefix: string, signal: AbortSignal): Promise<void> {
    return this.#inTurn(async () => {
      signal.throwIfAborted()
      const { state, clock } = this.#options
      const { folder } = this.#get(folderId)
      if (prefix === folder.prefix) return
      this.#assertApart({ ...folder, prefix }, folderId)
      await this.#writeLifecycle({ ...folder, prefix }, folder.settings, signal)
      await this.#whileStopped(folderId, () => {
        state.movePrefix(folderId, prefix, clock.now())
        return { ...folder, prefix }
      })
    })
  }

  #inTurn<T>(change: () => Promise<T>): Promise<T> {
    return this.#turns.run('folders', change)
  }

  #get(folderId: FolderId): FolderSync {
    const found = this.#options.supervisor.find(folderId)
    if (found === undefined) throw new EngineError('not_found', `No folder ${folderId}`)
    return found
  }

  /** Changes the records of a folder that does nothing meanwhile; where they cannot be changed it goes on as it was. */
  async #whileStopped(folderId: FolderId, change: () => SyncFolder | null): Promise<void> {
    const { state, supervisor, onChange } = this.#options
    const before = supervisor.find(folderId)?.folder
    await supervisor.stopFolder(folderId)
    try {
      const after = state.transaction(change)
      if (after !== null) supervisor.startFolder(after)
    } catch (error) {
      if (before !== undefined) supervisor.startFolder(before)
      throw error
    } finally {
      onChange()
    }
  }

  #assertApart(wanted: Omit<SyncFolder, 'folderId'>, self: FolderId | null): void {
    const { state, dataFolder } = this.#options
    if (toRelative(dataFolder, wanted.root) !== null) {
      throw new EngineError('folder_overlaps', 'Inside the data folder', { root: dataFolder })
    }
    const refusal = checkRemoteName(`${wanted.prefix}x`)
    if (refusal !== null) throw new EngineError('prefix_not_allowed', refusal, { reason: refusal })
    for (const folder of state.folders.list()) {
      if (folder.folderId === self || !overlaps(folder, wanted)) continue
      throw new EngineError('folder_overlaps', 'Folders overlap', { root: folder.root })
    }
  }

  /** Sets the rule for exactly this prefix where the policy wants one, and takes away the one that an earlier policy set. */
  async #writeLifecycle(
    { bucketId, prefix, settings: before }: Omit<SyncFolder, 'folderId'>,
    settings: FolderSettings,
    signal: AbortSignal,
  ): Promise<void> {
    const { deletionPolicy } = settings
    const wanted = deletionPolicy.kind === 'hide-then-remove' ? deletionPolicy.days : null
    if (wanted === null && before.deletionPolicy.kind !== 'hide-then-remove') return
    const b2 = await this.#options.client(signal)
    await b2.updateBucket(
      bucketId,
      ({ lifecycleRules = [] }) => {
        const mine = lifecycleRules.find(({ fileNamePrefix }) => fileNamePrefix === prefix)
        const others = lifecycleRules.filter((rule) => rule !== mine)
        const rule = { ...mine, fileNamePrefix: prefix, daysFromHidingToDeleting: wanted }
        const isEmpty =
          wanted === null &&
          rule.daysFromUploadingToHiding == null &&
          rule.daysFromStartingToCancelingUnfinishedLargeFiles == null
        return { lifecycleRules: isEmpty ? others : [...others, rule] }
      },
      { signal, patience: INTERACTIVE },
    )
  }
}

/** Two folders may share neither files on disk nor names in the bucket. */
function overlaps(a: Omit<SyncFolder, 'folderId'>, b: Omit<SyncFolder, 'folderId'>): boolean {
  const isNested = toRelative(a.root, b.root) !== null || toRelative(b.root, a.root) !== null
  const isSamePlace = a.bucketId === b.bucketId && (a.prefix.startsWith(b.prefix) || b.prefix.startsWith(a.prefix))
  return isNested || isSamePlace
}

function assertConfirmed(
  { bucketName }: Pick<SyncFolder, 'bucketName'>,
  { deletionPolicy }: FolderSettingsChange,
  confirmation: string | undefined,
): void {
  if (deletionPolicy?.kind !== 'delete' || confirmation === bucketName) return
  throw new EngineError('confirmation_wrong', 'The name of the bucket was not typed', { bucketName })
}
