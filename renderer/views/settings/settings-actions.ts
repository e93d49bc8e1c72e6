/** What people set in the window. Nothing here throws: what fails is told at the edge of the window. */
import type { AbsolutePath, FolderId } from '../../../shared/ids.ts'
import type { FolderSettingsChange } from '../../../shared/model/folder.ts'
import { engine } from '../../client/engine-client.ts'
import { shell } from '../../client/shell-client.ts'
import { attempt } from '../../state/actions.ts'
import { refreshSnapshot } from '../../state/engine-store.ts'

/** Changes what is given; `confirmation` is what was typed to confirm that files are deleted for good. */
export async function changeFolder(
  folderId: FolderId,
  settings: FolderSettingsChange,
  confirmation?: string,
): Promise<boolean> {
  return thenShown(() =>
    engine().updateFolder({ folderId, settings, ...(confirmation === undefined ? {} : { confirmation }) }),
  )
}

/** Asks where the folder is now, and goes on there. */
export async function moveFolder(folderId: FolderId): Promise<void> {
  await thenShown(async () => {
    const root: AbsolutePath | null = await shell.chooseFolder(undefined)
    if (root !== null) await engine().moveFolder({ folderId, root })
  })
}

/** Goes on at another place in the bucket. */
export async function changePrefix(folderId: FolderId, prefix: string): Promise<boolean> {
  return thenShown(() => engine().changePrefix({ folderId, prefix }))
}

/** Null for what works best. */
export async function setMaxTransfers(maxTransfers: number | null): Promise<void> {
  await thenShown(() => engine().setMaxTransfers({ maxTransfers }))
}

/** True when it went well; then the window shows it. */
async function thenShown(change: () => Promise<unknown>): Promise<boolean> {
  return attempt(async () => {
    await change()
    await refreshSnapshot()
  })
}
