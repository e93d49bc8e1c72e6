/**
 * Lifecycle rules: what a bucket may ask for, and one run of them.
 *
 * B2 runs the rules about once a day, in its own time; here a test says when. Days count from a version's timestamps,
 * on the emulator's clock.
 */
import { z } from 'zod'
import { badRequest } from './errors.ts'
import type { FileVersion, LifecycleRule } from './model.ts'
import { lowerBound } from './name-index.ts'
import { hideMarker } from './operations/files.ts'
import type { Store } from './store.ts'

const DAY_MS = 24 * 60 * 60 * 1000
/** B2's documented maximum for one bucket. */
const MAX_RULES = 100

const days = z
  .number()
  .int()
  .min(1)
  .nullish()
  .transform((value) => value ?? null)

/** Lifecycle rules as the bucket calls take them; `checkLifecycleRules` knows what is allowed together. */
export const lifecycleRulesParam = z.array(
  z.object({
    fileNamePrefix: z.string(),
    daysFromHidingToDeleting: days,
    daysFromUploadingToHiding: days,
    daysFromStartingToCancelingUnfinishedLargeFiles: days,
  }),
)

/** Throws 400 `bad_request` for too many rules, for one that asks for nothing, and for two that match the same file. */
export function checkLifecycleRules(rules: readonly LifecycleRule[]): void {
  if (rules.length > MAX_RULES) throw badRequest(`More than ${MAX_RULES} lifecycle rules`)
  for (const [index, rule] of rules.entries()) {
    const { fileNamePrefix, ...given } = rule
    if (Object.values(given).every((value) => value === null)) {
      throw badRequest(`The lifecycle rule for prefix "${fileNamePrefix}" asks for nothing`)
    }
    const other = rules.find(
      (each, at) => at !== index && each.fileNamePrefix.startsWith(fileNamePrefix),
    )?.fileNamePrefix
    if (other !== undefined) {
      throw badRequest(`Lifecycle rules for prefixes "${fileNamePrefix}" and "${other}" match the same files`)
    }
  }
}

/** How many files a run has hidden, versions deleted, and large files cancelled. */
export type LifecycleRun = { readonly hidden: number; readonly deleted: number; readonly cancelled: number }

/** Applies every bucket's rules once, as of `nowMs`. What this run hides, it does not delete. */
export function runLifecycle(store: Store, nowMs: number): LifecycleRun {
  const run = { hidden: 0, deleted: 0, cancelled: 0 }
  for (const { bucketId, lifecycleRules } of store.buckets) {
    for (const rule of lifecycleRules) {
      for (const fileName of namesBelow(store, bucketId, rule.fileNamePrefix)) {
        const versions = store.namesOf(bucketId).versionsOf(fileName)
        const due = dueOf(versions, rule, nowMs)
        for (const version of [...due.cancelled, ...due.deleted]) store.removeVersion(version)
        if (due.isHidden) store.addVersion(hideMarker(bucketId, fileName), nowMs)
        run.cancelled += due.cancelled.length
        run.deleted += due.deleted.length
        run.hidden += Number(due.isHidden)
      }
    }
  }
  return run
}

/** What a rule wants done to the versions of one name, newest first. */
function dueOf(
  versions: readonly FileVersion[],
  rule: LifecycleRule,
  nowMs: number,
): {
  readonly cancelled: readonly FileVersion[]
  readonly deleted: readonly FileVersion[]
  readonly isHidden: boolean
} {
  const isPast = (sinceMs: number, afterDays: number | null): boolean =>
    afterDays !== null && sinceMs + afterDays * DAY_MS <= nowMs
  const unfinished = versions.filter((version) => version.action === 'start')
  const files = versions.filter((version) => version.action !== 'start')
  // A version became non-current when the one above it came.
  const old = files.filter((_, index) => {
    const newer = files[index - 1]
    return newer !== undefined && isPast(newer.uploadTimestamp, rule.daysFromHidingToDeleting)
  })
  const current = files[0]
  // A hide marker that hides nothing any more has no use.
  const isLoneMarker = current?.action === 'hide' && old.length === files.length - 1
  const lone = isLoneMarker && isPast(current.uploadTimestamp, rule.daysFromHidingToDeleting) ? [current] : []
  return {
    cancelled: unfinished.filter((version) =>
      isPast(version.uploadTimestamp, rule.daysFromStartingToCancelingUnfinishedLargeFiles),
    ),
    deleted: [...old, ...lone],
    isHidden: current?.action === 'upload' && isPast(current.uploadTimestamp, rule.daysFromUploadingToHiding),
  }
}

function namesBelow(store: Store, bucketId: string, prefix: string): readonly string[] {
  const { names } = store.namesOf(bucketId).view()
  return names.slice(lowerBound(names, prefix)).filter((name) => name.startsWith(prefix))
}
