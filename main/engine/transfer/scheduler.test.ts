import { join } from 'node:path'
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest'
import { EngineError, type ErrorCode } from '../../../shared/errors.ts'
import { Sha1Hex, type AbsolutePath, type FolderId, type RelativePath, type UnixMs } from '../../../shared/ids.ts'
import { FakeClock } from '../../../test/support/fake-clock.ts'
import { tempFolder } from '../../../test/support/temp-folder.ts'
import { waitFor } from '../../../test/support/wait-for.ts'
import { silentLogger } from '../lib/logger.ts'
import type { Job } from '../model/job.ts'
import { openState, type State } from '../state/state.ts'
import type { Outcome } from './outcome.ts'
import { Scheduler, type SchedulerOptions } from './scheduler.ts'

let state: State
let clock: FakeClock
let folderId: FolderId

beforeEach(() => {
  state = openState(join(tempFolder(), 'pail.db'))
  clock = new FakeClock()
  onTestFinished(() => state.close())
  const place = { bucketId: 'b', bucketName: 'bucket', bucketType: 'allPrivate', prefix: '' }
  folderId = state.folders.add({ root: '/root' as AbsolutePath, ...place }).folderId
})

function plan(...names: readonly string[]): void {
  state.recordPlan(
    folderId,
    names.map((name) => ({
      path: name as RelativePath,
      action: { kind: 'upload', sizeBytes: 1, reason: 'new' },
      notBefore: 0 as UnixMs,
    })),
  )
}

function uploaded({ path }: Job): Outcome {
  const fingerprint = { sizeBytes: 1, mtimeMs: 1, ctimeMs: 1, ino: 1 }
  const entry = { path, fingerprint, sha1: Sha1Hex.parse('a'.repeat(40)), fileId: 'f' }
  return { kind: 'uploaded', entry, uploadedAt: 1 as UnixMs }
}

function start(run: SchedulerOptions['run'], options: Partial<SchedulerOptions> = {}): Scheduler {
  const nothing = (): void => undefined
  const scheduler = new Scheduler({
    state,
    clock,
    logger: silentLogger,
    run,
    heldFolders: () => [],
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

  it('gives leases back that it did not use', async () => {
    plan(...Array.from({ length: 20 }, (_, i) => `f${i}`))
    const scheduler = start((_, signal) => untilAborted(signal))
    await waitFor('eight to run', () => scheduler.running.size === 8)
    await scheduler.stop()
    const seen: Job[] = []
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
    start(
      (each) => {
        seen.push(each)
        return Promise.resolve(uploaded(each))
      },
      { state: { ...state, commitUpload } },
    )
    await waitFor('the first attempt', () => seen.length === 1)
    isFull = false
    clock.advance(60_000)
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
})
