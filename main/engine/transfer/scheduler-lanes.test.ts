import { setImmediate } from 'node:timers/promises'
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest'
import type { FolderId, JobId, UnixMs } from '../../../shared/ids.ts'
import type { FolderPriority } from '../../../shared/model/folder.ts'
import type { TransferChoice } from '../../../shared/model/transfer.ts'
import { FakeClock } from '../../../test/support/fake-clock.ts'
import { anEntry, hide, openStateBench, relative, upload, type StateBench } from '../../../test/support/state-bench.ts'
import { waitFor } from '../../../test/support/wait-for.ts'
import { silentLogger } from '../lib/logger.ts'
import type { JobAction } from '../model/action.ts'
import { LARGE_FILE_BYTES, type Job } from '../model/job.ts'
import { Lanes } from './lanes.ts'
import { Scheduler } from './scheduler.ts'

const HOUR_MS = 3_600_000

let bench: StateBench
let clock: FakeClock
let folderId: FolderId
let lanes: Lanes
let priorities: Map<FolderId, FolderPriority>

beforeEach(() => {
  bench = openStateBench()
  clock = new FakeClock()
  ;({ folderId } = bench.addFolder())
  lanes = new Lanes({ clock, memory: () => 0 })
  priorities = new Map()
})

const copy = (from: FolderId): JobAction => {
  const { path, fileId, sha1 } = anEntry('source')
  return { kind: 'copy', from: { folderId: from, path, fileId, sha1 }, reason: 'same-file' }
}
const names = (prefix: string, count: number) => Array.from({ length: count }, (_, i) => `${prefix}${i}`)
const job = (name: string) => bench.state.jobs.findForPath(folderId, relative(name))
const these = (id: JobId): TransferChoice => ({ kind: 'these', jobIds: [id] })
const jobId = (name: string) => job(name)?.jobId ?? (0 as never)
const pending = () => bench.state.folders.totals(folderId).pendingFiles

/** A scheduler whose attempts last until they are ended by name, or broken off. */
function start() {
  const ends = new Map<string, (outcome: 'done') => void>()
  const begun: Job[] = []
  const nothing = (): void => undefined
  const scheduler = new Scheduler({
    state: bench.state,
    clock,
    lanes,
    logger: silentLogger,
    run: async (each, signal) => {
      begun.push(each)
      const { promise, resolve, reject } = Promise.withResolvers<'done'>()
      ends.set(each.path, resolve)
      signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true })
      await promise
      if (each.kind === 'hide') return { kind: 'hidden' }
      return { kind: 'uploaded', entry: anEntry(each.path), uploadedAt: 1 as UnixMs }
    },
    heldFolders: () => [],
    priorityOf: (id) => priorities.get(id) ?? 'normal',
    probe: () => Promise.resolve(),
    isOpen: () => true,
    onStale: nothing,
    onFinished: nothing,
    onProgress: nothing,
    onChange: nothing,
  })
  scheduler.start()
  onTestFinished(() => scheduler.stop())
  const running = () => [...scheduler.running.values()].map((each) => each.job.path as string)
  return { scheduler, begun, running, end: (name: string) => ends.get(name)?.('done') }
}

describe('the priority of folders', () => {
  const LARGE = upload(LARGE_FILE_BYTES)
  const addFolder = (name: string, priority: FolderPriority): FolderId => {
    const folder = bench.addFolder(`/${name}`, `${name}/`)
    priorities.set(folder.folderId, priority)
    return folder.folderId
  }
  const order = (begun: readonly Job[]) => begun.map(({ path }) => path[0]).join('')

  it('gives one that goes first most of the turns, and those that go last some from the beginning', async () => {
    const [last, first, normal] = [addFolder('l', 'last'), addFolder('f', 'first'), addFolder('n', 'normal')]
    for (const [each, name] of [
      [last, 'l'],
      [first, 'f'],
      [normal, 'n'],
    ] as const) {
      bench.plan(each, names(name, 100), LARGE)
    }
    // As a ceiling: then nobody has room of their own.
    lanes.allow(4)
    const { begun, running, end } = start()
    await waitFor('the lane to be full', () => running().length === 4)
    for (let done = 0; done < 38; done += 1) {
      const [oldest = ''] = running()
      end(oldest)
      await waitFor('the next one', () => begun.length === 5 + done)
    }
    const of = (letter: string) => order(begun).split(letter).length - 1
    // Two rounds of 16, 4 and 1.
    expect([begun.length, of('f'), of('n'), of('l')]).toEqual([42, 32, 8, 2])
  })

  it('counts among small files at hand as well, from the moment it is changed', async () => {
    const [a, b] = [addFolder('a', 'normal'), addFolder('b', 'normal')]
    bench.plan(a, names('a', 200), upload(1))
    bench.plan(b, names('b', 200), upload(1))
    const { scheduler, begun, running, end } = start()
    await waitFor('the lane to be full', () => running().length === 8)
    expect(order(begun)).toBe('abababab')
    priorities.set(b, 'first')
    scheduler.reorder()
    for (let done = 0; done < 10; done += 1) {
      const [oldest = ''] = running()
      end(oldest)
      await waitFor('the next one', () => begun.length >= 9 + done)
    }
    expect(order(begun).slice(8, 18).split('b').length - 1).toBeGreaterThanOrEqual(8)
  })

  it('lets one begin beside large files of another that goes after it, and no more than four', async () => {
    const [last, normal] = [addFolder('l', 'last'), addFolder('n', 'normal')]
    bench.plan(last, names('l', 20), LARGE)
    const { scheduler, begun, running, end } = start()
    await waitFor('the lane to be full', () => running().length === 4)
    bench.plan(normal, names('n', 20), LARGE)
    scheduler.poke()
    await waitFor('those that go before', () => running().length === 8)
    expect(order(begun)).toBe('llllnnnn')
    // Where nobody is behind them they have no room of their own.
    for (const name of names('l', 4)) end(name)
    await waitFor('the next ones', () => begun.length >= 12)
    expect(running()).toHaveLength(8)
  })

  it('changes nothing of what a person asks for', async () => {
    const [last, first] = [addFolder('l', 'last'), addFolder('f', 'first')]
    bench.plan(first, names('f', 20), LARGE)
    bench.plan(last, names('l', 20), LARGE)
    const asked = bench.state.jobs.findForPath(last, relative('l7'))?.jobId ?? (0 as never)
    bench.state.transaction(() => bench.state.jobLists.hurry(these(asked)))
    const { begun } = start()
    await waitFor('the first ones', () => begun.length >= 4)
    expect(begun[0]?.path).toBe('l7')
  })
})

describe('lanes', () => {
  it('do not wait for each other: among large files under way small ones are sent, and B2 copies', async () => {
    bench.plan(folderId, names('large', 20), upload(LARGE_FILE_BYTES))
    bench.plan(folderId, names('small', 20), upload(LARGE_FILE_BYTES - 1))
    bench.plan(folderId, names('copied', 20), copy(folderId))
    const { running } = start()
    await waitFor('all lanes to be full', () => running().length === 4 + 8 + 8)
    const of = (prefix: string) => running().filter((name) => name.startsWith(prefix)).length
    expect([of('large'), of('small'), of('copied')]).toEqual([4, 8, 8])
  })

  it('let names be hidden behind the small files that are to be sent, whichever was planned first', async () => {
    bench.plan(folderId, names('hidden', 3), hide)
    bench.plan(folderId, names('small', 10), upload(1))
    const { running, end } = start()
    await waitFor('the lane to be full', () => running().length === 8)
    expect(running()).toEqual(names('small', 8))
    for (const name of names('small', 10)) {
      await waitFor(`${name} to be under way`, () => running().includes(name))
      end(name)
    }
    await waitFor('the names to be hidden', () => running().join() === names('hidden', 3).join())
  })

  it('go on each by itself, in its own order', async () => {
    bench.plan(folderId, names('large', 6), upload(LARGE_FILE_BYTES))
    bench.plan(folderId, names('small', 10), upload(1))
    const { running, end } = start()
    await waitFor('both to be full', () => running().length === 12)
    for (const name of ['small3', 'small5']) end(name)
    await waitFor('the next small ones', () => running().includes('small9'))
    expect(running().filter((name) => name.startsWith('large'))).toEqual(names('large', 4))
    end('large2')
    await waitFor('the next large one', () => running().includes('large4'))
    expect(running()).not.toContain('large5')
  })

  it('lease of large files no more than there is room for: whatever becomes urgent is the next one', async () => {
    bench.plan(folderId, names('large', 20), upload(LARGE_FILE_BYTES))
    const { scheduler, running, end } = start()
    await waitFor('the lane to be full', () => running().length === 4)
    expect(bench.state.jobs.listWaitingLines()).toMatchObject([{ lane: 'large' }])
    scheduler.hurry(these(jobId('large17')))
    end('large0')
    await waitFor('the urgent one', () => running().includes('large17'))
    expect(running()).not.toContain('large4')
  })

  it('give back what is at hand when a person asks for a job, so that it goes before it', async () => {
    bench.plan(folderId, names('small', 30), upload(1))
    const { scheduler, running, end } = start()
    await waitFor('eight to run', () => running().length === 8)
    scheduler.hurry(these(jobId('small29')))
    end('small0')
    await waitFor('the one that is asked for', () => running().includes('small29'))
    expect(running()).toHaveLength(8)
  })

  it('let folders take turns, one large file each', async () => {
    const other = bench.addFolder('/other', 'other/').folderId
    bench.plan(folderId, names('a', 10), upload(LARGE_FILE_BYTES))
    bench.plan(other, names('b', 3), upload(LARGE_FILE_BYTES))
    lanes.allow(1)
    const { begun, end } = start()
    for (let i = 1; i <= 6; i += 1) {
      await waitFor('the next one', () => begun.length === i)
      end(begun.at(-1)?.path ?? '')
    }
    expect(begun.slice(0, 6).map(({ path }) => path)).toEqual(['a0', 'b0', 'a1', 'b1', 'a2', 'b2'])
  })

  it('let small files go at once, four at a time, where larger ones fill the lane', async () => {
    bench.plan(folderId, names('slow', 20), upload(LARGE_FILE_BYTES - 1))
    const { scheduler, running, end } = start()
    await waitFor('the lane to be full', () => running().length === 8)
    bench.plan(folderId, names('quick', 6), upload(1_000_000))
    scheduler.poke()
    await waitFor('four more', () => running().length === 8 + 4)
    expect(running().filter((name) => name.startsWith('quick'))).toEqual(names('quick', 4))
    end('quick1')
    await waitFor('the next small one', () => running().includes('quick4'))
    expect(running()).toHaveLength(8 + 4)
  })

  it('let small files of one folder go at once where another one fills the lane', async () => {
    const other = bench.addFolder('/other', 'other/').folderId
    bench.plan(folderId, names('slow', 20), upload(LARGE_FILE_BYTES - 1))
    const { scheduler, running, end } = start()
    await waitFor('the lane to be full', () => running().length === 8)
    bench.plan(other, names('quick', 8), upload(1))
    scheduler.poke()
    for (const name of names('quick', 8)) {
      await waitFor(`${name} to be under way`, () => running().includes(name))
      end(name)
    }
  })

  it('let a large file that is asked for begin at once among others', async () => {
    bench.plan(folderId, names('large', 20), upload(LARGE_FILE_BYTES))
    const { scheduler, running } = start()
    await waitFor('the lane to be full', () => running().length === 4)
    scheduler.hurry(these(jobId('large17')))
    await waitFor('the urgent one', () => running().length === 5)
    expect(running()).toContain('large17')
  })

  it('let no more small files go than the lane has room for, where only those are under way', async () => {
    // B2 has turned so much away that five are enough.
    for (let i = 0; i < 3; i += 1) lanes.refused(0)
    bench.plan(folderId, names('quick', 20), upload(1))
    bench.plan(folderId, names('slow', 20), upload(LARGE_FILE_BYTES - 1))
    const { scheduler, running } = start()
    await waitFor('the lane to be full', () => running().length >= 5)
    scheduler.poke()
    await setImmediate()
    expect(running()).toEqual(names('quick', 5))
  })

  it('ask once for a job that is gone when its time comes', async () => {
    bench.plan(folderId, ['a'], upload(1))
    const { scheduler, running } = start()
    await waitFor('it to run', () => running().length === 1)
    await scheduler.putOff(these(jobId('a')))
    // By now it has looked when that will be.
    for (let turn = 0; turn < 20; turn += 1) await setImmediate()
    const { leaseJobs } = bench.state
    let asked = 0
    bench.state.leaseJobs = (...wanted) => {
      asked += 1
      return leaseJobs(...wanted)
    }
    bench.state.transaction(() => bench.state.jobs.dropAll(folderId))
    clock.advance(HOUR_MS)
    await waitFor('it to be asked for', () => asked > 0)
    for (let turn = 0; turn < 20; turn += 1) {
      clock.advance(1)
      await setImmediate()
    }
    expect(asked).toBe(1)
  })

  it('keep to what a person allows, and give the next place there to a small file', async () => {
    bench.plan(folderId, names('slow', 20), upload(LARGE_FILE_BYTES - 1))
    lanes.allow(2)
    const { scheduler, running, end } = start()
    await waitFor('the lane to be full', () => running().length === 2)
    bench.plan(folderId, ['quick'], upload(1))
    scheduler.poke()
    end('slow0')
    await waitFor('the small one', () => running().includes('quick'))
    expect(running()).toEqual(['slow1', 'quick'])
  })

  it('have as much room as a person allows, and another amount as soon as that is said', async () => {
    bench.plan(folderId, names('small', 40), upload(1))
    bench.plan(folderId, names('large', 10), upload(LARGE_FILE_BYTES))
    lanes.allow(2)
    const { scheduler, running, end } = start()
    await waitFor('two of each', () => running().length === 4)
    lanes.allow(1)
    for (const name of ['small0', 'large0']) end(name)
    await waitFor('one of each', () => running().length === 2)
    lanes.allow(null)
    scheduler.poke()
    await waitFor('as many as it likes', () => running().length === 4 + 8)
  })
})

describe('a transfer that a person does not want now', () => {
  it('is broken off, waits for an hour, and is asked about in the bucket before it is sent', async () => {
    bench.plan(folderId, ['a'], upload(1))
    const { scheduler, begun, running, end } = start()
    await waitFor('it to run', () => running().length === 1)
    await scheduler.putOff(these(jobId('a')))
    expect(running()).toEqual([])
    expect(job('a')).toMatchObject({ isPutOff: true, isUncertain: true, notBefore: clock.now() + HOUR_MS, code: null })
    clock.advance(HOUR_MS - 1)
    expect(begun).toHaveLength(1)
    clock.advance(1)
    await waitFor('the second attempt', () => begun.length === 2)
    expect(begun[1]).toMatchObject({ isUncertain: true })
    end('a')
    await waitFor('its end', () => pending() === 0)
  })

  it('makes room for the others at once', async () => {
    bench.plan(folderId, names('small', 9), upload(1))
    const { scheduler, running } = start()
    await waitFor('eight to run', () => running().length === 8)
    await scheduler.putOff(these(jobId('small2')))
    await waitFor('the ninth', () => running().includes('small8'))
  })

  it('can be one that waits for its turn, at hand or not', async () => {
    bench.plan(folderId, names('small', 200), upload(1))
    const { scheduler, running, end } = start()
    await waitFor('eight to run', () => running().length === 8)
    // Of these 128 are leased.
    for (const name of ['small8', 'small199']) await scheduler.putOff(these(jobId(name)))
    expect([job('small8'), job('small199')]).toMatchObject([
      { isPutOff: true, isUncertain: false },
      { isPutOff: true, isUncertain: false },
    ])
    end('small0')
    await waitFor('the next one', () => running().includes('small9'))
  })

  it('is tried at once when a person asks for it after all', async () => {
    bench.plan(folderId, ['a'], upload(1))
    const { scheduler, begun, running } = start()
    await waitFor('it to run', () => running().length === 1)
    await scheduler.putOff(these(jobId('a')))
    scheduler.hurry(these(jobId('a')))
    await waitFor('it to run again', () => scheduler.running.size === 1)
    // B2 is asked first whether it has what was broken off, half a second after that.
    clock.advance(500)
    await waitFor('the second attempt', () => begun.length === 2)
  })

  it('stays done when it ended at that very moment, and an unknown one is no error', async () => {
    bench.plan(folderId, ['a'], upload(1))
    const { scheduler, running, end } = start()
    await waitFor('it to run', () => running().length === 1)
    const id = jobId('a')
    end('a')
    await waitFor('its end', () => pending() === 0)
    await scheduler.putOff(these(id))
    expect(job('a')).toBeUndefined()
  })
})
