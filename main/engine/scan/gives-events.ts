/** Whether a file system tells of changes. */
import type { AbsolutePath } from '../../../shared/ids.ts'

export function givesEvents(_root: AbsolutePath): boolean {
  return true
}
