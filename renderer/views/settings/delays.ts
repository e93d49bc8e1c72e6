/** How long a file has to be gone, as choices: usual ones, and the one that is set. */
import { formatDuration } from '../../../shared/format/duration.ts'

const usualSeconds = [30, 300, 3600, 86_400, 604_800]

/** Ascending, each once. */
export function delayOptions(current: number): readonly { readonly value: string; readonly label: string }[] {
  return [...new Set([...usualSeconds, current])]
    .toSorted((a, b) => a - b)
    .map((seconds) => ({ value: String(seconds), label: formatDuration(seconds) }))
}
