/** A pause, a hold and what keeps everything from working stop at once what is on its way to B2, whatever B2 does, and nothing begins before they are over. */
import { randomBytes } from 'node:crypto'
import { renameSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest'
import { send } from '../b2-emulator/test-client.ts'
import { createScenarioClock } from '../support/scenario-clock.ts'
import { BUCKET, openBench, type Bench } from '../support/test-bench.ts'
import { waitFor } from '../support/wait-for.ts'

/** B2's least size of a part here, so that files of ten of them are large. */
const PART = 100_000

const SMALL = Array.from({ length: 40 }, (_, i) => `small-${i}`)

/** Synced before anything else; that some of them go holds the folder. */
const KNOWN = ['known-0', 'known-1', 'known-2', 'known-3']

const READS = ['authorize_account', 'list_buckets', 'list_file_names', 'list_unfinished_large_files', 'list_parts']

let bench: Bench
let clock: ReturnType<typeof createScenarioClock>

beforeEach(async () => {
  clock = createScenarioClock(10)
  bench = await openBench({
    prefix: 'p/',
    clock,
    emulator: { recommendedPartSize: 10 * PART, absoluteMinimumPartSize: PART },
  })
  onTestFinished(() => bench.close())
  for (const name of KNOWN) bench.write(name, name)
  await bench.begin()
  const settings = { deleteDelaySeconds: 1, gateFiles: 1, gatePercent: 1 }
  await bench.engine.api.updateFolder({ folderId: bench.folderId, settings })
  await bench.untilInSync()
})

const ours = () => ({ folderId: bench.folderId })
const away = () => join(bench.home, 'away')
const writes = () => bench.emulator.calls.filter(({ operation }) => !READS.includes(operation))
const cancels = () => bench.emulator.calls.filter(({ operation }) => operation === 'cancel_large_file')
const unfinished = () => bench.emulator.unfinishedLargeFiles(BUCKET)
const isHeld = () => bench.engine.snapshot().folders[0]?.status.kind === 'held'
const removeKnown = () => KNOWN.slice(1).forEach((name) => bench.remove(name))
const restoreKnown = () => KNOWN.slice(1).forEach((name) => bench.write(name, name))

/** Ways to stop, each with the way to go on. */
const stops: Readonly<Record<string, { readonly stop: () => unknown; readonly goOn: () => unknown }>> = {
  'a pause of everything': {
    stop: () => bench.engine.api.pause(undefined),
    goOn: () => bench.engine.api.resume(undefined),
  },
  'a pause of the folder': {
    stop: () => bench.engine.api.pause({ ...ours(), until: null }),
    goOn: () => bench.engine.api.resume(ours()),
  },
  'a root that is pulled away': {
    stop: async () => {
      renameSync(bench.root, away())
      await bench.engine.api.checkNow(ours())
      await waitFor('the hold', isHeld)
    },
    goOn: () => renameSync(away(), bench.root),
  },
  'the safety gate': {
    stop: async () => {
      removeKnown()
      await waitFor('the hold', isHeld)
    },
    goOn: restoreKnown,
  },
}

/** Many small files and a large one are on their way to a B2 that does not answer; nothing else is, and no more will be. */
async function untilStuck(): Promise<void> {
  for (const operation of ['upload_file', 'upload_part']) {
    bench.emulator.failNext(operation, { kind: 'stall-after', count: Infinity })
  }
  const sending = (): readonly string[] => bench.engine.snapshot().transfers.sending.map(({ path }) => path)
  bench.write('large', randomBytes(20 * PART))
  await waitFor('parts to be under way', () => sending().includes('large') && bench.emulator.inFlight > 1)
  for (const name of SMALL) bench.write(name, name)
  let before = 0
  await waitFor('calls under way, and no new ones', () => {
    const isSteady = bench.emulator.inFlight === before
    before = bench.emulator.inFlight
    return isSteady && before >= 6 && sending().length > 1
  })
}

/** A large file was begun, and became a small one: nobody will go on with what was begun. */
async function beginAndGiveUp(): Promise<void> {
  bench.emulator.failNext('upload_part', { kind: 'stall-before', count: Infinity })
  bench.write('large', randomBytes(20 * PART))
  // Pail has noted down what B2 has begun before it asks for a place to send parts to.
  const isNoted = () => bench.emulator.calls.some(({ operation }) => operation === 'get_upload_part_url')
  await waitFor('it to be begun', () => isNoted() && unfinished().length === 1)
  await bench.engine.api.pause(undefined)
  bench.emulator.clearFaults()
  bench.write('large', 'small now')
  await bench.engine.api.resume(undefined)
  await bench.untilInSync()
  bench.emulator.clearCalls()
}

describe.each(Object.entries(stops))('%s', (_, { stop, goOn }) => {
  it('breaks off what B2 does not answer, and lets nothing begin until it is over', async () => {
    await untilStuck()
    await stop()
    // What left before that may still arrive: when this is answered, all of it is known.
    await send(bench.emulator.realm)
    const begun = bench.emulator.inFlight + writes().length
    await waitFor('silence', () => bench.emulator.inFlight === 0)
    expect(writes()).toHaveLength(begun)
    bench.emulator.clearFaults()
    bench.emulator.clearCalls()
    const { checkedAt } = bench.engine.snapshot().folders[0] ?? {}
    await bench.engine.api.checkNow(ours())
    await waitFor('a check', () => isHeld() || bench.engine.snapshot().folders[0]?.checkedAt !== checkedAt)
    expect([writes(), bench.emulator.inFlight]).toEqual([[], 0])
    await goOn()
    await bench.untilInSync()
    expect(bench.engine.snapshot().problems).toEqual([])
  })
})

it('what holds everything breaks off what is under way, and lets nothing begin until it is over', async () => {
  await untilStuck()
  bench.emulator.failNext('list_file_names', { status: 403, code: 'transaction_cap_exceeded' })
  await bench.engine.api.checkNow(ours())
  await waitFor('silence', () => bench.emulator.inFlight === 0)
  expect(bench.problems()).toMatchObject([{ code: 'transaction_cap_exceeded', scope: 'account' }])
  await send(bench.emulator.realm)
  bench.emulator.clearFaults()
  bench.emulator.clearCalls()
  bench.write('more', 'more')
  await waitFor('the new file to wait', async () => (await bench.rows()).waiting.some(({ path }) => path === 'more'))
  expect([writes(), bench.emulator.inFlight]).toEqual([[], 0])
  await bench.engine.api.checkNow(ours())
  await bench.untilInSync()
  expect(bench.problems()).toEqual([])
})

describe.each(Object.entries(stops).filter(([name]) => name !== 'a root that is pulled away'))(
  '%s',
  (_, { stop, goOn }) => {
    const check = async (): Promise<void> => {
      const before = bench.engine.snapshot().folders[0]?.checkedAt ?? null
      clock.jump(1)
      await bench.engine.api.checkNow(ours())
      await waitFor('a check', () => bench.engine.snapshot().folders[0]?.checkedAt !== before)
    }

    it('keeps a large file that nobody goes on with from being cancelled', async () => {
      await beginAndGiveUp()
      await stop()
      await check()
      await check()
      expect([cancels(), unfinished().length]).toEqual([[], 1])
      await goOn()
      await check()
      await waitFor('it to be cancelled', () => unfinished().length === 0)
    })
  },
)

it.each(Object.entries(stops).filter(([name]) => name.startsWith('a pause')))(
  '%s breaks off the cancelling of a large file',
  async (_, { stop, goOn }) => {
    await beginAndGiveUp()
    bench.emulator.failNext('cancel_large_file', { kind: 'stall-before' })
    await bench.engine.api.checkNow(ours())
    await waitFor('the call to cancel it', () => bench.emulator.waitingFaults === 0)
    await stop()
    await waitFor('silence', () => bench.emulator.inFlight === 0)
    expect([cancels().length, unfinished().length]).toEqual([1, 1])
    await goOn()
    await waitFor('it to be cancelled', () => unfinished().length === 0)
  },
)
