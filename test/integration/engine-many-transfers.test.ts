/** What a person does to many transfers at once, by name or by a filter, and what is counted of them meanwhile. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { JobId } from '../../shared/ids.ts'
import type { TransferChoice } from '../../shared/model/transfer.ts'
import { statusText } from '../../shared/text/status-text.ts'
import { openBench, type Bench } from '../support/test-bench.ts'
import { waitFor } from '../support/wait-for.ts'

/** B2's least size of a part here, so that a file of ten of them is large. */
const PART = 100_000

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

const counts = () => {
  const { sendingCount, waitingCount, failedCount } = bench.engine.snapshot().transfers
  return { sendingCount, waitingCount, failedCount }
}
const sending = () => bench.engine.snapshot().transfers.sending
const matching = (text: string, groups: ('now' | 'failed' | 'waiting')[] = ['now', 'failed', 'waiting']) =>
  ({ kind: 'matching', filter: { text, folderId: null }, groups, except: [] }) satisfies TransferChoice
const waiting = async () => (await bench.rows()).waiting.map(({ path }) => path as string)
const failed = async () => (await bench.rows()).failed.map(({ path }) => path as string)
const idOf = async (path: string): Promise<JobId> => {
  const { waiting: rows } = await bench.rows()
  const row = rows.find((each) => each.path === path)
  if (row === undefined) throw new Error(`${path} does not wait`)
  return row.jobId
}
const these = async (...paths: readonly string[]): Promise<TransferChoice> => ({
  kind: 'these',
  jobIds: await Promise.all(paths.map(idOf)),
})

/** One file on its way that B2 does not answer, and others that wait behind it. */
async function begin(others: readonly string[]): Promise<void> {
  await bench.engine.api.setMaxTransfers({ maxTransfers: 1 })
  bench.emulator.failNext('upload_file', { kind: 'stall-before' })
  bench.write('stalled', 'stalled')
  await waitFor('the first to be on its way', () => sending()[0]?.path === 'stalled')
  bench.change(() => {
    for (const path of others) bench.write(path, path)
  })
  await waitFor('the others to wait', () => counts().waitingCount === others.length)
}

/** Only those that are named are sent from here on, in this order. */
async function expectSent(...paths: readonly string[]): Promise<void> {
  await waitFor('them to be sent', () => bench.uploads().length >= paths.length)
  expect(bench.uploads()).toEqual(paths)
}

describe('many transfers', () => {
  it('are cancelled by a filter, on their way and in line, and nothing else; the rest goes', async () => {
    await begin(['docs/a.tmp', 'docs/b', 'docs/c.TMP', 'd.tmp', 'e'])
    expect(await bench.engine.api.cancelTransfers(matching('.tmp'))).toBe(3)
    expect(await bench.engine.api.cancelTransfers(matching('stalled', ['waiting']))).toBe(0)
    expect(await bench.engine.api.cancelTransfers(matching('STALLED', ['now']))).toBe(1)
    await waitFor('the rest', () => bench.uploads().length === 2)
    expect([...bench.uploads()].sort()).toEqual(['docs/b', 'e'])
    // Of what was left for later nothing counts as still to be sent.
    await waitFor('rest', () => counts().sendingCount === 0)
    expect(counts()).toEqual({ sendingCount: 0, waitingCount: 4, failedCount: 0 })
    const status = bench.status()
    expect(status).toMatchObject({ kind: 'waiting', files: 4, code: null, isPutOff: true })
    expect(statusText(status, bench.clock.now())).toMatch(/^4 files left for later - next try in/)
    expect((await bench.rows()).waiting.map(({ why }) => why.kind)).toEqual(Array(4).fill('put-off'))

    expect(await bench.engine.api.sendTransfersNext(matching(''))).toBe(4)
    await bench.untilInSync()
  })

  it('are moved to the front: the calls come in the new order, what was moved last first', async () => {
    await begin(['a', 'b', 'c', 'd', 'e', 'f'])
    const [a = '', b = '', c = '', d = '', e = '', f = ''] = await waiting()
    expect(await bench.engine.api.sendTransfersNext(await these(d, e))).toBe(2)
    expect(await bench.engine.api.sendTransfersNext(await these(f))).toBe(1)
    expect(await waiting()).toEqual([f, d, e, a, b, c])
    expect((await bench.rows()).waiting.map(({ isAsked }) => isAsked)).toEqual([true, true, true, false, false, false])
    await bench.engine.api.cancelTransfers(matching('stalled'))
    await expectSent(f, d, e, a, b, c)
  })

  it('are moved to the front by a filter, but for what is left out of it', async () => {
    await begin(['a1', 'b1', 'a2', 'b2'])
    const others = (await waiting()).filter((path) => path !== 'b2')
    const except = [await idOf('b1')]
    expect(await bench.engine.api.sendTransfersNext({ ...matching('B'), except })).toBe(1)
    await bench.engine.api.cancelTransfers(matching('stalled'))
    await expectSent('b2', ...others)
  })

  it('that failed wait apart, say why, hold no count back, and are sent when they are retried together', async () => {
    bench.emulator.failNext('upload_file', { status: 400, code: 'bad_request', message: 'not today', count: 3 })
    await bench.engine.api.setMaxTransfers({ maxTransfers: 1 })
    bench.change(() => {
      for (const path of ['bad1', 'bad2', 'bad3', 'good1', 'good2']) bench.write(path, path)
    })
    await waitFor('the good ones', () => bench.uploads().length === 2)
    await waitFor('rest', () => counts().sendingCount === 0)
    expect(counts()).toEqual({ sendingCount: 0, waitingCount: 0, failedCount: 3 })
    const rows = (await bench.rows()).failed
    expect(rows).toHaveLength(3)
    for (const row of rows) expect(row.nextAttemptAt).toBeGreaterThan(bench.clock.now())
    expect(bench.status()).toMatchObject({ kind: 'problem', problems: 3 })
    expect(new Set(bench.problems().map(({ code }) => code))).toEqual(new Set(rows.map(({ code }) => code)))

    // While something else is sent, they are not among what is left.
    bench.emulator.failNext('upload_file', { kind: 'stall-before' })
    bench.write('stalled', 'stalled')
    await waitFor('it to be on its way', () => sending()[0]?.path === 'stalled')
    expect(bench.status()).toMatchObject({ kind: 'sending', files: 1, bytes: 'stalled'.length })
    await bench.engine.api.cancelTransfers(matching('stalled'))

    expect(await bench.engine.api.sendTransfersNext(matching('bad', ['waiting']))).toBe(0)
    expect(await bench.engine.api.sendTransfersNext(matching('bad', ['failed']))).toBe(3)
    expect(await failed()).toEqual([])
    await waitFor('them', () => bench.uploads().length === 5)
    expect(bench.problems()).toEqual([])
  })

  it('are cancelled while paused, and stay so when Pail goes on', async () => {
    await bench.engine.api.pause(undefined)
    bench.change(() => {
      for (const path of ['a', 'b', 'c']) bench.write(path, path)
    })
    await waitFor('them to wait', () => counts().waitingCount === 3)
    expect((await bench.rows()).waiting.map(({ why }) => why)).toEqual(Array(3).fill({ kind: 'paused', until: null }))
    expect(await bench.engine.api.cancelTransfers(await these('a', 'c'))).toBe(2)
    await bench.engine.api.resume(undefined)
    await expectSent('b')
    expect(await waiting()).toEqual(['a', 'c'])
  })

  it('say that they wait for the network, or for the cap, and the one on its way what is done with it', async () => {
    bench.emulator.failNext('upload_part', { kind: 'slow', bytesPerSecond: 50_000, count: Infinity })
    bench.write('large', Buffer.alloc(20 * PART, 7))
    const phase = () => sending().find(({ path }) => path === 'large')?.phase
    await waitFor('its bytes to go', () => phase() === 'sending' && (sending()[0]?.sentBytes ?? 0) > 0)
    const [row] = sending()
    expect(row?.bytesPerSecond).toBeGreaterThan(0)
    expect(row?.secondsLeft).toBeGreaterThan(0)
    expect(bench.status()).toMatchObject({ kind: 'sending', files: 1 })
    bench.emulator.clearFaults()
    bench.emulator.failNext('finish_large_file', { kind: 'stall-before' })
    await waitFor('B2 to put it together', () => phase() === 'finishing')
    expect(sending()[0]).toMatchObject({ secondsLeft: null, bytesPerSecond: 0, sentBytes: 20 * PART })
    expect(bench.status()).toMatchObject({ kind: 'sending', files: 1, bytes: 0 })

    bench.emulator.failNext('upload_file', { kind: 'cap', count: Infinity })
    bench.write('small', 'small')
    await waitFor('the cap', () => bench.problems().some(({ code }) => code === 'storage_cap_exceeded'))
    expect((await bench.rows()).waiting.find(({ path }) => path === 'small')?.why).toEqual({
      kind: 'blocked',
      code: 'storage_cap_exceeded',
    })
  })
})
