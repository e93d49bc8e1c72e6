/** Table sync_folders, and the totals that go with each. */
import { ErrorCode } from '../../../shared/errors.ts'
import type { AbsolutePath, FolderId, UnixMs } from '../../../shared/ids.ts'
import { DEFAULT_FOLDER_SETTINGS, FolderSettings, type SyncFolder } from '../../../shared/model/folder.ts'
import type { Pause } from '../../../shared/model/pause.ts'
import type { RootIdentity } from '../model/root.ts'
import type { Db } from './database.ts'

type Row = {
  readonly folder_id: number
  readonly root: string
  readonly bucket_id: string
  readonly bucket_name: string
  readonly bucket_type: string
  readonly prefix: string
  readonly settings: string
  readonly is_paused: number
  readonly paused_until: number | null
  readonly root_dev: number | null
  readonly root_ino: number | null
  readonly marker_id: string | null
  readonly asks_every_loss: number
  readonly held_code: string | null
  readonly held_since: number | null
  readonly listed_at: number | null
}

type TotalsRow = {
  readonly base_files: number
  readonly base_bytes: number
  readonly job_files: number
  readonly job_bytes: number
  readonly loss_files: number
  readonly blocked_files: number
}

/** What is in sync and what is still to do, in files and bytes. */
export type FolderTotals = {
  readonly syncedFiles: number
  readonly syncedBytes: number
  readonly pendingFiles: number
  readonly pendingBytes: number
  /** Files whose content is gone from disk, which B2 still holds. */
  readonly lostFiles: number
  /** Paths that should be sent and cannot. */
  readonly blockedFiles: number
}

/** What the engine remembers about a folder beside its settings. */
export type FolderMemory = {
  /** Null until the root was first looked at. */
  readonly identity: RootIdentity | null
  /** No loss passes the safety gate without a person. */
  readonly asksEveryLoss: boolean
  readonly held: { readonly code: ErrorCode; readonly since: UnixMs } | null
  readonly pause: Pause | null
  /** When the prefix was last listed completely. */
  readonly listedAt: UnixMs | null
}

export function createFolders(db: Db) {
  const all = db.prepare<[], Row>('SELECT * FROM sync_folders ORDER BY folder_id')
  const one = db.prepare<[number], Row>('SELECT * FROM sync_folders WHERE folder_id = ?')
  const add = db.prepare<[string, string, string, string, string, string], Row>(
    `INSERT INTO sync_folders (root, bucket_id, bucket_name, bucket_type, prefix, settings) VALUES (?, ?, ?, ?, ?, ?)
     RETURNING *`,
  )
  const remove = db.prepare('DELETE FROM sync_folders WHERE folder_id = ?')
  const totals = db.prepare<[number], TotalsRow>('SELECT * FROM folder_totals WHERE folder_id = ?')
  const setSettings = db.prepare('UPDATE sync_folders SET settings = ? WHERE folder_id = ?')
  const setRoot = db.prepare('UPDATE sync_folders SET root = ?, root_dev = NULL, root_ino = NULL WHERE folder_id = ?')
  const setPrefix = db.prepare('UPDATE sync_folders SET prefix = ?, listed_at = NULL WHERE folder_id = ?')
  const setIdentity = db.prepare(
    'UPDATE sync_folders SET root_dev = ?, root_ino = ?, marker_id = ? WHERE folder_id = ?',
  )
  const setAsks = db.prepare('UPDATE sync_folders SET asks_every_loss = ? WHERE folder_id = ?')
  const setHeld = db.prepare('UPDATE sync_folders SET held_code = ?, held_since = ? WHERE folder_id = ?')
  const setPause = db.prepare('UPDATE sync_folders SET is_paused = ?, paused_until = ? WHERE folder_id = ?')
  const setListed = db.prepare('UPDATE sync_folders SET listed_at = ? WHERE folder_id = ?')

  return {
    list(): readonly SyncFolder[] {
      return all.all().map(toFolder)
    },
    find(folderId: FolderId): SyncFolder | undefined {
      const row = one.get(folderId)
      return row && toFolder(row)
    },
    add(folder: Omit<SyncFolder, 'folderId'>): SyncFolder {
      const { root, bucketId, bucketName, bucketType, prefix, settings } = folder
      const row = add.get(root, bucketId, bucketName, bucketType, prefix, JSON.stringify(settings))
      if (row === undefined) throw new Error('INSERT returned no row')
      return toFolder(row)
    },
    /** Forgets the folder and everything known about it; touches neither side. */
    remove(folderId: FolderId): void {
      remove.run(folderId)
    },
    totals(folderId: FolderId): FolderTotals {
      const row = totals.get(folderId)
      return {
        syncedFiles: row?.base_files ?? 0,
        syncedBytes: row?.base_bytes ?? 0,
        pendingFiles: row?.job_files ?? 0,
        pendingBytes: row?.job_bytes ?? 0,
        lostFiles: row?.loss_files ?? 0,
        blockedFiles: row?.blocked_files ?? 0,
      }
    },
    memory(folderId: FolderId): FolderMemory {
      const row = one.get(folderId)
      const { root_dev: dev = null, root_ino: ino = null, marker_id: markerId = null } = row ?? {}
      const code = row?.held_code ?? null
      return {
        identity: dev === null || ino === null ? null : { dev, ino, markerId },
        asksEveryLoss: row?.asks_every_loss === 1,
        held: code === null ? null : { code: ErrorCode.parse(code), since: (row?.held_since ?? 0) as UnixMs },
        pause: row?.is_paused === 1 ? { until: row.paused_until as UnixMs | null } : null,
        listedAt: (row?.listed_at ?? null) as UnixMs | null,
      }
    },
    setSettings(folderId: FolderId, settings: FolderSettings): void {
      setSettings.run(JSON.stringify(settings), folderId)
    },
    /** The identity of what was at the root before says nothing of what is there. */
    setRoot(folderId: FolderId, root: AbsolutePath): void {
      setRoot.run(root, folderId)
    },
    setPrefix(folderId: FolderId, prefix: string): void {
      setPrefix.run(prefix, folderId)
    },
    setIdentity(folderId: FolderId, { dev, ino, markerId }: RootIdentity): void {
      setIdentity.run(dev, ino, markerId, folderId)
    },
    setAsksEveryLoss(folderId: FolderId, asks: boolean): void {
      setAsks.run(Number(asks), folderId)
    },
    setHeld(folderId: FolderId, code: ErrorCode | null, since: UnixMs): void {
      setHeld.run(code, code === null ? null : since, folderId)
    },
    setPause(folderId: FolderId, pause: Pause | null): void {
      setPause.run(Number(pause !== null), pause?.until ?? null, folderId)
    },
    setListed(folderId: FolderId, at: UnixMs | null): void {
      setListed.run(at, folderId)
    },
  }
}

function toFolder(row: Row): SyncFolder {
  return {
    folderId: row.folder_id as FolderId,
    root: row.root as AbsolutePath,
    bucketId: row.bucket_id,
    bucketName: row.bucket_name,
    bucketType: row.bucket_type,
    prefix: row.prefix,
    settings: FolderSettings.parse({ ...DEFAULT_FOLDER_SETTINGS, ...(JSON.parse(row.settings) as object) }),
  }
}
