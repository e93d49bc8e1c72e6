/** Stopped by a person. */
import { z } from 'zod'
import { UnixMs } from '../ids.ts'

/** `until` null: until somebody resumes. */
export const Pause = z.object({ until: UnixMs.nullable() })
export type Pause = z.infer<typeof Pause>
