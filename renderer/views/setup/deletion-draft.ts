/** The answer to what becomes of deleted files, as far as it is given. */
import type { AccountSummary } from '../../../shared/model/account.ts'
import { DeletionPolicy } from '../../../shared/model/folder.ts'
import { policyCapabilities } from '../../../shared/model/key.ts'

/** From what changes nothing in B2 to what cannot be taken back. */
export const DELETION_KINDS = ['keep', 'hide', 'hide-then-remove', 'delete'] as const
export type DeletionKind = (typeof DELETION_KINDS)[number]

/** The longest that B2's rule is set to, ten years. */
export const MAX_DAYS = 3650

export type DeletionDraft = {
  readonly kind: DeletionKind
  /** As it is typed; kept while another answer is looked at. */
  readonly days: string
  /** The name of the bucket, typed to confirm that files are deleted for good. */
  readonly confirmation: string
}

/** What Pail does unless asked otherwise: nothing is lost, and nothing stands in the way. */
export const FIRST_DELETION_DRAFT: DeletionDraft = { kind: 'hide', days: '30', confirmation: '' }

/** The policy that is meant; null while the days are none. */
export function asPolicy({ kind, days }: DeletionDraft): DeletionPolicy | null {
  const number = /^\d+$/.test(days.trim()) ? Number(days) : null
  return DeletionPolicy.safeParse(kind === 'hide-then-remove' ? { kind, days: number } : { kind }).data ?? null
}

/** The capabilities that an answer needs and the key lacks. */
export function lackingFor(kind: DeletionKind, { capabilities }: AccountSummary): readonly string[] {
  const policy: DeletionPolicy = kind === 'hide-then-remove' ? { kind, days: 1 } : { kind }
  return policyCapabilities(policy).filter((capability) => !capabilities.includes(capability))
}
