import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { startEmulator } from './emulator.ts'
import type { Emulator } from './emulator.ts'
import { RateLimit } from './rate-limit.ts'
import { bucketIdOf, connect, uploadTo } from './test-client.ts'
import type { Client } from './test-client.ts'

let emulator: Emulator
let client: Client
beforeEach(async () => {
  // The second that is counted ends when the tests say so.
  vi.useFakeTimers({ toFake: ['Date'] })
  emulator = await startEmulator({ requestsPerSecond: 4, buckets: [{ bucketName: 'some-bucket' }] })
  client = await connect(emulator)
  emulator.advanceClock(1000)
  emulator.clearCalls()
})
afterEach(async () => {
  await emulator.stop()
  vi.useRealTimers()
})

const list = () => client.call('list_file_names', { bucketId: bucketIdOf(emulator, 'some-bucket') })
const statuses = async (count: number): Promise<number[]> => {
  const seen: number[] = []
  for (let call = 0; call < count; call += 1) seen.push((await list()).status)
  return seen
}

describe('an emulator with a rate limit', () => {
  it('answers as many requests a second as it is told, and asks for a second of rest after that', async () => {
    expect(await statuses(4)).toEqual([200, 200, 200, 200])
    expect(await list()).toMatchObject({
      status: 429,
      headers: { 'retry-after': '1' },
      json: { code: 'too_many_requests' },
    })
    expect(emulator.calls.at(-1)).toMatchObject({
      operation: 'list_file_names',
      status: 429,
      code: 'too_many_requests',
    })
    emulator.advanceClock(999)
    expect(await statuses(1)).toEqual([429])
    emulator.advanceClock(1)
    expect(await statuses(5)).toEqual([200, 200, 200, 200, 429])
  })

  it('counts uploads and downloads, and stores nothing of what it refuses', async () => {
    const url = await client.getUploadUrl('some-bucket')
    expect(await uploadTo(url, 'a', 'first')).toMatchObject({ status: 200 })
    expect(await client.download('some-bucket', 'a')).toMatchObject({ status: 200 })
    expect(await statuses(1)).toEqual([200])
    expect(await client.download('some-bucket', 'a')).toMatchObject({ status: 429 })
    const refused = { status: 429, headers: { 'retry-after': '1' } }
    expect(await uploadTo(url, 'b', 'second')).toMatchObject(refused)
    expect(emulator.listVisible('some-bucket')).toMatchObject([{ fileName: 'a' }])
  })

  it('takes another limit, or none, while it runs', async () => {
    emulator.setRateLimit(1)
    expect(await statuses(2)).toEqual([200, 429])
    emulator.setRateLimit(undefined)
    expect(await statuses(10)).toEqual(Array(10).fill(200))
  })
})

describe('the limit', () => {
  it('holds for any second, not only for those of a clock', () => {
    const limit = new RateLimit(3)
    const isLetThrough = (now: number): boolean => {
      try {
        limit.meet(now)
        return true
      } catch {
        return false
      }
    }
    const at = [0, 900, 950, 990, 1000, 1010, 1899, 1900, 1950, 1951, 2000]
    expect(at.filter(isLetThrough)).toEqual([0, 900, 950, 1000, 1900, 1950, 2000])
  })
})
