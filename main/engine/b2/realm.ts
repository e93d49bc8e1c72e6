/** Which addresses may be talked to: requests carry secrets. */
import { EngineError } from '../../../shared/errors.ts'

/**
 * Throws `realm_not_allowed` unless the address is https, or http to this machine itself. Returns its origin.
 */
export function assertRealmAllowed(realm: string): string {
  const url = URL.parse(realm)
  const isSafe =
    url !== null &&
    url.username === '' &&
    url.password === '' &&
    (url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback(url.hostname)))
  if (!isSafe) throw new EngineError('realm_not_allowed', 'The address is neither https nor on this machine')
  return url.origin
}

function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127(\.\d{1,3}){3}$/.test(hostname)
}
