/** What other ignore rules would change, before they are taken. */
import type { AbsolutePath, RelativePath } from '../../../shared/ids.ts'
import type { Clock } from '../lib/clock.ts'
import type { IgnoreRules } from './ignore-rules.ts'
import { walk } from './walker.ts'

/** Enough to see what it is about. */
const MAX_SAMPLES = 20

export type IgnoredPreview = {
  /** Files that are sent by the rules of today and would be left out. */
  readonly files: number
  readonly bytes: number
  /** The first 20 of them that were found. */
  readonly samples: RelativePath[]
  /** False when time was up, or `signal` was aborted, before everything was seen. */
  readonly complete: boolean
}

/** Looks at the disk for `limitMs` milliseconds at most. */
export async function previewIgnored(options: {
  readonly root: AbsolutePath
  readonly current: IgnoreRules
  readonly candidate: IgnoreRules
  readonly signal: AbortSignal
  readonly limitMs: number
  readonly clock: Clock
}): Promise<IgnoredPreview> {
  const { root, current, candidate, signal, limitMs, clock } = options
  const until = clock.uptime() + limitMs
  const samples: RelativePath[] = []
  let files = 0
  let bytes = 0
  for await (const step of walk(root, '', current.isIgnored, signal)) {
    if (clock.uptime() > until) return { files, bytes, samples, complete: false }
    if (step.kind === 'unreadable') continue
    for (const { path, fingerprint } of step.files) {
      if (!candidate.isIgnored(path, false)) continue
      files += 1
      bytes += fingerprint.sizeBytes
      if (samples.length < MAX_SAMPLES) samples.push(path)
    }
  }
  return { files, bytes, samples, complete: !signal.aborted }
}
