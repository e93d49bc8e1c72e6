/**
 * Paths that contain a text, in SQL: in any case, also of letters that SQLite's LIKE takes for different ones, and with
 * accents written either way (macOS writes names in parts).
 */

/** To be put where a condition on column `path` goes; needs the parameters of `textParameters`. All pass without a text. */
export const MATCHES_TEXT = `(@like IS NULL OR (path LIKE @like ESCAPE '\\' AND path GLOB @glob)
  OR (path LIKE @likeParts ESCAPE '\\' AND path GLOB @globParts))`

export type TextParameters = {
  readonly like: string | null
  readonly glob: string | null
  readonly likeParts: string | null
  readonly globParts: string | null
}

/** `text` empty for all paths. */
export function textParameters(text: string): TextParameters {
  if (text === '') return { like: null, glob: null, likeParts: null, globParts: null }
  const [whole, parts] = [text.normalize('NFC'), text.normalize('NFD')]
  const isSame = whole === parts
  return {
    like: likeFor(whole),
    glob: globFor(whole),
    likeParts: isSame ? null : likeFor(parts),
    globParts: isSame ? null : globFor(parts),
  }
}

/** LIKE is fast and knows the cases of ASCII; of any other letter it lets everything pass. */
function likeFor(text: string): string {
  const letters = Array.from(text, (letter) => (/[%_\\]/.test(letter) ? `\\${letter}` : isAscii(letter) ? letter : '_'))
  return `%${letters.join('')}%`
}

/** GLOB decides about what LIKE let pass, where there is anything to decide. */
function globFor(text: string): string {
  if (isAscii(text)) return '*'
  const letters = Array.from(text, (letter) => {
    if (/[*?[]/.test(letter)) return `[${letter}]`
    const cases = [...new Set([letter, letter.toLowerCase(), letter.toUpperCase()])]
    const single = cases.filter((each) => Array.from(each).length === 1)
    return single.length > 1 ? `[${single.join('')}]` : letter
  })
  return `*${letters.join('')}*`
}

function isAscii(text: string): boolean {
  return /^[\x20-\x7e]*$/.test(text)
}
