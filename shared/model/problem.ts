/** An open condition that waits for a person or for time. */
import { z } from 'zod'
import { ErrorCode } from '../errors.ts'
import { FolderId, RelativePath, UnixMs } from '../ids.ts'

const ProblemScope = z.enum(['account', 'folder', 'file', 'link'])
export const Problem = z.object({
  problemId: z.string(),
  code: ErrorCode,
  scope: ProblemScope,
  folderId: FolderId.nullable(),
  path: RelativePath.nullable(),
  since: UnixMs,
  /** Facts for the sentence: a capability's name, a bucket's name, the reason a name is refused. */
  details: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
})
export type Problem = z.infer<typeof Problem>

const passing: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'network_unreachable',
  'timeout',
  'connection_reset',
  'b2_service_error',
  'checksum_mismatch',
  'too_many_requests',
  'file_changed_while_reading',
  'keychain_unavailable',
  'watch_limit_reached',
])

/** Nothing is lost or stuck: it mends itself, or only slows Pail down, so nobody has to do anything. */
export function passesByItself(code: ErrorCode): boolean {
  return passing.has(code)
}
