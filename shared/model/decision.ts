/** A list of files whose fate only a person may decide. */
import { z } from 'zod'
import { RelativePath } from '../ids.ts'

/**
 * `deleted`: gone from disk, to be hidden in B2. `emptied`: empty now, to replace what is in B2.
 * `overwrite`: B2 holds something under their names that did not come from this folder.
 */
export const DecisionKind = z.enum(['deleted', 'emptied', 'overwrite'])
export type DecisionKind = z.infer<typeof DecisionKind>

export const Decision = z.object({
  kind: DecisionKind,
  /** Names exactly these files in exactly this state; an answer has to repeat it. */
  listId: z.string(),
  files: z.number().int(),
  /** Files of the folder in all, for a sense of how many that is. */
  totalFiles: z.number().int(),
  bytes: z.number(),
  /** At most five of them. */
  samples: z.array(RelativePath),
})
export type Decision = z.infer<typeof Decision>
