/** Which of the window's two faces is shown: the set-up flow, or the main frame. */
import type { EngineSnapshot } from '../../shared/model/snapshot.ts'
import type { SetupMode } from './ui-store.ts'

/** Null for the main frame. Without an account there is nothing else to do than to connect one. */
export function chooseSetup(
  snapshot: Pick<EngineSnapshot, 'account' | 'folders'>,
  requested: SetupMode | null,
  firstRunOver: boolean,
): SetupMode | null {
  if (snapshot.account.kind === 'none') return snapshot.folders.length > 0 ? 'reconnect' : 'first-run'
  if (requested !== null) return requested
  const isFirstRun = snapshot.account.kind === 'connected' && snapshot.folders.length === 0 && !firstRunOver
  return isFirstRun ? 'first-run' : null
}
