import { beforeEach, describe, expect, it, onTestFinished } from 'vitest'
import { EngineError, type ErrorCode } from '../../../shared/errors.ts'
import type { FolderId, RelativePath, UnixMs } from '../../../shared/ids.ts'
import { FakeClock } from '../../../test/support/fake-clock.ts'
import { anEntry, hide, openStateBench, relative, upload, type StateBench } from '../../../test/support/state-bench.ts'
import { waitFor } from '../../../test/support/wait-for.ts'
import { silentLogger } from '../lib/logger.ts'
import type { Job } from '../model/job.ts'
import type { State } from '../state/state.ts'
import { Lanes } from './lanes.ts'
import type { Outcome } from './outcome.ts'
import { Scheduler, type SchedulerOptions } from './scheduler.ts'

let bench: StateBench
let state: State
let clock: FakeClock
let folderId: FolderId

beforeEach(() => {
  bench = openStateBench()
  state = bench.state
  clock = new FakeClock()
  ;({ folderId } = bench.addFolder())
})

const plan = (...names: readonly string[]) => bench.plan(folderId, names, upload(1))

function uploaded({ path }: Job): Outcome {
  return { kind: 'uploaded', entry: anEntry(path), uploadedAt: 1 as UnixMs }
}

function start(run: SchedulerOptions['run'], options: Partial<SchedulerOptions> = {}): Scheduler {
  const nothing = (): void => undefined
  const scheduler = new Scheduler({
    state,
    clock,
    lanes: new Lanes({ clock, memory: () => 0 }),
    logger: silentLogger,
    run,
    heldFolders: () => [],
    priorityOf: () => 'normal',
    probe: () => Promise.resolve(),
    isOpen: () => true,
    onStale: nothing,
    onFinished: nothing,
    onProgress: nothing,
    onChange: nothing,
    ...options,
  })
  scheduler.start()
  onTestFinished(async () => {
    await scheduler.stop()
  })
  return scheduler
}

const untilAborted = (signal: AbortSignal): Promise<never> =>
  new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true }))
const pending = () => state.folders.totals(folderId).pendingFiles
const job = (name: string) => state.jobs.findForPath(folderId, name as RelativePath)

describe('Scheduler', () => {
  it('runs everything that is due, eight at a time', async () => {
    let running = 0
    let most = 0
    plan(...Array.from({ length: 100 }, (_, i) => `f${i}`))
    start(async (each) => {
      running += 1
      most = Math.max(most, running)
      await new Promise(setImmediate)
      running -= 1
      return uploaded(each)
    })
    await waitFor('all jobs', () => pending() === 0)
    expect(most).toBe(8)
    expect(state.folders.totals(folderId).syncedFiles).toBe(100)
  })

  it('lets others begin while what is done is not on disk yet', async () => {
    let begun = 0
    let pendingAtLast = 0
    plan(...Array.from({ length: 30 }, (_, i) => `f${i}`))
    start((each) => {
      begun += 1
      pendingAtLast = pending()
      return Promise.resolve(uploaded(each))
    })
    await waitFor('all jobs', () => pending() === 0)
    expect(begun).toBe(30)
    expect(pendingAtLast).toBeGreaterThan(8)
  })

  it('lets no more than some hundred wait to be written down, however fast they end', async () => {
    let begun = 0
    let most = 0
    plan(...Array.from({ length: 2000 }, (_, i) => `f${i}`))
    start((each) => {
      begun += 1
      most = Math.max(most, begun - state.folders.totals(folderId).syncedFiles)
      return Promise.resolve(uploaded(each))
    })
    await waitFor('all jobs', () => pending() === 0)
    expect(begun).toBe(2000)
    // Those that wait and those that have their place.
    expect(most).toBeLessThanOrEqual(512 + 128)
  })

  it('tries a job again when its time has come, and counts', async () => {
    let tries = 0
    plan('a')
    start((each) => {
      tries += 1
      if (tries < 3) throw new EngineError('b2_service_error', 'busy')
      return Promise.resolve(uploaded(each))
    })
    await waitFor('the first failure', () => job('a')?.attempts === 1)
    expect(job('a')).toMatchObject({ code: 'b2_service_error', notBefore: clock.now() + 5000 })
    clock.advance(4999)
    expect(tries).toBe(1)
    clock.advance(1)
    await waitFor('the second failure', () => job('a')?.attempts === 2)
    clock.advance(10_000)
    await waitFor('the success', () => pending() === 0)
    expect(state.activity.list(10).map(({ verb }) => verb)).toEqual(['uploaded', 'failed'])
  })

  it('asks for another look where the plan is old', async () => {
    const stale: string[] = []
    plan('a')
    start(() => Promise.reject(new EngineError('file_changed_while_reading', 'changed')), {
      onStale: ({ path }) => stale.push(path),
    })
    await waitFor('the look', () => stale.length > 0)
    expect([stale, pending()]).toEqual([['a'], 0])
  })

  it('holds everything until a probe succeeds', async () => {
    let isDown = true
    const tried: string[] = []
    plan('a', 'b', 'c')
    const down = () => new EngineError('network_unreachable', 'down')
    const scheduler = start(
      (each) => {
        tried.push(each.path)
        return isDown ? Promise.reject(down()) : Promise.resolve(uploaded(each))
      },
      { probe: () => (isDown ? Promise.reject(down()) : Promise.resolve()) },
    )
    await waitFor('the hold', () => scheduler.holds.all !== null && scheduler.running.size === 0)
    const { length } = tried
    const since = scheduler.holds.all?.since
    clock.advance(2000)
    await waitFor('a failed probe', () => scheduler.holds.all?.failures === 1)
    expect([tried.length, scheduler.holds.all?.since]).toEqual([length, since])
    isDown = false
    clock.advance(60_000)
    await waitFor('all jobs', () => pending() === 0)
    expect(scheduler.holds.all).toBeNull()
  })

  it('does not sleep over a hold that becomes due just after it has looked', async () => {
    let passes = 0
    const scheduler = start((each) => Promise.resolve(uploaded(each)), {
      // Asked right after the look at the hold: time passes there once.
      isOpen: () => {
        clock.advance(passes)
        passes = 0
        return true
      },
    })
    scheduler.holdAll('network_unreachable', {})
    passes = 2000
    await waitFor('the hold to end', () => {
      // Ends sleeps of no length, and no others.
      clock.advance(0)
      return scheduler.holds.all === null
    })
  })

  it('is not thrown by a client that is replaced while it is probed', async () => {
    let probes = 0
    const scheduler = start((each) => Promise.resolve(uploaded(each)), {
      probe: () => (++probes === 1 ? Promise.reject(new DOMException('closed', 'AbortError')) : Promise.resolve()),
    })
    scheduler.holdAll('network_unreachable', {})
    clock.advance(5000)
    await waitFor('the hold to end', () => scheduler.holds.all === null)
    expect(probes).toBe(2)
  })

  it('lets one job of a held folder go ahead when the hold has had its time', async () => {
    let isGone = true
    let most = 0
    plan('a', 'b', 'c')
    const scheduler = start(async (each) => {
      await new Promise(setImmediate)
      if (isGone) throw new EngineError('bucket_missing', 'gone')
      most = Math.max(most, scheduler.running.size)
      return uploaded(each)
    })
    await waitFor('the hold', () => scheduler.holds.folders.has(folderId) && scheduler.running.size === 0)
    expect(pending()).toBe(3)
    isGone = false
    clock.advance(300_000)
    await waitFor('all jobs', () => pending() === 0)
    expect(scheduler.holds.folders.size).toBe(0)
  })

  it('ends the hold of a folder that has nothing left to do', async () => {
    plan('a')
    let code: ErrorCode = 'bucket_missing'
    const scheduler = start(() => Promise.reject(new EngineError(code, 'gone')))
    await waitFor('the hold', () => scheduler.holds.folders.has(folderId) && scheduler.running.size === 0)
    // Its only file was deleted meanwhile.
    code = 'file_vanished'
    clock.advance(300_000)
    await waitFor('the hold to end', () => scheduler.holds.folders.size === 0)
  })

  it('asks the bucket before it sends what was broken off, also after a restart', async () => {
    plan('a', 'b')
    let isOpen = true
    const scheduler = start((_, signal) => untilAborted(signal), { isOpen: () => isOpen })
    await waitFor('both to run', () => scheduler.running.size === 2)
    // As pausing does.
    isOpen = false
    await scheduler.interrupt()
    await scheduler.stop()
    const seen: Job[] = []
    isOpen = true
    state.beginRun()
    start(
      (each) => {
        seen.push(each)
        return Promise.resolve(uploaded(each))
      },
      { isOpen: () => isOpen },
    )
    await waitFor('all jobs', () => pending() === 0)
    expect(seen.map(({ isUncertain }) => isUncertain)).toEqual([true, true])
  })

  it('asks the bucket a moment after it broke something off: what had left may still be on its way', async () => {
    plan('a')
    let isOpen = true
    const seen: Job[] = []
    const scheduler = start(
      (each, signal) => {
        seen.push(each)
        return seen.length === 1 ? untilAborted(signal) : Promise.resolve(uploaded(each))
      },
      { isOpen: () => isOpen },
    )
    await waitFor('it to run', () => scheduler.running.size === 1)
    isOpen = false
    await scheduler.interrupt()
    isOpen = true
    scheduler.poke()
    await waitFor('it to run again', () => scheduler.running.size === 1)
    clock.advance(499)
    await new Promise(setImmediate)
    expect(seen).toHaveLength(1)
    clock.advance(1)
    await waitFor('all jobs', () => pending() === 0)
    expect(seen.map(({ isUncertain }) => isUncertain)).toEqual([false, true])
  })

  it('gives leases back that it did not use', async () => {
    plan(...Array.from({ length: 20 }, (_, i) => `f${i}`))
    const scheduler = start((_, signal) => untilAborted(signal))
    await waitFor('eight to run', () => scheduler.running.size === 8)
    await scheduler.stop()
    const seen: Job[] = []
    state.beginRun()
    start((each) => {
      seen.push(each)
      return Promise.resolve(uploaded(each))
    })
    await waitFor('all jobs', () => pending() === 0)
    expect(seen.filter(({ isUncertain }) => isUncertain)).toHaveLength(8)
  })

  it('asks the bucket before it sends again what arrived and could not be recorded', async () => {
    const seen: Job[] = []
    let isFull = true
    plan('a')
    const commitUpload: State['commitUpload'] = (...args) => {
      if (isFull) throw new EngineError('disk_full', 'full')
      state.commitUpload(...args)
    }
    const scheduler = start(
      (each) => {
        seen.push(each)
        return Promise.resolve(uploaded(each))
      },
      { state: { ...state, commitUpload } },
    )
    await waitFor('the hold', () => scheduler.holds.all?.code === 'disk_full')
    isFull = false
    await waitFor('the second', () => {
      clock.advance(10_000)
      return pending() === 0
    })
    expect(seen.map(({ isUncertain }) => isUncertain)).toEqual([false, true])
  })

  it('logs a bug, keeps the job, and goes on with the others', async () => {
    plan('bad', 'good')
    start((each) => {
      if (each.path === 'bad') throw new TypeError('cannot read properties of undefined')
      return Promise.resolve(uploaded(each))
    })
    await waitFor('the good one', () => job('good') === undefined)
    await waitFor('the bad one', () => job('bad')?.code === 'bug')
  })

  it('does nothing while it is closed', async () => {
    let isOpen = false
    plan('a')
    const scheduler = start((each) => Promise.resolve(uploaded(each)), { isOpen: () => isOpen })
    clock.advance(1e9)
    expect(pending()).toBe(1)
    isOpen = true
    scheduler.poke()
    await waitFor('the job', () => pending() === 0)
  })

  it('records each good end as what it was', async () => {
    const touched = anEntry('touched', { fingerprint: { mtimeMs: 77 } })
    const outcomes: Record<string, Outcome> = {
      sent: { kind: 'uploaded', entry: anEntry('sent'), uploadedAt: 5 as UnixMs },
      copied: { kind: 'copied', entry: anEntry('copied'), uploadedAt: 5 as UnixMs },
      adopted: { kind: 'adopted', entry: anEntry('adopted'), uploadedAt: 5 as UnixMs },
      touched: { kind: 'touched', entry: touched },
      hidden: { kind: 'hidden' },
      deleted: { kind: 'deleted', older: { files: 0, bytes: 0 } },
      needless: { kind: 'needless' },
    }
    const lost = ['hidden', 'deleted']
    bench.agree(folderId, ...['touched', 'needless', ...lost].map((name) => anEntry(name)))
    bench.lose(folderId, lost, 0)
    plan('sent', 'copied', 'adopted', 'touched', 'needless')
    bench.plan(folderId, lost, hide)
    const finished: string[] = []
    start(({ path }) => Promise.resolve(outcomes[path] ?? { kind: 'needless' }), {
      onFinished: ({ path }, { kind }) => finished.push(`${path}: ${kind}`),
    })
    await waitFor('all jobs', () => pending() === 0)
    expect(finished.sort()).toEqual([
      'adopted: adopted',
      'copied: copied',
      'deleted: deleted',
      'hidden: hidden',
      'needless: needless',
      'sent: uploaded',
      'touched: touched',
    ])
    const verbs = state.activity.list(10).map(({ path, verb }) => `${path}: ${verb}`)
    expect(verbs.sort()).toEqual([
      'adopted: adopted',
      'copied: copied',
      'deleted: deleted',
      'hidden: hidden',
      'sent: uploaded',
    ])
    expect(Object.keys(outcomes).filter((name) => state.base.find(folderId, relative(name)))).toEqual([
      'sent',
      'copied',
      'adopted',
      'touched',
      'needless',
    ])
    expect(state.base.find(folderId, relative('touched'))).toEqual(touched)
  })

  it('lets a name go only when the copy from it is recorded', async () => {
    const { sha1, fileId } = anEntry('old name')
    bench.agree(folderId, anEntry('old name'))
    bench.lose(folderId, ['old name'], 0)
    bench.lose(folderId, ['old name'], 30_000)
    const from = { folderId, path: relative('old name'), fileId, sha1 }
    bench.plan(folderId, ['new name'], { kind: 'copy', from, reason: 'same-file' })
    expect(state.losses.hasReady(folderId)).toBe(false)
    const seen: Job[] = []
    start((each) => {
      seen.push(each)
      const entry = anEntry('new name', { content: 'content of old name' })
      return Promise.resolve({ kind: 'copied', entry, uploadedAt: 1 as UnixMs })
    })
    await waitFor('the copy', () => pending() === 0)
    expect(seen).toMatchObject([{ path: 'new name', kind: 'copy', from }])
    expect(state.losses.hasReady(folderId)).toBe(true)
    expect(state.losses.countOpen(folderId, 'absent')).toBe(0)
  })

  it('plans a copy whose file changed anew, and keeps one that fails in passing', async () => {
    const stale: string[] = []
    const from = { folderId, path: relative('old name'), fileId: 'f', sha1: anEntry('old name').sha1 }
    bench.plan(folderId, ['changed', 'slow'], { kind: 'copy', from, reason: 'same-file' })
    start(
      ({ path }) => Promise.reject(new EngineError(path === 'slow' ? 'timeout' : 'file_changed_while_reading', '')),
      {
        onStale: ({ path }) => stale.push(path),
      },
    )
    await waitFor('both to fail', () => job('slow')?.code === 'timeout' && stale.length === 1)
    expect([stale, job('changed')]).toEqual([['changed'], undefined])
    expect(job('slow')).toMatchObject({ kind: 'copy', from, attempts: 1 })
  })

  it('keeps the jobs of a folder that is held by others, also those it has leased already', async () => {
    let isHeld = false
    const seen: string[] = []
    plan(...Array.from({ length: 20 }, (_, i) => `f${i}`))
    const scheduler = start(
      (each, signal) => {
        seen.push(each.path)
        return isHeld || seen.length <= 8 ? untilAborted(signal) : Promise.resolve(uploaded(each))
      },
      { heldFolders: () => (isHeld ? [folderId] : []) },
    )
    await waitFor('eight to run', () => scheduler.running.size === 8)
    isHeld = true
    await scheduler.interrupt(folderId)
    scheduler.poke()
    await new Promise(setImmediate)
    expect([scheduler.running.size, seen.length, pending()]).toEqual([0, 8, 20])
    isHeld = false
    scheduler.poke()
    clock.advance(1000)
    await waitFor('all jobs', () => pending() === 0)
  })
})
