/** What a person can do about an error. */
import type { ErrorCode } from '../../../shared/errors.ts'
import type { Texts } from '../../i18n/en.ts'

/** What a person can do about a code, as one button; without one it is looked at once more. */
export type Remedy = keyof Texts['problems']['remedies']

export const remedies: Partial<Readonly<Record<ErrorCode, Remedy>>> = {
  account_not_connected: 'reconnect',
  key_rejected: 'reconnect',
  key_unsupported: 'reconnect',
  capability_missing: 'reconnect',
  bucket_not_allowed: 'reconnect',
  master_key_gone: 'reconnect',
  bucket_missing: 'stop',
  storage_cap_exceeded: 'caps',
  transaction_cap_exceeded: 'caps',
  download_cap_exceeded: 'caps',
  root_replaced: 'acceptRoot',
  root_emptied: 'decide',
  mass_deletion: 'decide',
  mass_emptied: 'decide',
  would_overwrite: 'decide',
  link_opens_more: 'links',
  proxy_refused: 'proxy',
  proxy_unreachable: 'proxy',
}
