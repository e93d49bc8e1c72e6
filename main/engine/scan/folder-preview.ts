/** What a folder holds, and what of it would not be sent and why, before it is synced. */
import { EngineError } from '../../../shared/errors.ts'
import type { AbsolutePath } from '../../../shared/ids.ts'
import type { IgnoreSource } from '../../../shared/model/explanation.ts'
import type { FolderPreview } from '../../../shared/model/preview.ts'
import type { Clock } from '../lib/clock.ts'
import type { IgnoreRules } from './ignore-rules.ts'
import { walk, type SkippedPath } from './walker.ts'

/** Of each reason; enough to see what it is about. */
const MAX_SAMPLES = 3

/** Looks at the disk for `limitMs` milliseconds at most. Throws `root_unreadable`. */
export async function previewFolder(
  root: AbsolutePath,
  rules: IgnoreRules,
  { clock, limitMs }: { readonly clock: Clock; readonly limitMs: number },
): Promise<FolderPreview> {
  const until = clock.uptime() + limitMs
  const skipped = new Map<string, FolderPreview['skipped'][number]>()
  const note = (path: string, reason: SkippedPath['reason'], source: IgnoreSource | null): void => {
    const key = `${reason} ${source ?? ''}`
    const kind = skipped.get(key) ?? { reason, source, count: 0, samples: [] }
    kind.count += 1
    if (kind.samples.length < MAX_SAMPLES) kind.samples.push(path)
    skipped.set(key, kind)
  }
  let [files, bytes] = [0, 0]
  const counted = (complete: boolean): FolderPreview => ({
    files,
    bytes,
    skipped: [...skipped.values()].toSorted((a, b) => b.count - a.count),
    complete,
  })
  for await (const step of walk(root, '', rules.isIgnored, new AbortController().signal)) {
    if (step.kind === 'unreadable') {
      if (step.directory === '') throw new EngineError('root_unreadable', 'The folder cannot be read', { root })
      note(step.directory, 'unreadable', null)
    } else {
      files += step.files.length
      for (const { fingerprint } of step.files) bytes += fingerprint.sizeBytes
      for (const { path, reason } of step.skipped) note(path, reason, sourceOf(path, reason, rules))
    }
    if (clock.uptime() >= until) return counted(false)
  }
  return counted(true)
}

/** Whose rule it is; the walk says only that there is one. */
function sourceOf(path: SkippedPath['path'], reason: SkippedPath['reason'], rules: IgnoreRules): IgnoreSource | null {
  if (reason !== 'ignored') return null
  return (rules.explain(path, false) ?? rules.explain(path, true))?.source ?? null
}
