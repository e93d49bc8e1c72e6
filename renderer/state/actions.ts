/** What people do in the window, with the outcome told at its edge. Nothing here throws. */
import type { FolderId, RelativePath } from '../../shared/ids.ts'
import type { TransferChoice } from '../../shared/model/transfer.ts'
import { isEngineError } from '../../shared/errors.ts'
import { pauseEnd, type PauseChoice } from '../../shared/text/pause-text.ts'
import { problemText, type ProblemText } from '../../shared/text/problem-text.ts'
import { engine } from '../client/engine-client.ts'
import { shell } from '../client/shell-client.ts'
import { t } from '../i18n/texts.ts'
import { refreshSnapshot } from './engine-store.ts'
import { endSetup, showToast } from './ui-store.ts'

/** The words for anything that was thrown; what is not an `EngineError` is a fault of ours. */
export function textOfError(error: unknown): ProblemText {
  return isEngineError(error) ? problemText(error.code, error.details) : problemText('bug')
}

/** Runs something and, when it fails, says why at the edge of the window. True when it went well. */
export async function attempt(run: () => Promise<unknown>): Promise<boolean> {
  try {
    await run()
    return true
  } catch (error) {
    const { title, advice } = textOfError(error)
    showToast(`${title}. ${advice}`, 'danger')
    return false
  }
}

export async function showInFolder(folderId: FolderId, path?: RelativePath): Promise<void> {
  await attempt(() => shell.showInFolder(path === undefined ? { folderId } : { folderId, path }))
}

/** Lets transfers go before all others, failed ones once more. */
export async function sendNext(choice: TransferChoice): Promise<void> {
  await attempt(async () => {
    showToast(t.transfers.movedToFront(await engine().sendTransfersNext(choice)))
  })
}

/** Breaks transfers off and leaves them for an hour. */
export async function cancelTransfers(choice: TransferChoice): Promise<void> {
  await attempt(async () => {
    showToast(t.transfers.cancelled(await engine().cancelTransfers(choice)))
  })
}

export async function checkNow(folderId?: FolderId): Promise<void> {
  await attempt(() => engine().checkNow(folderId === undefined ? {} : { folderId }))
}

/** Pauses one folder, or everything. */
export async function pause(choice: PauseChoice, folderId?: FolderId): Promise<void> {
  await attempt(async () => {
    const until = pauseEnd(choice, Date.now())
    await engine().pause(folderId === undefined ? { until } : { folderId, until })
    await refreshSnapshot()
  })
}

/** Ends the pause of one folder, or that of everything. */
export async function resume(folderId?: FolderId): Promise<void> {
  await attempt(async () => {
    await engine().resume(folderId === undefined ? {} : { folderId })
    await refreshSnapshot()
  })
}

export async function acceptRoot(folderId: FolderId): Promise<void> {
  await attempt(async () => {
    await engine().acceptRoot({ folderId })
    await refreshSnapshot()
  })
}

export async function removeFolder(folderId: FolderId): Promise<boolean> {
  return attempt(async () => {
    await engine().removeFolder({ folderId })
    await refreshSnapshot()
  })
}

export async function disconnect(): Promise<boolean> {
  return attempt(async () => {
    await engine().disconnectAccount(undefined)
    // Who disconnects wants to see that it is so, not to be asked for a key at once.
    endSetup()
    await refreshSnapshot()
  })
}
