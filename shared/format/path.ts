/** Names and paths, cut and joined for display. */

/** Windows' own: with a drive, or of another computer. Everywhere else `\` is a letter of a name like any other. */
const WINDOWS_PATH = /^(?:[A-Za-z]:[/\\]|\\\\)/

/** The last segment of a path; the whole text when there is none. */
export function baseName(path: string): string {
  const isWindows = WINDOWS_PATH.test(path)
  const trimmed = path.replace(isWindows ? /[/\\]+$/ : /\/+$/, '')
  return trimmed.slice(lastSeparator(trimmed, isWindows) + 1) || path
}

function lastSeparator(path: string, isWindows: boolean): number {
  return Math.max(path.lastIndexOf('/'), isWindows ? path.lastIndexOf('\\') : -1)
}

/** Everything before the last segment, without the separator; empty when there is none. */
export function parentPath(path: string): string {
  const cut = lastSeparator(path, WINDOWS_PATH.test(path))
  return cut <= 0 ? '' : path.slice(0, cut)
}

/** The end of a long text that stays readable when the middle is cut: its last `/` segment, or as many characters. */
const TAIL_LENGTH = 14

const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' })

/** Splits a text so that the head can be cut by the layout while the tail stays; never inside a character. */
export function splitForMiddle(
  text: string,
  tailLength = TAIL_LENGTH,
): { readonly head: string; readonly tail: string } {
  // A text this short is hardly ever cut, so it needs no tail; most are, and counting characters takes its time.
  const short = tailLength * 1.5
  if (text.length <= short) return { head: text, tail: '' }
  const characters = Array.from(graphemes.segment(text), (part) => part.segment)
  if (characters.length <= short) return { head: text, tail: '' }
  const name = characters.length - 1 - characters.lastIndexOf('/')
  // A name just a little longer than the tail is kept whole.
  const kept = name > tailLength && name <= tailLength * 1.5 ? name : tailLength
  const cut = characters.length - kept
  return { head: characters.slice(0, cut).join(''), tail: characters.slice(cut).join('') }
}

/** At most `length` characters, the middle replaced by `...` where there are more; never inside a character. */
export function cutMiddle(text: string, length: number): string {
  const characters = Array.from(graphemes.segment(text), (part) => part.segment)
  if (characters.length <= length) return text
  const kept = length - 3
  const tail = Math.floor(kept / 2)
  return `${characters.slice(0, kept - tail).join('')}...${characters.slice(characters.length - tail).join('')}`
}

/**
 * A name as it can be shown: control characters, and characters that hide or turn the letters around (so that a program
 * could pass as a picture), become the replacement character, which every font has.
 */
export function visibleName(name: string): string {
  return name.replace(/[\p{Cc}\u061c\u200b\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/gu, '\ufffd')
}

/** What a typed place in the bucket becomes: no leading or doubled `/`, one at the end; empty for the bucket's top. */
export function normalisePrefix(typed: string): string {
  const segments = typed.split('/').map((segment) => segment.trim())
  const kept = segments.filter((segment) => segment !== '')
  return kept.length === 0 ? '' : `${kept.join('/')}/`
}

/** B2 refuses names over 1,024 bytes; a prefix leaves room for the paths below it. Matches `addFolder`'s limit. */
export const MAX_PREFIX_LENGTH = 900
