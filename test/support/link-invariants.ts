/** What must hold of what Pail makes for links, as `invariants.ts` has it of everything else. */
import type { Call } from '../b2-emulator/calls.ts'
import { carriedOut } from './engine-calls.ts'
import type { Witness } from './history.ts'

/** What Pail makes for links alone: a directory of its own for each, with a name of 128 random bits. */
export const FOR_LINKS = /(?:^|\/)\.pail-shares\/[\w-]{22}\/[^/]+$/

/** Calls after which a version is there, or may be. */
const MAKES: readonly string[] = ['upload_file', 'copy_file', 'start_large_file']

/**
 * I19 (S) Where Pail puts what it makes for links it removes nothing else: under each name no more than it has made, and it
 * hides no name that it has made nothing under.
 */
export function onlyWhatWasMadeForLinksGoes(witness: Witness): readonly string[] {
  const ofLinks = (...operations: readonly string[]) =>
    carriedOut(witness, ...operations).filter(({ fileName = '' }) => FOR_LINKS.test(fileName))
  const count = (calls: readonly Call[]): ReadonlyMap<string, number> => {
    const counts = new Map<string, number>()
    for (const { fileName = '' } of calls) counts.set(fileName, (counts.get(fileName) ?? 0) + 1)
    return counts
  }
  const made = count(ofLinks(...MAKES))
  const deleted = [...count(ofLinks('delete_file_version'))].filter(([name, times]) => times > (made.get(name) ?? 0))
  const hidden = [...count(ofLinks('hide_file'))].filter(([name]) => !made.has(name))
  return [
    ...deleted.map(([name, times]) => `${times} versions of ${name} were deleted, and ${made.get(name) ?? 0} made`),
    ...hidden.map(([name]) => `${name} was hidden, under which nothing was made`),
  ]
}
