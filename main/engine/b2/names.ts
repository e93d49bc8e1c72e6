/** File names on the wire: their percent-encoding, the rules for new ones, and the order B2 lists them in. */
import { MAX_NAME_BYTES, MAX_NAME_SEGMENT_BYTES } from './limits.ts'

/**
 * Encodes a name or an info value for a header or a path: every byte but `A-Za-z0-9-._~` and `/` as `%XX`.
 *
 * B2 takes a few more characters raw, but reads a raw `+` as a space. Throws URIError for lone surrogates.
 */
export function percentEncode(text: string): string {
  return encodeURIComponent(text)
    .replace(/[!'()*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`)
    .replaceAll('%2F', '/')
}

/** Decodes a name or an info value from a response header, where `+` is a space. Throws URIError for broken escapes. */
export function percentDecode(text: string): string {
  return decodeURIComponent(text.replaceAll('+', ' '))
}

/**
 * Why a name must not be created in B2, as a half sentence that follows "because"; null for a good name.
 *
 * This is B2's rule of before 2020, which other clients still need; B2 itself now refuses only empty names, control
 * characters, and names over 1,024 bytes. What is listed may break it.
 */
export function checkRemoteName(name: string): string | null {
  if (name === '') return 'it is empty'
  if (!name.isWellFormed()) return 'it is not valid Unicode'
  // eslint-disable-next-line no-control-regex
  if (/[\u0000-\u001f\u007f]/.test(name)) return 'it contains a control character'
  if (Buffer.byteLength(name) > MAX_NAME_BYTES) return 'it is longer than 1,024 bytes'
  if (name.startsWith('/')) return 'it starts with a slash'
  if (name.endsWith('/')) return 'it ends with a slash'
  if (name.includes('//')) return 'it contains two slashes in a row'
  for (const segment of name.split('/')) {
    // Addresses are normalised on their way: such a name could not be downloaded.
    if (segment === '.' || segment === '..') return `one of its parts is "${segment}"`
    if (Buffer.byteLength(segment) > MAX_NAME_SEGMENT_BYTES) return 'one of its parts is longer than 250 bytes'
  }
  return null
}

/**
 * Orders names as B2 does: by UTF-8 bytes, which is by code point. JavaScript's own order compares UTF-16 units and
 * puts astral characters before U+E000 to U+FFFF.
 */
export function compareRemoteNames(a: string, b: string): number {
  const shared = Math.min(a.length, b.length)
  for (let i = 0; i < shared; i++) {
    const left = a.charCodeAt(i)
    const right = b.charCodeAt(i)
    if (left !== right) return codePointRank(left) - codePointRank(right)
  }
  return a.length - b.length
}

/** Ranks a UTF-16 unit so that surrogates come after every other unit. */
function codePointRank(unit: number): number {
  if (unit >= 0xe000) return unit - 0x800
  return unit >= 0xd800 ? unit + 0x2000 : unit
}
