/** Table sync_folders, and the totals that go with each. */
import type { AbsolutePath, FolderId } from '../../../shared/ids.ts'
import type { SyncFolder } from '../../../shared/model/folder.ts'
import type { Db } from './database.ts'

type Row = {
  readonly folder_id: number
  readonly root: string
  readonly bucket_id: string
  readonly bucket_name: string
  readonly bucket_type: string
  readonly prefix: string
}

type TotalsRow = {
  readonly base_files: number
  readonly base_bytes: number
  readonly job_files: number
  readonly job_bytes: number
}

/** What is in sync and what is still to do, in files and bytes. */
export type FolderTotals = {
  readonly syncedFiles: number
  readonly syncedBytes: number
  readonly pendingFiles: number
  readonly pendingBytes: number
}

export function createFolders(db: Db) {
  const all = db.prepare<[], Row>('SELECT * FROM sync_folders ORDER BY folder_id')
  const add = db.prepare<[string, string, string, string, string], Row>(
    'INSERT INTO sync_folders (root, bucket_id, bucket_name, bucket_type, prefix) VALUES (?, ?, ?, ?, ?) RETURNING *',
  )
  const remove = db.prepare('DELETE FROM sync_folders WHERE folder_id = ?')
  const totals = db.prepare<[number], TotalsRow>('SELECT * FROM folder_totals WHERE folder_id = ?')

  return {
    list(): readonly SyncFolder[] {
      return all.all().map(toFolder)
    },
    add(folder: Omit<SyncFolder, 'folderId'>): SyncFolder {
      const { root, bucketId, bucketName, bucketType, prefix } = folder
      const row = add.get(root, bucketId, bucketName, bucketType, prefix)
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
      }
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
  }
}
