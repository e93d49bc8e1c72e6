/** Why B2 takes no such name, in German. The engine says it in English, in one of the forms below. */
import type { ErrorDetails } from '../../errors.ts'
import { formatNumber } from '../../format/count.ts'

type Part = string | undefined

const forms: readonly (readonly [RegExp, (...parts: readonly Part[]) => string])[] = [
  [/^it is empty$/, () => 'Er ist leer'],
  [/^it starts with a slash$/, () => 'Er beginnt mit einem Schrägstrich'],
  [/^it ends with a slash$/, () => 'Er endet mit einem Schrägstrich'],
  [/^it contains two slashes in a row$/, () => 'Er enthält zwei Schrägstriche hintereinander'],
  [
    /^it is not valid UTF-8$/,
    () => 'Seine Buchstaben sind in einem älteren Code als UTF-8, wie auf alten Datenträgern',
  ],
  [/^one of its parts is "(.+)"$/, (part) => `Ein Teil davon ist „${part ?? ''}“`],
  [
    /^it contains the control character (U\+\w+)(?: at place (\d+) of (.+))?$/,
    (code, place, where) => `Er enthält ${characterOf(code)}${placeOf(place, where)}`,
  ],
  [
    /^it is not valid Unicode: it contains (U\+\w+)(?: at place (\d+) of (.+))?$/,
    (code, place, where) => `Er ist kein gültiges Unicode: Er enthält ${code ?? ''}${placeOf(place, where)}`,
  ],
  [
    /^with its folders it has ([\d,]+) bytes in UTF-8, more than ([\d,]+)$/,
    (bytes, limit) => `Mit seinen Ordnern hat er ${number(bytes)} Bytes in UTF-8, mehr als ${number(limit)}`,
  ],
  [
    /^with its folders it has more than ([\d,]+) bytes in UTF-8$/,
    (limit) => `Mit seinen Ordnern hat er mehr als ${number(limit)} Bytes in UTF-8`,
  ],
  [
    /^one of its parts has more than ([\d,]+) bytes in UTF-8$/,
    (limit) => `Ein Teil davon hat mehr als ${number(limit)} Bytes in UTF-8`,
  ],
  [
    /^one of its parts has ([\d,]+) bytes in UTF-8, more than ([\d,]+)$/,
    (bytes, limit) => `Ein Teil davon hat ${number(bytes)} Bytes in UTF-8, mehr als ${number(limit)}`,
  ],
]

/** The detail `reason` with what leads up to it; what B2 said itself stays in its own words. Empty where it is not known. */
export function nameReason({ reason }: ErrorDetails, before: string): string {
  if (reason === undefined || reason === '') return ''
  const text = String(reason)
  for (const [pattern, translate] of forms) {
    const match = pattern.exec(text)
    if (match !== null) return `${before}${translate(...match.slice(1))}`
  }
  return `${before}${text}`
}

/** What has a name is called by it: `einen Tabulator`, `das Steuerzeichen U+0007`. */
function characterOf(code: Part): string {
  if (code === 'U+0009') return 'einen Tabulator'
  return code === 'U+000A' || code === 'U+000D' ? 'einen Zeilenumbruch' : `das Steuerzeichen ${code ?? ''}`
}

/** Empty where it is not known. */
function placeOf(place: Part, where: Part): string {
  if (place === undefined) return ''
  return ` an Stelle ${place} ${where === "a folder's name" ? 'im Namen eines Ordners' : 'im Namen der Datei'}`
}

function number(text: Part): string {
  return formatNumber(Number((text ?? '').replaceAll(',', '')))
}
