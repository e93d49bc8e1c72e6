/** What a folder holds, counted before it is synced. */
import { z } from 'zod'
import { SkippedKind } from './explanation.ts'

export const FolderPreview = z.object({
  /** What would be sent. */
  files: z.number().int(),
  bytes: z.number(),
  /** What would not, by reason, the largest number first: how many, and the first of them. A directory counts once. */
  skipped: z.array(SkippedKind.extend({ count: z.number().int(), samples: z.array(z.string()) })),
  /** False when time was up before everything was seen. */
  complete: z.boolean(),
})
export type FolderPreview = z.infer<typeof FolderPreview>
