/** The halves of an application key in pasted text. */

export type PastedKey = { readonly applicationKeyId?: string; readonly applicationKey?: string }

/** A key ID is 25 hex digits (12 for the master key); a key is `K`, three digits and 27 more characters, or 40 to 50 hex digits. */
const keyIdPattern = /(?<![0-9A-Za-z+/])(?:[0-9a-f]{25}|[0-9a-f]{12})(?![0-9A-Za-z+/])/
const keyPattern = /(?<![0-9A-Za-z+/])(?:K\d{3}[0-9A-Za-z+/]{27}|[0-9a-f]{40,50})(?![0-9A-Za-z+/])/

/**
 * Both halves of what was copied from B2's page as a whole, or the one that the text is, so that each can go where it
 * belongs; nothing for any other text.
 */
export function readPastedKey(text: string): PastedKey {
  const keyId = keyIdPattern.exec(text)?.[0]
  const key = keyPattern.exec(text)?.[0]
  if (keyId !== undefined && key !== undefined) return { applicationKeyId: keyId, applicationKey: key }
  if (keyId === text.trim()) return { applicationKeyId: keyId }
  return key === text.trim() ? { applicationKey: key } : {}
}
