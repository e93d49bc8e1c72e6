/** What a sync folder is doing, as far as its own loop knows. */
import type { ErrorCode } from '../../../shared/errors.ts'
import type { UnixMs } from '../../../shared/ids.ts'

/** Why nothing leaves the folder, and since when. */
export type Held = { readonly code: ErrorCode; readonly since: UnixMs }

export type FolderCondition =
  { readonly kind: 'checking' } | { readonly kind: 'idle' } | ({ readonly kind: 'held' } & Held)
