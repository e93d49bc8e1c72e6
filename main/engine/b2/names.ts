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
  const refusal = checkCharacters(name)
  if (refusal !== null) return refusal
  const bytes = Buffer.byteLength(name)
  if (bytes > MAX_NAME_BYTES) return `with its folders it has ${tooMany(bytes, MAX_NAME_BYTES)}`
  if (name.startsWith('/')) return 'it starts with a slash'
  if (name.endsWith('/')) return 'it ends with a slash'
  if (name.includes('//')) return 'it contains two slashes in a row'
  for (const segment of name.split('/')) {
    // Addresses are normalised on their way: such a name could not be downloaded.
    if (segment === '.' || segment === '..') return `one of its parts is "${segment}"`
    const partBytes = Buffer.byteLength(segment)
    if (partBytes > MAX_NAME_SEGMENT_BYTES) return `one of its parts has ${tooMany(partBytes, MAX_NAME_SEGMENT_BYTES)}`
  }
  return null
}

/** Names the first character that B2 does not take and its place, for most of them cannot be seen; null for none. */
function checkCharacters(name: string): string | null {
  const segments = name.split('/')
  for (const [i, segment] of segments.entries()) {
    for (const [at, character] of Array.from(segment).entries()) {
      const code = character.codePointAt(0) ?? 0
      const isControl = code < 0x20 || code === 0x7f
      if (!isControl && character.isWellFormed()) continue
      const what = isControl ? 'it contains the control character' : 'it is not valid Unicode: it contains'
      const where = i === segments.length - 1 ? "the file's name" : "a folder's name"
      return `${what} U+${code.toString(16).toUpperCase().padStart(4, '0')} at place ${at + 1} of ${where}`
    }
  }
  return null
}

function tooMany(bytes: number, limit: number): string {
  return `${bytes.toLocaleString('en')} bytes in UTF-8, more than ${limit.toLocaleString('en')}`
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
