import { describe, expect, it } from 'vitest'
import { openCall, type Call } from '../b2-emulator/calls.ts'
import {
  figuresOf,
  isMet,
  median,
  mediansOf,
  memoryBar,
  percentile,
  quickestOf,
  timeBar,
  type Figures,
  type Row,
} from './figures.ts'
import { tableOf } from './table.ts'

const figures = (more: Partial<Figures> = {}): Figures => ({
  seconds: 2,
  cpuSeconds: 1,
  peakBytes: 100e6,
  sentBytes: 5e6,
  calls: 10,
  listings: 0,
  refusedShare: 0,
  ...more,
})

describe('the arithmetic of the bench', () => {
  it.each([
    [[3], 3],
    [[10, 1, 2], 2],
    [[4, 1, 10, 2], 3],
    [[], NaN],
  ])('takes the middle of %j', (values, middle) => {
    expect(median(values)).toBe(middle)
  })

  it.each([
    [95, 38],
    [50, 20],
    [100, 40],
    [1, 1],
  ])('finds what %i of a hundred values do not exceed', (hundredths, value) => {
    const values = Array.from({ length: 40 }, (_, index) => ((index * 7) % 40) + 1)
    expect(percentile(values, hundredths)).toBe(value)
  })

  it('takes the median of each figure by itself', () => {
    const runs = [
      figures({ seconds: 1, peakBytes: 30, sentBytes: 7 }),
      figures({ seconds: 9, peakBytes: 10, sentBytes: 7 }),
      figures({ seconds: 2, peakBytes: 20, sentBytes: 8 }),
    ]
    expect(mediansOf(runs)).toEqual(figures({ seconds: 2, peakBytes: 20, sentBytes: 7 }))
  })

  it('compares with the quickest way to run a program', () => {
    const way = (seconds: number) => ({ medians: figures({ seconds }) })
    expect(quickestOf([way(3), way(2), way(4)]).medians.seconds).toBe(2)
  })

  it('divides what Pail takes by what the other takes, and lets a bar be met exactly', () => {
    const [ours, theirs] = [figures({ seconds: 1, peakBytes: 90e6 }), figures({ seconds: 4, peakBytes: 40e6 })]
    expect(timeBar(ours, theirs, 0.25)).toMatchObject({ unit: 'ratio', value: 0.25, most: 0.25 })
    expect(isMet(timeBar(ours, theirs, 0.25))).toBe(true)
    expect(isMet(timeBar(ours, theirs, 0.24))).toBe(false)
    expect(memoryBar(ours, theirs, 2)).toMatchObject({ value: 2.25 })
    expect(isMet(memoryBar(ours, theirs, 2))).toBe(false)
  })

  it('meets no bar with a figure that nobody has', () => {
    expect(isMet({ what: 'time', unit: 'ratio', value: NaN, most: 1 })).toBe(false)
  })

  it('counts bytes of uploads, listings, and refusals of more than 5 seconds after the first call', () => {
    const call = (operation: string, startedAt: number, more: Partial<Call> = {}): Call => ({
      ...openCall(operation, 'POST', startedAt),
      status: 200,
      ...more,
    })
    const calls = [
      call('upload_part', 1500, { bytesReceived: 20 }),
      call('authorize_account', 1000, { bytesReceived: 1 }),
      call('list_file_names', 5000, { status: 429, bytesReceived: 2 }),
      call('list_file_versions', 6000),
      call('upload_file', 6001, { status: 429, bytesReceived: 300 }),
      call('hide_file', 6002),
      call('list_parts', 6003),
      call('upload_file', 6004),
    ]
    const cost = { seconds: 1, cpuSeconds: 2, peakBytes: 3 }
    expect(figuresOf(cost, calls)).toEqual({ ...cost, sentBytes: 320, calls: 8, listings: 2, refusedShare: 1 / 4 })
    expect(figuresOf(cost, calls.slice(0, 3)).refusedShare).toBe(0)
  })
})

describe('the table', () => {
  it('has the figures of both, a line for each bar, and says which ones are missed', () => {
    const [ours, theirs] = [figures({ seconds: 21.34, calls: 10_212 }), figures({ seconds: 103.4, peakBytes: 40e6 })]
    const rows: readonly Row[] = [
      {
        name: 'small-wan',
        against: 'rclone',
        ours,
        theirs,
        bars: [timeBar(ours, theirs, 0.25), memoryBar(ours, theirs, 2)],
      },
      {
        name: 'idle',
        against: '',
        ours: figures({ calls: 0 }),
        theirs: null,
        bars: [{ what: 'of a core', unit: 'percent', value: 0.123, most: 0.5 }],
      },
    ]
    expect(`\n${tableOf(rows)}\n`).toBe(`
case       against     seconds        CPU s     peak MB      sent MB        calls  measured                   bar
---------  -------  ----------  -----------  ----------  -----------  -----------  -----------  ------  ---------  ------
small-wan  rclone   21.3 / 103  1.00 / 1.00  100 / 40.0  5.00 / 5.00  10,212 / 10  time           0.21    <= 0.25  ok
                                                                                   peak memory    2.50    <= 2.00  MISSED
idle       -        2.00        1.00         100         5.00              0       of a core    0.12 %  <= 0.50 %  ok
`)
  })
})
