/**
 * What a person may change about sync folders: add, remove, move, point elsewhere, set. Each has a meaning that loses
 * nothing on either side.
 */
import { EngineError } from '../../../shared/errors.ts'
import type { AbsolutePath, FolderId } from '../../../shared/ids.ts'
import { placesMeet } from '../../../shared/model/key.ts'
import {
  changeSettings,
  type FolderSettings,
  type FolderSettingsChange,
  type SyncFolder,
} from '../../../shared/model/folder.ts'
import type { B2Client } from '../b2/client.ts'
import { INTERACTIVE } from '../b2/retry.ts'
import { checkRemoteName } from '../b2/names.ts'
import type { LifecycleRule } from '../b2/types.ts'
import type { Clock } from '../lib/clock.ts'
import { InTurn } from '../lib/in-turn.ts'
import { toRelative } from '../lib/paths.ts'
import { checkNoSharePlace } from '../model/share-place.ts'
import type { State } from '../state/state.ts'
import type { FolderSync } from './folder-sync.ts'
import { withRemoval } from './lifecycle-rules.ts'
import type { Supervisor } from './supervisor.ts'

export type FolderChangesOptions = {
  readonly dataFolder: AbsolutePath
  readonly state: State
  readonly supervisor: Supervisor
  readonly clock: Clock
  readonly client: (signal: AbortSignal) => Promise<B2Client>
  readonly onChange: () => void
}

export type NewFolder = Omit<SyncFolder, 'folderId'>

export type AddTerms = {
  /** For the policy `delete`: the name of the bucket, as a person typed it. */
  readonly confirmation?: string | undefined
  readonly signal: AbortSignal
  /** Whose key sets lifecycle rules; the connected one when absent. */
  readonly client?: (signal: AbortSignal) => B2Client | Promise<B2Client>
  /** Gets every folder there will be. */
  readonly beforeRecorded?: ((folders: readonly NewFolder[]) => Promise<void>) | undefined
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
   * `prefix_not_allowed`; `confirmation_wrong` for the policy `delete`, which takes a confirmation.
   */
  async add(wanted: NewFolder, signal: AbortSignal): Promise<SyncFolder> {
    const [added] = await this.addAll([wanted], { signal })
    if (added === undefined) throw new Error('nothing was added')
    return added
  }

  /** Adds all of them or none; throws what `add` throws. Nothing is recorded before `beforeRecorded` has succeeded. */
  addAll(wanted: readonly NewFolder[], terms: AddTerms): Promise<readonly SyncFolder[]> {
    return this.#inTurn(async () => {
      const { confirmation, signal, beforeRecorded } = terms
      signal.throwIfAborted()
      const { state, clock, supervisor, onChange } = this.#options
      const known = state.folders.list()
      for (const [i, folder] of wanted.entries()) {
        this.#assertApart(folder, [...known, ...wanted.slice(0, i)])
        assertConfirmed(folder, folder.settings, confirmation)
      }
      const ruled = wanted.filter(({ settings }) => removalDays(settings) !== null)
      for (const bucketId of new Set(ruled.map((folder) => folder.bucketId))) {
        const changes = ruled
          .filter((folder) => folder.bucketId === bucketId)
          .map(({ prefix, settings }) => ({ prefix, days: removalDays(settings) }))
        await this.#writeRules(bucketId, changes, terms)
      }
      await beforeRecorded?.([...known, ...wanted])
      const added = state.transaction(() =>
        wanted.map((folder) => {
          const one = state.folders.add(folder)
          state.activity.append({ at: clock.now(), verb: 'folder-added', folderId: one.folderId })
          return one
        }),
      )
      for (const folder of added) supervisor.startFolder(folder)
      onChange()
      return added
    })
  }

  /** Throws `folder_overlaps` when the root meets that of a sync folder, one of `besides`, or Pail's own data. */
  checkRoot(root: AbsolutePath, besides: readonly AbsolutePath[]): void {
    const synced = this.#options.state.folders.list().map((folder) => folder.root)
    this.#assertRootFree(root, [...synced, ...besides])
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
      const { state, clock, supervisor, onChange } = this.#options
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
      if (settings.priority !== folder.settings.priority) supervisor.scheduler.reorder()
      supervisor.hoursChanged()
      onChange()
    })
  }

  /** The files are at another place on this machine. Every file that is not there is asked about before it is hidden. */
  moveRoot(folderId: FolderId, root: AbsolutePath): Promise<void> {
    return this.#inTurn(async () => {
      const { state, clock } = this.#options
      const { folder } = this.#get(folderId)
      this.#assertApart({ ...folder, root }, this.#others(folderId))
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
      this.#assertApart({ ...folder, prefix }, this.#others(folderId))
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

  #others(folderId: FolderId): readonly SyncFolder[] {
    return this.#options.state.folders.list().filter((folder) => folder.folderId !== folderId)
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

  #assertRootFree(root: AbsolutePath, others: readonly AbsolutePath[]): void {
    const { dataFolder } = this.#options
    if (toRelative(dataFolder, root) !== null) {
      throw new EngineError('folder_overlaps', 'Inside the data folder', { root: dataFolder })
    }
    const other = others.find((one) => areNested(one, root))
    if (other !== undefined) throw new EngineError('folder_overlaps', 'Folders overlap', { root: other })
  }

  #assertApart(wanted: NewFolder, others: readonly NewFolder[]): void {
    this.#assertRootFree(
      wanted.root,
      others.map(({ root }) => root),
    )
    // What lies there is passed over by every listing of a folder.
    const refusal = checkRemoteName(`${wanted.prefix}x`) ?? checkNoSharePlace(wanted.prefix)
    if (refusal !== null) throw new EngineError('prefix_not_allowed', refusal, { reason: refusal })
    const other = others.find(
      ({ bucketId, prefix }) => bucketId === wanted.bucketId && placesMeet(prefix, wanted.prefix),
    )
    if (other !== undefined) throw new EngineError('folder_overlaps', 'Places overlap', { root: other.root })
  }

  /** Sets the rule for exactly this prefix where the policy wants one, and takes away the one that an earlier policy set. */
  async #writeLifecycle(
    { bucketId, prefix, settings: before }: NewFolder,
    settings: FolderSettings,
    signal: AbortSignal,
  ): Promise<void> {
    const days = removalDays(settings)
    if (days === null && removalDays(before) === null) return
    await this.#writeRules(bucketId, [{ prefix, days }], { signal })
  }

  async #writeRules(
    bucketId: string,
    changes: readonly { readonly prefix: string; readonly days: number | null }[],
    { signal, client = this.#options.client }: Pick<AddTerms, 'signal' | 'client'>,
  ): Promise<void> {
    const b2 = await client(signal)
    await b2.updateBucket(
      bucketId,
      ({ lifecycleRules: before = [] }) => {
        const rules = changes.reduce<readonly LifecycleRule[]>(
          (so, { prefix, days }) => withRemoval(so, prefix, days),
          before,
        )
        return rules === before ? {} : { lifecycleRules: rules }
      },
      { signal, patience: INTERACTIVE },
    )
  }
}

/** The days after which B2 removes what was hidden; null where it never does. */
function removalDays({ deletionPolicy }: FolderSettings): number | null {
  return deletionPolicy.kind === 'hide-then-remove' ? deletionPolicy.days : null
}

function areNested(a: AbsolutePath, b: AbsolutePath): boolean {
  return toRelative(a, b) !== null || toRelative(b, a) !== null
}

function assertConfirmed(
  { bucketName }: Pick<SyncFolder, 'bucketName'>,
  { deletionPolicy }: FolderSettingsChange,
  confirmation: string | undefined,
): void {
  if (deletionPolicy?.kind !== 'delete' || confirmation === bucketName) return
  throw new EngineError('confirmation_wrong', 'The name of the bucket was not typed', { bucketName })
}
