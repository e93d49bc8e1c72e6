/** `--limit-up`, `--limit-down` and `--limit-at`: how many bytes a second may go each way, and when. */
import { InvalidArgumentError, type Command } from 'commander'
import { BandwidthRule, BytesPerSecond, type Bandwidth } from '../../shared/model/bandwidth.ts'
import { Weekday } from '../../shared/model/week-times.ts'

type Direction = 'up' | 'down'

/** Commander cannot give null. */
type Rate = number | 'none'

export type LimitFlags = {
  readonly limitUp?: Rate
  readonly limitDown?: Rate
  readonly limitAt?: readonly BandwidthRule[]
}

const factors: Readonly<Record<string, number>> = { '': 1, k: 1e3, m: 1e6, g: 1e9 }

export function addLimitFlag(command: Command, direction: Direction): Command {
  const verb = direction === 'up' ? 'send' : 'receive'
  return command.option(
    `--limit-${direction} <rate>`,
    `${verb} at most so many bytes a second: 500k, 2M, none`,
    parseRate,
  )
}

/** Adds the flag for other limits at some times of the week. */
export function addScheduleFlag(command: Command): Command {
  return command.option(
    '--limit-at <rule>',
    "another limit at some times, such as 'mon-fri 08:00-18:00 500k'; may be given many times, the first that holds counts",
    (text: string, earlier: readonly BandwidthRule[] | undefined) => [...(earlier ?? []), parseRule(text)],
  )
}

/** The limits that were named. */
export function limitsOf({ limitUp, limitDown, limitAt }: LimitFlags): Partial<Bandwidth> {
  return {
    ...(limitUp === undefined ? {} : { up: limitUp === 'none' ? null : limitUp }),
    ...(limitDown === undefined ? {} : { down: limitDown === 'none' ? null : limitDown }),
    ...(limitAt === undefined ? {} : { rules: [...limitAt] }),
  }
}

/** Throws `InvalidArgumentError` with how it has to look. */
function parseRate(text: string): Rate {
  if (text === 'none') return text
  // As Pail writes rates: decimal units, such as 1.5 MB/s. Bits would be an eighth of what they look like.
  const [, number = '', unit = ''] = /^(\d+(?:\.\d+)?) ?([kmg]?)(?:B(?:\/s)?)?$/i.exec(text.trim()) ?? []
  const rate = BytesPerSecond.safeParse(Math.round(Number(number) * (factors[unit.toLowerCase()] ?? Number.NaN)))
  if (rate.success) return rate.data
  throw new InvalidArgumentError('It is bytes a second, from 10k on, such as 500k, 2M or 1.5G; or none.')
}

/** `[DAYS] FROM-TO RATE`, for both directions; every day without days. Throws `InvalidArgumentError`. */
function parseRule(text: string): BandwidthRule {
  const [, days = 'sun-sat', from, to, rate] =
    /^(?:([a-z,-]+) +)?(\d?\d:\d\d)-(\d?\d:\d\d) +(.+)$/i.exec(text.trim()) ?? []
  // What is no rule at all must not be answered with how a rate looks.
  const parsed = rate === undefined ? 'none' : parseRate(rate)
  const limit = parsed === 'none' ? null : parsed
  const rule = BandwidthRule.safeParse({
    days: daysIn(days.toLowerCase()),
    from: clock(from),
    to: clock(to),
    up: limit,
    down: limit,
  })
  if (rule.success) return rule.data
  throw new InvalidArgumentError(
    "It looks like 'mon-fri 08:00-18:00 500k', 'sat,sun 22:00-06:00 none' or '12:00-13:00 2M'.",
  )
}

/** `8:00` as `08:00`. */
function clock(time = ''): string {
  return time.padStart(5, '0')
}

/** Days and stretches of days; what is none stays, for the schema to refuse. */
function daysIn(text: string): readonly string[] {
  const all: readonly string[] = Weekday.options
  const days = text.split(',').flatMap((part) => {
    const [first = '', last = first] = part.split('-')
    const [begin, end] = [all.indexOf(first), all.indexOf(last)]
    if (begin < 0 || end < 0) return [part]
    return begin <= end ? all.slice(begin, end + 1) : [...all.slice(begin), ...all.slice(0, end + 1)]
  })
  return [...new Set(days)]
}
