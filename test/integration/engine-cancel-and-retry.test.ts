/** A single transfer that a person does not want now is broken off and left, and goes at once when it is asked for. */
import { randomBytes } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { JobId } from '../../shared/ids.ts'
import type { MovingRow, TransferChoice, WaitingRow } from '../../shared/model/transfer.ts'
import { openBench, type Bench } from '../support/test-bench.ts'
import { waitFor } from '../support/wait-for.ts'

/** B2's least size of a part here, so that a file of ten of them is large. */
const PART = 100_000
const PARTS = 20

/** Of what is left: how long it is left alone, ms, less the time that this test may take. */
const NEARLY_AN_HOUR = 3_000_000

let bench: Bench
beforeEach(async () => {
  bench = await openBench({ emulator: { recommendedPartSize: 10 * PART, absoluteMinimumPartSize: PART } })
  bench.write('first', 'the first')
  await bench.begin()
  bench.emulator.clearCalls()
})
afterEach(async () => {
  expect(bench.emulator.violations).toEqual([])
  await bench.close()
})

const these = (...jobIds: readonly JobId[]): TransferChoice => ({ kind: 'these', jobIds: [...jobIds] })
const moving = (path: string): MovingRow | undefined =>
  bench.engine.snapshot().transfers.sending.find((row) => row.path === path)
const untilMoving = (path: string): Promise<MovingRow> => waitFor(`${path} to be sent`, () => moving(path))
const waiting = async (path: string): Promise<WaitingRow | undefined> =>
  (await bench.rows()).waiting.find((row) => row.path === path)
const untilWaiting = (path: string): Promise<WaitingRow> => waitFor(`${path} to wait`, () => waiting(path))
const sent = (operation: string) =>
  bench.emulator.calls.filter((call) => call.operation === operation && call.status === 200).length

async function cancel(jobId: JobId): Promise<void> {
  expect(await bench.engine.api.cancelTransfers(these(jobId))).toBe(1)
  await waitFor('what was broken off to end', () => bench.emulator.inFlight === 0)
}

/** The transfer is over, nothing of it is to be seen in the bucket, and the snapshot says that it is left for an hour. */
async function expectLeft(path: string): Promise<void> {
  expect(moving(path)).toBeUndefined()
  const { why } = (await waiting(path)) ?? {}
  expect(why).toMatchObject({ kind: 'put-off' })
  expect((why?.kind === 'put-off' ? why.until : 0) - bench.clock.now()).toBeGreaterThan(NEARLY_AN_HOUR)
  expect(Object.keys(bench.remote())).not.toContain(path)
}

describe('a transfer that a person cancels', () => {
  it('waits for its turn: it is passed over, and others go', async () => {
    await bench.engine.api.setMaxTransfers({ maxTransfers: 1 })
    bench.emulator.failNext('upload_file', { kind: 'stall-midway' })
    bench.write('a', 'a')
    await untilMoving('a')
    for (const path of ['b', 'c', 'd']) bench.write(path, path)
    await untilWaiting('d')
    const { jobId } = await untilWaiting('b')
    await bench.engine.api.cancelTransfers(these(jobId))
    await expectLeft('b')
    const going = await untilMoving('a')
    await cancel(going.jobId)
    await waitFor('the others', () => bench.uploads().length === 2)
    expect(bench.uploads().toSorted()).toEqual(['c', 'd'])
    await expectLeft('a')
    await expectLeft('b')
    await bench.engine.api.sendTransfersNext(these(jobId))
    await waitFor('what was asked for', () => bench.uploads().length === 3)
    expect(bench.uploads().at(-1)).toBe('b')
    await expectLeft('a')
    await bench.engine.api.sendTransfersNext(these(going.jobId))
    await bench.untilInSync()
    expect(bench.uploads().at(-1)).toBe('a')
  })

  it('is on its way: it is broken off, left, and sent once when it is asked for', async () => {
    bench.emulator.failNext('upload_file', { kind: 'stall-midway' })
    bench.write('unwanted', 'much'.repeat(100_000))
    const { jobId } = await untilMoving('unwanted')
    await waitFor('its bytes to flow', () => (moving('unwanted')?.sentBytes ?? 0) > 0)
    await cancel(jobId)
    await expectLeft('unwanted')
    bench.write('other', 'other')
    await waitFor('the other', () => bench.uploads().includes('other'))
    await expectLeft('unwanted')
    expect(bench.uploads()).toEqual(['other'])
    await bench.engine.api.sendTransfersNext(these(jobId))
    await bench.untilInSync()
    expect(bench.uploads()).toEqual(['other', 'unwanted'])
  })

  it('is large and half there: no more of it is sent, and only the rest when it is asked for', async () => {
    bench.emulator.failNext('upload_part', { kind: 'slow', bytesPerSecond: 50_000, skip: 7, count: Infinity })
    bench.write('large', randomBytes(PARTS * PART))
    await waitFor('some parts to be there', () => sent('upload_part') >= 7)
    const { jobId } = await untilMoving('large')
    await cancel(jobId)
    bench.emulator.clearFaults()
    await expectLeft('large')
    const there = sent('upload_part')
    expect(there).toBeLessThan(PARTS)
    const calls = bench.emulator.calls.filter(({ operation }) => operation === 'upload_part').length
    bench.write('other', 'other')
    await waitFor('the other', () => bench.uploads().includes('other'))
    await expectLeft('large')
    expect(bench.emulator.calls.filter(({ operation }) => operation === 'upload_part')).toHaveLength(calls)
    bench.emulator.clearCalls()
    await bench.engine.api.sendTransfersNext(these(jobId))
    await bench.untilInSync()
    expect([sent('start_large_file'), sent('upload_part'), sent('finish_large_file')]).toEqual([0, PARTS - there, 1])
  })

  it('is not known, or done: nothing happens', async () => {
    await bench.engine.api.cancelTransfers(these(999_999 as JobId))
    await bench.engine.api.sendTransfersNext(these(999_999 as JobId))
    await bench.untilInSync()
    expect(bench.uploads()).toEqual([])
  })
})
