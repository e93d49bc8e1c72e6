/** Addresses for downloads by name. */
import { EngineError } from '../../../shared/errors.ts'
import { percentEncode } from './names.ts'
import type { Account } from './types.ts'

export type DownloadUrlOptions = {
  /** A token from `getDownloadAuthorization`; needed unless the bucket is public. */
  readonly authorizationToken?: string | undefined
  /** How a browser should treat the file; must be what the token was asked for. */
  readonly b2ContentDisposition?: string | undefined
  /** The type that it is said to have; the same holds. */
  readonly b2ContentType?: string | undefined
  /** How the address begins instead of as B2 says, such as `https://files.example.com`. */
  readonly origin?: string | undefined
}

/**
 * The address of the newest version of a file, for anything that downloads.
 *
 * Throws `name_not_allowed` for names with a `.` or `..` part: browsers would turn them into another address.
 */
export function downloadUrl(
  account: Pick<Account, 'downloadUrl'>,
  bucketName: string,
  fileName: string,
  { authorizationToken, b2ContentDisposition, b2ContentType, origin }: DownloadUrlOptions = {},
): string {
  if (fileName.split('/').some((segment) => segment === '.' || segment === '..')) {
    const reason = 'one of its parts is "." or ".."'
    throw new EngineError('name_not_allowed', `No address for this name: ${reason}`, { reason })
  }
  const query = Object.entries({ Authorization: authorizationToken, b2ContentDisposition, b2ContentType })
    .filter((entry): entry is [string, string] => entry[1] !== undefined)
    .map(([name, value]) => `${name}=${percentEncode(value).replaceAll('/', '%2F')}`)
    .join('&')
  const address = `${origin ?? account.downloadUrl}/file/${percentEncode(bucketName)}/${percentEncode(fileName)}`
  // A dot at the very end is taken for the end of a sentence, where an address stands in a text.
  return query === '' ? address.replace(/\.$/, '%2E') : `${address}?${query}`
}
