/** Names for a file whose own is taken. */

/** Beyond that somebody is doing something else than dropping a file twice. */
const MOST_NAMES = 100

/** `a/photo.jpg`, `a/photo (2).jpg`, `a/photo (3).jpg`, ... */
export function* freeNames(name: string): Generator<string, void> {
  yield name
  const slash = name.lastIndexOf('/') + 1
  const dot = name.lastIndexOf('.')
  // A dot in front is part of the name.
  const end = dot > slash ? dot : name.length
  for (let number = 2; number <= MOST_NAMES; number += 1) yield `${name.slice(0, end)} (${number})${name.slice(end)}`
}
