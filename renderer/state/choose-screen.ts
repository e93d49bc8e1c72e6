/** Which of the window's two faces is shown: the set-up flow, or the main frame. */
import type { EngineSnapshot } from '../../shared/model/snapshot.ts'
import type { SetupMode } from './ui-store.ts'

/** Null for the main frame. Without an account the first thing asked for is one; with folders it can be put off. */
export function chooseSetup(
  snapshot: Pick<EngineSnapshot, 'account' | 'folders'>,
  requested: SetupMode | null,
  firstRunOver: boolean,
): SetupMode | null {
  const hasAccount = snapshot.account.kind !== 'none'
  if (!hasAccount && snapshot.folders.length === 0) return 'first-run'
  if (requested !== null) return requested
  if (!hasAccount && !firstRunOver) return 'reconnect'
  const isFirstRun = snapshot.account.kind === 'connected' && snapshot.folders.length === 0 && !firstRunOver
  return isFirstRun ? 'first-run' : null
}
