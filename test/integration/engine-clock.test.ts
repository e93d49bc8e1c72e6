/**
 * A clock that somebody sets, or that went on while the machine slept, while something waits: nothing waits for as long
 * as the clock was moved, and what was promised for a time of day holds at that time of day.
 */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { pauseEnd } from '../../shared/text/pause-text.ts'
import { createScenarioClock } from '../support/scenario-clock.ts'
import { openBench, type Bench } from '../support/test-bench.ts'
import { waitFor } from '../support/wait-for.ts'

const HOUR = 3_600_000

let bench: Bench
let clock: ReturnType<typeof createScenarioClock>

beforeEach(async () => {
  clock = createScenarioClock(10)
  bench = await openBench({ clock, isWitnessed: true })
  bench.write('a', 'a')
  await bench.begin()
})
afterEach(async () => {
  await bench.engine.stop()
  bench.expectInvariants()
  await bench.close()
})

const moves = [
  ['ahead by a night', 9 * HOUR],
  ['ahead by an hour', HOUR],
  ['back by an hour', -HOUR],
  ['back by a day', -24 * HOUR],
] as const

describe.each(moves)('a clock that goes %s', (_, byMs) => {
  it('while nothing is to be done keeps nothing from being sent, and sends nothing again', async () => {
    clock.jump(byMs)
    bench.write('b', 'b')
    await bench.untilInSync()
    expect(bench.uploads()).toEqual(['a', 'b'])
    expect(bench.hides()).toEqual([])
  })

  it('while a file is about to come to rest takes it all the same', async () => {
    bench.write('b', 'b')
    clock.jump(byMs)
    await bench.untilInSync()
    expect(bench.uploads()).toEqual(['a', 'b'])
  })
})

describe('a pause with an end', () => {
  const pause = () => bench.engine.api.pause({ until: pauseEnd('two-hours', clock.now()) })

  it('is over after a sleep in which that time went by', async () => {
    await pause()
    bench.write('b', 'b')
    await bench.untilStatus('paused')
    clock.jump(9 * HOUR)
    await bench.untilInSync()
    expect(bench.uploads()).toEqual(['a', 'b'])
  })

  it('of one folder is over then, too', async () => {
    const until = pauseEnd('two-hours', clock.now())
    await bench.engine.api.pause({ folderId: bench.folderId, until })
    bench.write('b', 'b')
    await bench.untilStatus('paused')
    clock.jump(9 * HOUR)
    await bench.untilInSync()
  })

  it('ends at the time that is shown, whatever the clock said before', async () => {
    await pause()
    bench.write('b', 'b')
    clock.jump(-HOUR)
    await waitFor('the file', () => {
      const { status } = bench.engine.snapshot()
      return status.kind === 'paused' && status.files === 1
    })
    expect(bench.uploads()).toEqual(['a'])
    clock.jump(3 * HOUR)
    await bench.untilInSync()
  })
})

describe('a clock that is set back by hours', () => {
  it('while B2 is out of reach makes that no longer', async () => {
    await bench.emulator.setReachable(false)
    bench.write('b', 'b')
    await bench.untilStatus('offline')
    clock.jump(-3 * HOUR)
    await bench.emulator.setReachable(true)
    await bench.untilInSync()
  })

  it('while a file waits for its next try makes that no longer', async () => {
    bench.emulator.failNext('upload_file', { status: 400, code: 'bad_request', count: 1 })
    bench.write('b', 'b')
    await waitFor(
      'the failure',
      async () => (await bench.rows()).failed.length + (await bench.rows()).waiting.length > 0,
    )
    clock.jump(-3 * HOUR)
    await bench.untilInSync()
  })
})
