/** `b2://BUCKET/NAME` of one object, or of a folder. */
import { EngineError } from '../../../shared/errors.ts'

/** The name is empty for a bucket. Throws `bad_request` for anything else than a b2:// URL. */
export function parseObjectUrl(url: string): { readonly bucketName: string; readonly name: string } {
  // Not a WHATWG URL: names may hold spaces, `#` and `%` as they are.
  const [, bucketName, name = ''] = /^b2:\/\/([A-Za-z0-9][A-Za-z0-9.-]{4,61}[A-Za-z0-9])(?:\/(.*))?$/s.exec(url) ?? []
  if (bucketName === undefined) throw new EngineError('bad_request', `Not a B2 URL: ${url}`)
  return { bucketName, name }
}

/** What a receiver sees as the file's name: the last part that is not empty. */
export function lastPart(name: string): string {
  return name.split('/').findLast((part) => part !== '') ?? name
}
