/** `b2://BUCKET/PREFIX` as people type it. */
import { EngineError } from '../../shared/errors.ts'
import { asPrefix } from '../engine/lib/paths.ts'

export type B2Url = { readonly bucketName: string; readonly prefix: string }

/** The prefix comes out empty or with one slash at its end. Throws `bad_request` for anything else than a b2:// URL. */
export function parseB2Url(text: string): B2Url {
  // Not a WHATWG URL: prefixes may hold spaces, `#` and `%` as they are.
  const match = /^b2:\/\/([A-Za-z0-9][A-Za-z0-9.-]{4,61}[A-Za-z0-9])(?:\/(.*))?$/s.exec(text)
  const bucketName = match?.[1]
  if (bucketName === undefined) throw new EngineError('bad_request', `Not a B2 URL: ${text}`)
  return { bucketName, prefix: asPrefix(match?.[2] ?? '') }
}
