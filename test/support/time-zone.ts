/** The clock on the wall of a fixed time zone, whatever this machine's is. */
import type { LocalOffset } from '../../main/engine/plan/week-times.ts'

const MINUTE = 60_000

/** How far it is ahead of UTC; `timeZone` by its IANA name. */
export function zone(timeZone: string): LocalOffset {
  const format = new Intl.DateTimeFormat('en', { timeZone, timeZoneName: 'longOffset' })
  const known = new Map<number, number>()
  const read = (at: number): number => {
    const name = format.formatToParts(at).find(({ type }) => type === 'timeZoneName')?.value ?? ''
    const [, sign, hours, minutes] = /^GMT(?:([+-])(\d\d):(\d\d))?$/.exec(name) ?? []
    return (sign === '-' ? -1 : 1) * (Number(hours ?? 0) * 60 + Number(minutes ?? 0)) * MINUTE
  }
  // Clocks are changed at whole quarters of an hour; asking once for each is enough.
  return (at) => {
    const quarter = Math.floor(at / (15 * MINUTE))
    const offset = known.get(quarter) ?? read(quarter * 15 * MINUTE)
    known.set(quarter, offset)
    return offset
  }
}
