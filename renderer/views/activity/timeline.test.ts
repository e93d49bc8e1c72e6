import { beforeEach, describe, expect, it } from 'vitest'
import { ALL_ACTIVITY, type ActivityRow } from '../../../shared/model/activity.ts'
import { PAGE_SIZE, Timeline, type TimelineQuery } from './timeline.ts'

const HOUR = 3_600_000
const NEWEST_AT = new Date(2026, 10, 22, 12).getTime()

/** The engine's rows, newest first, and what was asked of it. */
let rows: ActivityRow[]
let asked: TimelineQuery[]
let failure: Error | null
let timeline: Timeline

/** `hoursAgo` counts from the newest row of the beginning. */
function event(activityId: number, hoursAgo: number): ActivityRow {
  const at = NEWEST_AT - hoursAgo * HOUR
  return {
    activityId,
    at,
    verb: 'uploaded',
    folderId: null,
    path: null,
    sizeBytes: 1,
    sparedBytes: null,
    code: null,
  } as ActivityRow
}

beforeEach(() => {
  asked = []
  failure = null
  rows = history(1000)
  timeline = new Timeline(ALL_ACTIVITY, (query) => {
    asked.push(query)
    if (failure !== null) return Promise.reject(failure)
    const { before = Infinity, after = 0, limit } = query
    const start = rows.findIndex(({ activityId }) => activityId < before)
    const found = start < 0 ? [] : rows.slice(start, start + limit).filter(({ activityId }) => activityId > after)
    return Promise.resolve(found)
  })
})

/** One each hour. */
function history(count: number): ActivityRow[] {
  return Array.from({ length: count }, (_, index) => event(count - index, index))
}
/** Newer ones, in the hour of the newest. */
function happen(count: number): void {
  const newest = rows[0]?.activityId ?? 0
  rows = [...Array.from({ length: count }, (_, index) => event(newest + count - index, 0)), ...rows]
}
const settle = () => new Promise((resolve) => setTimeout(resolve))
const lines = (first: number, last: number): (number | '?')[] =>
  Array.from({ length: last - first + 1 }, (_, index) => {
    const item = timeline.itemAt(first + index)
    if (item.kind === 'row') return item.row.activityId
    return item.kind === 'day' ? new Date(item.at).getDate() : '?'
  })
const state = () => timeline.state()
/** As the view does when the engine says that something has happened. */
const look = (isAtTop: boolean) => timeline.look(isAtTop, rows[0]?.activityId ?? 0)
/** To the end of what there is, as a person who scrolls. */
async function toTheEnd(): Promise<void> {
  while (state().hasMore) {
    timeline.see(state().items - 20, state().items - 1)
    await settle()
  }
}
/** The rows among these lines, by their ids. */
const idsOf = (seen: readonly (number | '?')[]) => seen.filter((line) => typeof line === 'number' && line > 31)

describe('a timeline', () => {
  it('begins with the newest page, under its days', async () => {
    expect(state()).toMatchObject({ isLoaded: false, items: 0 })
    await look(true)
    expect(state()).toMatchObject({ isLoaded: true, hasMore: true, newer: 0 })
    // Twelve hours of the day and the one in which it began, then the day before.
    expect(lines(0, 3)).toEqual([22, 1000, 999, 998])
    expect(lines(12, 16)).toEqual([989, 988, 21, 987, 986])
    expect(asked).toEqual([{ limit: PAGE_SIZE, filter: ALL_ACTIVITY }])
  })

  it('says of which day each line is', async () => {
    await look(true)
    const dayOf = (index: number) => new Date(timeline.dayAt(index) ?? 0).getDate()
    expect([0, 1, 13, 14, 15].map(dayOf)).toEqual([22, 22, 22, 21, 21])
  })

  it('is empty where nothing has happened, and begins once something has', async () => {
    rows = []
    await look(true)
    expect(state()).toMatchObject({ isLoaded: true, items: 0, hasMore: false })
    happen(1)
    await look(true)
    expect(lines(0, 1)).toEqual([22, 1])
  })

  it('goes on with older rows when its end comes near, and asks for each page once', async () => {
    await look(true)
    timeline.see(0, 20)
    await settle()
    expect(asked).toHaveLength(1)
    const end = state().items - 1
    timeline.see(end - 20, end)
    timeline.see(end - 20, end)
    await settle()
    expect(asked.slice(1)).toEqual([{ before: 801, limit: PAGE_SIZE, filter: ALL_ACTIVITY }])
    expect(lines(end, end + 1)).toEqual([801, 800])
  })
})

describe('a very long one', () => {
  it.each([1, 2])(
    'is there without gaps and doubles wherever one looks, and never all in memory: seed %d',
    async (seed) => {
      let random = seed
      rows = history(30_000)
      await look(true)
      await toTheEnd()
      expect(state().hasMore).toBe(false)
      const days = new Set(rows.map(({ at }) => new Date(at).toDateString())).size
      expect(state().items).toBe(rows.length + days)
      let filled = 0
      for (let index = 0; index < state().items; index += 1) if (timeline.itemAt(index).kind === 'row') filled += 1
      expect(filled).toBeLessThan(15 * PAGE_SIZE)
      for (let visit = 0; visit < 60; visit += 1) {
        random = (random * 16_807) % 2_147_483_647
        const first = random % (state().items - 40)
        timeline.see(first, first + 39)
        await settle()
        const seen = lines(first, first + 39)
        expect(seen).not.toContain('?')
        const ids = idsOf(seen)
        const from = rows.findIndex(({ activityId }) => activityId === ids[0])
        expect(ids).toEqual(rows.slice(from, from + ids.length).map(({ activityId }) => activityId))
      }
    },
  )
})

describe('what happens meanwhile', () => {
  it('comes in at the top, and the day is named once', async () => {
    await look(true)
    happen(2)
    await look(true)
    expect(lines(0, 4)).toEqual([22, 1002, 1001, 1000, 999])
    expect(asked.at(-1)).toEqual({ after: 1000, limit: PAGE_SIZE, filter: ALL_ACTIVITY })
    happen(150)
    await look(true)
    happen(150)
    await look(true)
    expect(lines(0, 2)).toEqual([22, 1302, 1301])
    const all = idsOf(lines(0, state().items - 1))
    expect(all).toEqual(rows.slice(0, all.length).map(({ activityId }) => activityId))
    expect(lines(0, 400).filter((line) => line === 22)).toHaveLength(1)
  })

  it('waits while one reads further down, and comes in when it is asked for', async () => {
    await look(true)
    const before = lines(0, 50)
    happen(3)
    await look(false)
    happen(4)
    await look(false)
    expect([state().newer, lines(0, 50)]).toEqual([7, before])
    await timeline.showNewer()
    expect([state().newer, lines(0, 2)]).toEqual([0, [22, 1007, 1006]])
    await look(true)
    expect(lines(0, 2)).toEqual([22, 1007, 1006])
  })

  it.each([true, false])(
    'begins the list anew where it is more than one answer holds; at the top: %s',
    async (isAtTop) => {
      await look(true)
      const before = lines(0, 50)
      happen(700)
      await look(isAtTop)
      if (!isAtTop) {
        expect([state().newer, lines(0, 50)]).toEqual([PAGE_SIZE, before])
        await timeline.showNewer()
      }
      await toTheEnd()
      timeline.see(0, 20)
      await settle()
      const ids = idsOf(lines(0, 20))
      expect(ids.slice(0, 3)).toEqual([1700, 1699, 1698])
      expect(state().items).toBeGreaterThan(1700)
    },
  )

  it('leaves nothing out where it came in two answers, of which the second is seen at the top', async () => {
    await look(true)
    happen(150)
    await look(false)
    happen(150)
    await look(true)
    await toTheEnd()
    timeline.see(0, 400)
    await settle()
    expect(idsOf(lines(0, 400)).slice(0, 350)).toEqual(rows.slice(0, 350).map(({ activityId }) => activityId))
  })

  it('keeps its place where the first page is not in memory', async () => {
    rows = history(3000)
    await look(true)
    await toTheEnd()
    expect(timeline.itemAt(1).kind).toBe('gone')
    happen(2)
    await look(false)
    await timeline.showNewer()
    timeline.see(0, 30)
    await settle()
    expect(lines(0, 5)).toEqual([22, 3002, 3001, 3000, 2999, 2998])
  })
})

describe('a list of what is seldom', () => {
  it('does not look again at what does not match', async () => {
    const all = history(1000)
    rows = []
    const quiet = new Timeline({ ...ALL_ACTIVITY, text: 'x' }, (query) => {
      asked.push(query)
      return Promise.resolve(rows)
    })
    await quiet.look(true, 1000)
    await quiet.look(true, 1005)
    await quiet.look(true, 1009)
    expect(asked.map(({ after }) => after)).toEqual([undefined, 1000, 1005])
    rows = all.slice(0, 1)
    await quiet.look(true, 1010)
    expect(quiet.state().items).toBe(2)
  })
})

describe('a question that fails', () => {
  it('is told, and asked again', async () => {
    failure = new Error('gone')
    await look(true)
    expect(state()).toMatchObject({ isLoaded: false, failure })
    failure = null
    timeline.retry()
    await settle()
    expect(state()).toMatchObject({ isLoaded: true, failure: null })
  })

  it('further down leaves what is there, and what is missing is asked for again', async () => {
    await look(true)
    const end = state().items - 1
    failure = new Error('gone')
    timeline.see(end - 20, end)
    await settle()
    expect(state()).toMatchObject({ items: end + 1, failure })
    failure = null
    timeline.retry()
    await settle()
    expect(state().failure).toBeNull()
    expect(lines(end, end + 1)).toEqual([801, 800])
  })
})
