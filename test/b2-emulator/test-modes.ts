/**
 * `X-Bz-Test-Mode`: what a client may ask B2 to do to it. B2 says only "some"; here it is a share drawn from the
 * emulator's seed, so the same calls in the same order meet the same fate.
 */
import type { IncomingMessage } from 'node:http'
import { B2Error } from './errors.ts'

/** Of the uploads under `fail_some_uploads`, how many fail. */
const FAILING_SHARE = 0.25
/** Of the tokens under `expire_some_account_authorization_tokens`, how many expire early, and after how many calls. */
const EXPIRING_SHARE = 0.5
const CALLS_BEFORE_EXPIRY = 5

const UPLOADS = new Set(['upload_file', 'upload_part'])
/** The calls that need room, and the code each is documented to refuse it with. */
const CAP_CODES: Readonly<Record<string, string>> = {
  get_upload_url: 'storage_cap_exceeded',
  get_upload_part_url: 'storage_cap_exceeded',
  upload_file: 'cap_exceeded',
  upload_part: 'cap_exceeded',
  copy_file: 'cap_exceeded',
  copy_part: 'cap_exceeded',
}

/** Throws what `fail_some_uploads` or `force_cap_exceeded` means for this call; nothing for any other call or mode. */
export function meetTestMode(req: IncomingMessage, operation: string, random: () => number): void {
  const mode = req.headers['x-bz-test-mode']
  if (mode === 'fail_some_uploads' && UPLOADS.has(operation) && random() < FAILING_SHARE) {
    throw new B2Error(503, 'service_unavailable', 'no tomes available')
  }
  const capCode = mode === 'force_cap_exceeded' ? CAP_CODES[operation] : undefined
  if (capCode !== undefined) throw new B2Error(403, capCode, 'Cannot upload files, storage cap exceeded')
}

/** How many calls the token of this `b2_authorize_account` is good for. */
export function callsOfNewToken(req: IncomingMessage, random: () => number): number {
  const isExpiring = req.headers['x-bz-test-mode'] === 'expire_some_account_authorization_tokens'
  return isExpiring && random() < EXPIRING_SHARE ? CALLS_BEFORE_EXPIRY : Infinity
}
