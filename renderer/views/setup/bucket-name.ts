/** B2's rules for the name of a new bucket: 6 to 63 letters, digits and hyphens, not starting with `b2-`. */

const MIN_LENGTH = 6
const MAX_LENGTH = 63

export type BucketNameFault =
  | { readonly kind: 'characters'; readonly found: string }
  | { readonly kind: 'reserved' }
  | { readonly kind: 'long'; readonly over: number }
  /** Not wrong so far: it only goes on. */
  | { readonly kind: 'short'; readonly missing: number }

/** What is wrong with a name as it is typed, the first thing there is; null for one that B2 takes. */
export function bucketNameFault(name: string): BucketNameFault | null {
  const found = /[^A-Za-z0-9-]/u.exec(name)?.[0]
  if (found !== undefined) return { kind: 'characters', found }
  if (name.toLowerCase().startsWith('b2-')) return { kind: 'reserved' }
  if (name.length > MAX_LENGTH) return { kind: 'long', over: name.length - MAX_LENGTH }
  return name.length < MIN_LENGTH ? { kind: 'short', missing: MIN_LENGTH - name.length } : null
}

const letters = 'abcdefghijkmnpqrstuvwxyz23456789'

/** A name that most likely nobody has: names are unique across all of B2. */
export function suggestBucketName(random: (upTo: number) => number): string {
  return `pail-${Array.from({ length: 8 }, () => letters[random(letters.length)] ?? 'x').join('')}`
}
