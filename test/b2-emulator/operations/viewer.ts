import type { Viewer } from '../views.ts'
import type { ApiCall } from './operation.ts'

/** The caller as the JSON views need it. */
export function viewerOf(call: ApiCall): Viewer {
  return { accountId: call.world.store.accountId, key: call.key, apiVersion: call.apiVersion }
}
