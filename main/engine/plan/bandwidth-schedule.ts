/** Which limits hold at a moment, and until when. Pure. */
import type { UnixMs } from '../../../shared/ids.ts'
import type { Bandwidth, BandwidthLimits, BandwidthNow } from '../../../shared/model/bandwidth.ts'
import { holds, nextChange, type LocalOffset } from './week-times.ts'

export function bandwidthAt(bandwidth: Bandwidth, at: UnixMs, offsetAt: LocalOffset): BandwidthNow {
  const now = limitsAt(bandwidth, at + offsetAt(at))
  const until = nextChange(bandwidth.rules, at, offsetAt, (wallMs) => {
    const then = limitsAt(bandwidth, wallMs)
    return then.up !== now.up || then.down !== now.down
  })
  return { ...now, until }
}

/** `wallMs` is what the clock on the wall shows, as if it showed UTC. */
function limitsAt({ rules, up, down }: Bandwidth, wallMs: number): BandwidthLimits {
  const rule = rules.find((each) => holds(each, wallMs))
  return rule === undefined ? { up, down } : { up: rule.up, down: rule.down }
}
