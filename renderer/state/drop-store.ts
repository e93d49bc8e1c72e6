/** What a person has dropped on the window, or chosen, and not yet sent off: there is one question about it at a time. */
import { create } from 'zustand'
import type { AbsolutePath } from '../../shared/ids.ts'
import type { OnConflict } from '../../shared/model/drop.ts'
import { MOST_DROPPED } from '../../shared/model/drop.ts'
import type { DropId } from '../../shared/ids.ts'
import { engine } from '../client/engine-client.ts'
import { shell } from '../client/shell-client.ts'
import { t } from '../i18n/texts.ts'
import { attempt } from './actions.ts'
import { refreshSnapshot } from './engine-store.ts'
import { showToast, showView } from './ui-store.ts'

type DropStore = { readonly asked: readonly AbsolutePath[] | null }

export const useDropStore = create<DropStore>(() => ({ asked: null }))

/** Asks where these should go. */
export function askAboutDrop(paths: readonly AbsolutePath[]): void {
  if (paths.length === 0) return
  if (paths.length > MOST_DROPPED) showToast(t.drops.tooMany(MOST_DROPPED), 'danger')
  else useDropStore.setState({ asked: paths })
}

export function closeDrop(): void {
  useDropStore.setState({ asked: null })
}

/** Has the system ask for files, or for folders. */
export async function chooseToDrop(isFolders: boolean): Promise<void> {
  await attempt(async () => {
    askAboutDrop(await shell.chooseToDrop({ isFolders }))
  })
}

type DropWish = { readonly bucketId: string; readonly prefix: string; readonly onConflict: OnConflict }

/** Sends them off and shows them on their way. Throws what the engine throws. */
export async function sendDropped(paths: readonly AbsolutePath[], wish: DropWish): Promise<void> {
  await engine().addDrops({ paths: [...paths], ...wish })
  closeDrop()
  showView('transfers')
  await refreshSnapshot()
}

/** Without an id everything that has not arrived. */
export async function cancelDrop(dropId?: DropId): Promise<void> {
  await attempt(async () => {
    await engine().cancelDrop(dropId === undefined ? {} : { dropId })
    await refreshSnapshot()
  })
}

/** Without an id everything that failed. */
export async function retryDrop(dropId?: DropId): Promise<void> {
  await attempt(async () => {
    await engine().retryDrop(dropId === undefined ? {} : { dropId })
    await refreshSnapshot()
  })
}

export async function clearFinishedDrops(): Promise<void> {
  await attempt(async () => {
    await engine().clearFinishedDrops(undefined)
    await refreshSnapshot()
  })
}
