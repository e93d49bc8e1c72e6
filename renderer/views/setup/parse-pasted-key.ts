/** Both halves of an application key in one pasted text. */

export type PastedKey = { readonly applicationKeyId: string; readonly applicationKey: string }

/** A key ID is 25 hex digits (12 for the master key); a key is `K`, three digits and 27 more characters, or 40 to 50 hex digits. */
const keyIdPattern = /(?<![0-9A-Za-z+/])(?:[0-9a-f]{25}|[0-9a-f]{12})(?![0-9A-Za-z+/])/
const keyPattern = /(?<![0-9A-Za-z+/])(?:K\d{3}[0-9A-Za-z+/]{27}|[0-9a-f]{40,50})(?![0-9A-Za-z+/])/

/** Finds key ID and key in what was copied from B2's page as a whole; null when it is not clearly both. */
export function parsePastedKey(text: string): PastedKey | null {
  const keyId = keyIdPattern.exec(text)?.[0]
  const key = keyPattern.exec(text)?.[0]
  return keyId === undefined || key === undefined ? null : { applicationKeyId: keyId, applicationKey: key }
}
