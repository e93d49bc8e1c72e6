/** `--limit-up` and `--limit-down`: how many bytes a second may go each way. */
import { InvalidArgumentError, type Command } from 'commander'
import { BytesPerSecond, type BandwidthLimits } from '../../shared/model/bandwidth.ts'

type Direction = 'up' | 'down'

/** Commander cannot give null. */
type Rate = number | 'none'

export type LimitFlags = { readonly limitUp?: Rate; readonly limitDown?: Rate }

const factors: Readonly<Record<string, number>> = { '': 1, k: 1e3, m: 1e6, g: 1e9 }

export function addLimitFlag(command: Command, direction: Direction): Command {
  const verb = direction === 'up' ? 'send' : 'receive'
  return command.option(
    `--limit-${direction} <rate>`,
    `${verb} at most so many bytes a second: 500k, 2M, none`,
    parseRate,
  )
}

/** The limits that were named. */
export function limitsOf({ limitUp, limitDown }: LimitFlags): Partial<BandwidthLimits> {
  return {
    ...(limitUp === undefined ? {} : { up: limitUp === 'none' ? null : limitUp }),
    ...(limitDown === undefined ? {} : { down: limitDown === 'none' ? null : limitDown }),
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
