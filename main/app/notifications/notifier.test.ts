import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { NO_DROPS } from '../../../shared/model/drop.ts'
import type { EngineSnapshot } from '../../../shared/model/snapshot.ts'
import { NO_LINKS } from '../../../shared/model/link.ts'
import type { Problem } from '../../../shared/model/problem.ts'
import type { Status } from '../../../shared/model/status.ts'
import type { News } from './news.ts'
import { Notifier } from './notifier.ts'

const upToDate: Status = { kind: 'up-to-date', files: 12, checkedAt: 0 as never }
const sending: Status = { kind: 'sending', files: 2, bytes: 10, bytesPerSecond: 5, secondsLeft: 2 }

function snapshotWith(status: Status, problems: readonly Problem[] = []): EngineSnapshot {
  return {
    status,
    isPaused: false,
    pausedUntil: null,
    bandwidth: { up: null, down: null, until: null },
    account: { kind: 'none' },
    health: { kind: 'unknown' },
    storage: {
      current: { files: 0, bytes: 0 },
      old: { files: 0, bytes: 0 },
      unfinished: { files: 0, bytes: 0 },
      countedAt: null,
      capBytes: null,
    },
    links: NO_LINKS,
    folders: [],
    transfers: { sending: [], sendingCount: 0, waitingCount: 0, failedCount: 0, most: null },
    drops: NO_DROPS,
    problems: [...problems],
    problemCount: problems.length,
    throughput: [],
    recent: [],
    lastActivityId: 0,
  }
}

const problem = (path: string, code: Problem['code'] = 'file_unreadable'): Problem => ({
  problemId: `file:1:${path}:${code}`,
  code,
  scope: 'file',
  folderId: null,
  path: path as Problem['path'],
  since: 0 as Problem['since'],
  details: {},
})

describe('Notifier', () => {
  let told: News[]
  let isWatched: boolean
  let wanted: boolean
  let notifier: Notifier

  beforeEach(() => {
    vi.useFakeTimers()
    told = []
    isWatched = false
    wanted = true
    notifier = new Notifier({ show: (news) => told.push(news), isWatched: () => isWatched, isWanted: () => wanted })
  })

  afterEach(() => {
    notifier.stop()
    vi.useRealTimers()
  })

  const snapshots = (...each: readonly EngineSnapshot[]): void => {
    for (const snapshot of each) {
      notifier.snapshotChanged(snapshot)
      vi.advanceTimersByTime(10_000)
    }
  }

  it('tells of what goes wrong together once, and of what comes later once more', () => {
    const [a, b, c] = [problem('a'), problem('b'), problem('c')]
    notifier.snapshotChanged(snapshotWith(upToDate, [a]))
    snapshots(snapshotWith(upToDate, [a, b]), snapshotWith(upToDate, [a, b]), snapshotWith(upToDate, [a, b, c]))
    expect(told.map(({ body }) => body.split('\n')[0])).toEqual(['2 files: a, b', 'c'])
  })

  it('tells again of what was mended and came back', () => {
    snapshots(snapshotWith(upToDate, [problem('a')]), snapshotWith(upToDate), snapshotWith(upToDate, [problem('a')]))
    expect(told).toHaveLength(2)
  })

  it('is silent about what passes by itself, and about what passed while it was gathered', () => {
    snapshots(snapshotWith(upToDate, [problem('a', 'timeout')]))
    notifier.snapshotChanged(snapshotWith(upToDate, [problem('b')]))
    snapshots(snapshotWith(upToDate))
    expect(told).toEqual([])
  })

  it('is silent while a person looks at the window, and does not tell them later what they saw', () => {
    isWatched = true
    snapshots(snapshotWith(upToDate, [problem('a')]))
    isWatched = false
    snapshots(snapshotWith(upToDate, [problem('a')]))
    expect(told).toEqual([])
  })

  it('is silent about a kind that is not wanted', () => {
    wanted = false
    snapshots(snapshotWith(upToDate, [problem('a')]))
    expect(told).toEqual([])
  })

  it('tells that long work is done, pauses in between included, and nothing about a short one', () => {
    snapshots(snapshotWith(sending), snapshotWith(upToDate))
    expect(told).toEqual([])
    snapshots(snapshotWith(sending), snapshotWith({ kind: 'checking', filesSeen: 1 }), snapshotWith(sending))
    vi.advanceTimersByTime(60_000)
    snapshots(snapshotWith(upToDate))
    expect(told.map(({ title }) => title)).toEqual(['Everything is in B2'])
  })

  const reason = { kind: 'crashed', exitCode: 1, signal: null } as const
  const crash = (servedMs: number): void => {
    notifier.engineStateChanged({ kind: 'running' })
    snapshots(snapshotWith(upToDate))
    vi.advanceTimersByTime(servedMs)
    notifier.engineStateChanged({ kind: 'restarting', reason, waitMs: 1000 })
  }
  const titles = () => told.map(({ title }) => title)

  it('tells of a crash once, however often the engine is started again, and once more when it stays down', () => {
    for (const waitMs of [1000, 2000]) notifier.engineStateChanged({ kind: 'restarting', reason, waitMs })
    notifier.engineStateChanged({ kind: 'failed', reason })
    expect(titles()).toEqual(['Pail started again', 'Pail has stopped syncing'])
    crash(0)
    expect(told).toHaveLength(3)
  })

  it('tells of crashes in a row once, also where the engine serves in between, and again after it was healthy', () => {
    for (const _ of [1, 2, 3]) crash(20_000)
    expect(titles()).toEqual(['Pail started again'])
    crash(60_000)
    expect(titles()).toEqual(['Pail started again', 'Pail started again'])
  })
})
