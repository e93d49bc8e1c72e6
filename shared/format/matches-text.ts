/** Finding names by a part of them, as people type it: in any case, and however an accent is written. */

/** Whether a path contains the text. The engine's database finds the same, see `state/text-match.ts`. */
export function matchesText(path: string, text: string): boolean {
  const name = path.toLowerCase()
  return name.includes(text.normalize('NFC').toLowerCase()) || name.includes(text.normalize('NFD').toLowerCase())
}
