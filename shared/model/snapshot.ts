/** Everything a window or the tray shows, bounded in size, pushed when it changes. */
import { z } from 'zod'
import { FolderId, RelativePath, UnixMs } from '../ids.ts'
import { AccountState } from './account.ts'
import { BandwidthNow } from './bandwidth.ts'
import { DropsView } from './drop.ts'
import { FolderView } from './folder.ts'
import { Health } from './health.ts'
import { LinkCounts } from './link.ts'
import { Problem } from './problem.ts'
import { Status } from './status.ts'
import { Storage } from './storage.ts'
import { MovingRow } from './transfer.ts'

const RecentFile = z.object({ folderId: FolderId, path: RelativePath })
export type RecentFile = z.infer<typeof RecentFile>

export const EngineSnapshot = z.object({
  status: Status,
  /** Also true while something more serious than the pause is the status. */
  isPaused: z.boolean(),
  /** When a pause of everything ends by itself; null for never, or none. */
  pausedUntil: UnixMs.nullable(),
  /** The limits that transfers keep to now. */
  bandwidth: BandwidthNow,
  account: AccountState,
  health: Health,
  storage: Storage,
  links: LinkCounts,
  folders: z.array(FolderView),
  transfers: z.object({
    /** The first rows under way (at most 100) and how many there are in all. */
    sending: z.array(MovingRow),
    sendingCount: z.number().int(),
    /** How many wait for something that passes by itself, and how many only a person can mend. */
    waitingCount: z.number().int(),
    failedCount: z.number().int(),
    /** The most of each kind at once that a person allows; null for what works best. */
    most: z.number().int().nullable(),
  }),
  /** What was dropped on the window. */
  drops: DropsView,
  /** The oldest open problems (at most 100) and how many there are in all. */
  problems: z.array(Problem),
  problemCount: z.number().int(),
  /**
   * Bytes a second over the last five minutes, a number for each five seconds, the oldest first; empty while nothing is
   * sent.
   */
  throughput: z.array(z.number()).max(60),
  /** Files that came into a bucket last, the newest first, each once. */
  recent: z.array(RecentFile).max(8),
  /** Newest activity row id; a client asks for rows again when it changed. */
  lastActivityId: z.number().int(),
})
export type EngineSnapshot = z.infer<typeof EngineSnapshot>
