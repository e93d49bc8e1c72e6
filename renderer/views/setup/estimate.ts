/** How long it takes to send new folders, and what they cost, before anything is sent. */
import type { EngineSnapshot } from '../../../shared/model/snapshot.ts'
import type { FolderPreview } from '../../../shared/model/preview.ts'
import { monthlyStorageUsd } from '../../../shared/prices.ts'

/** 50 Mbit/s, a usual line, in bytes: taken while nothing has been measured. */
const USUAL_BYTES_PER_SECOND = 6_250_000

/** What small files take however fast the line is. */
const FILES_PER_SECOND = 500

export type LineSpeed = {
  /** `measured` at this moment, `limit` that a person has set, or `usual`: an assumption. */
  readonly source: 'measured' | 'limit' | 'usual'
  readonly bytesPerSecond: number
}

export function lineSpeed({ status, bandwidth }: Pick<EngineSnapshot, 'status' | 'bandwidth'>): LineSpeed {
  const isMeasured = status.kind === 'sending' && status.bytesPerSecond > 0
  const bytesPerSecond = isMeasured ? status.bytesPerSecond : USUAL_BYTES_PER_SECOND
  if (bandwidth.up !== null && bandwidth.up < bytesPerSecond) return { source: 'limit', bytesPerSecond: bandwidth.up }
  return { source: isMeasured ? 'measured' : 'usual', bytesPerSecond }
}

export type Estimate = {
  readonly files: number
  readonly bytes: number
  /** False: there is more than this. */
  readonly isComplete: boolean
  readonly seconds: number
  /** What the files add to the bill of a month, US dollars. */
  readonly usdPerMonth: number
}

/** Of everything that has been counted; null while nothing has. `storedBytes` are known to be in the account already. */
export function estimate(
  previews: readonly (FolderPreview | null)[],
  line: LineSpeed,
  storedBytes: number,
): Estimate | null {
  const counted = previews.filter((preview) => preview !== null)
  if (counted.length === 0) return null
  const files = counted.reduce((sum, preview) => sum + preview.files, 0)
  const bytes = counted.reduce((sum, preview) => sum + preview.bytes, 0)
  return {
    files,
    bytes,
    isComplete: counted.length === previews.length && counted.every(({ complete }) => complete),
    seconds: Math.max(bytes / line.bytesPerSecond, files / FILES_PER_SECOND),
    usdPerMonth: monthlyStorageUsd(storedBytes + bytes) - monthlyStorageUsd(storedBytes),
  }
}
