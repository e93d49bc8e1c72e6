/** Why B2 takes no such name: in the engine's words, with names for what nobody knows by its number. */
import { named } from '../named-detail.ts'
import type { ErrorDetails } from '../../errors.ts'

const known: readonly (readonly [RegExp, string])[] = [
  [/the control character U\+0009\b/, 'a tab'],
  [/the control character U\+000[AD]\b/, 'a line break'],
  [/^it is not valid UTF-8$/, 'its letters are in an older code than UTF-8, as on old disks'],
]

/** The detail `reason` with what leads up to it; empty where it is not known. */
export function nameReason({ reason }: ErrorDetails, before: string): string {
  const text = known.reduce((words, [pattern, name]) => words.replace(pattern, name), String(reason ?? ''))
  return named({ reason: text }, 'reason', before)
}
