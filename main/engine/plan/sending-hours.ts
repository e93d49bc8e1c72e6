/** Whether a folder may send at a moment, and until when. Pure. */
import type { UnixMs } from '../../../shared/ids.ts'
import type { WeekTimes } from '../../../shared/model/week-times.ts'
import { holds, nextChange, type LocalOffset } from './week-times.ts'

export type SendingNow = {
  readonly isOpen: boolean
  /** When that changes; null where it never does. */
  readonly until: UnixMs | null
}

/** `times`: those in which it sends; none for always. */
export function sendingAt(times: readonly WeekTimes[], at: UnixMs, offsetAt: LocalOffset): SendingNow {
  if (times.length === 0) return { isOpen: true, until: null }
  const isOpenAt = (wallMs: number): boolean => times.some((each) => holds(each, wallMs))
  const isOpen = isOpenAt(at + offsetAt(at))
  return { isOpen, until: nextChange(times, at, offsetAt, (wallMs) => isOpenAt(wallMs) !== isOpen) }
}
