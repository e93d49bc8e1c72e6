/** The bucket's lifecycle rules, of which Pail touches only the one for exactly a folder's place. Pure. */
import { EngineError } from '../../../shared/errors.ts'
import type { LifecycleRule } from '../b2/types.ts'

/**
 * The rules with one for exactly this prefix that removes what was hidden so many days ago, or without that (null). What
 * the rule says besides stays, and so do all others. The same list when nothing changes.
 *
 * Throws `lifecycle_rule_conflict` (details: prefix of the other one) where a rule for a place above or below stands in
 * the way: B2 takes no two for the same files.
 */
export function withRemoval(
  rules: readonly LifecycleRule[],
  prefix: string,
  days: number | null,
): readonly LifecycleRule[] {
  const mine = rules.find(({ fileNamePrefix }) => fileNamePrefix === prefix)
  if ((mine?.daysFromHidingToDeleting ?? null) === days) return rules
  const others = rules.filter((rule) => rule !== mine)
  const rule = { ...mine, fileNamePrefix: prefix, daysFromHidingToDeleting: days }
  const saysNothing =
    days === null &&
    rule.daysFromUploadingToHiding == null &&
    rule.daysFromStartingToCancelingUnfinishedLargeFiles == null
  if (saysNothing) return others
  const other = others.find(
    ({ fileNamePrefix }) => fileNamePrefix.startsWith(prefix) || prefix.startsWith(fileNamePrefix),
  )
  if (other !== undefined) {
    const details = { prefix: other.fileNamePrefix }
    throw new EngineError('lifecycle_rule_conflict', 'Another rule is for the same files', details)
  }
  return [...others, rule]
}
