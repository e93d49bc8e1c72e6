/** Where new folders go in the bucket. */
import type { AbsolutePath } from '../../../shared/ids.ts'
import { placesMeet } from '../../../shared/model/key.ts'
import { baseName, normalisePrefix } from '../../../shared/format/path.ts'

/** The place that is meant by what was typed behind the start that the key prescribes (empty where it does not). */
export function wholePlace(keyPrefix: string, typed: string): string {
  const inside = normalisePrefix(typed)
  return inside === '' && keyPrefix !== '' && !keyPrefix.endsWith('/') ? `${keyPrefix}/` : `${keyPrefix}${inside}`
}

/**
 * What to type for a folder when nothing else is wished: its own name, with a number where that place is taken. Empty, the
 * bucket's top, for a root without a name where nothing is there yet.
 */
export function suggestPlace(root: AbsolutePath, keyPrefix: string, taken: readonly string[]): string {
  const name = baseName(root).replace(/[:/\\]+/g, '')
  const isFree = (typed: string): boolean => !taken.some((place) => placesMeet(place, wholePlace(keyPrefix, typed)))
  if (name === '' && isFree('')) return ''
  for (let number = 1; ; number += 1) {
    const typed = number === 1 && name !== '' ? `${name}/` : `${name === '' ? 'disk' : name}-${number}/`
    if (isFree(typed) || number > taken.length + 1) return typed
  }
}

/** The name of the first of the others whose place shares names with this one; null when there is none. */
export function whoHasPlace(
  place: string,
  others: readonly { readonly name: string; readonly place: string }[],
): string | null {
  return others.find((other) => placesMeet(other.place, place))?.name ?? null
}
