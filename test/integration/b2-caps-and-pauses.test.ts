import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { B2Client } from '../../main/engine/b2/client.ts'
import { INTERACTIVE } from '../../main/engine/b2/retry.ts'
import { allRows, BUCKET, startB2Bench, type B2Bench } from '../support/b2-bench.ts'

const MINUTE = 60_000

let bench: B2Bench
let client: B2Client
beforeEach(async () => {
  bench = await startB2Bench()
  client = bench.connect()
  await client.uploadFile(bench.anUpload('before', 'x'))
  bench.emulator.clearCalls()
})
afterEach(async () => {
  expect(bench.emulator.violations).toEqual([])
  await bench.close()
})

const upload = (name: string) => client.uploadFile(bench.anUpload(name, 'x'))

describe('a cap', () => {
  it('on storage stops what stores and nothing else, and is asked about once a quarter of an hour', async () => {
    bench.emulator.failNext('upload_file', { kind: 'cap', count: Infinity })
    const capped = { code: 'storage_cap_exceeded' }
    await expect(upload('first')).rejects.toMatchObject(capped)
    for (let i = 0; i < 20; i++) await expect(upload(`f${i}`)).rejects.toMatchObject(capped)
    const copy = client.copyFile({ sourceFileId: 'any', bucketId: bench.bucketId, fileName: 'copy' })
    await expect(copy).rejects.toMatchObject(capped)
    expect(bench.countOf('upload_file') + bench.countOf('copy_file')).toBe(1)
    expect(bench.countOf('get_upload_url')).toBe(0)

    expect(await client.hideFile(bench.bucketId, 'before')).toMatchObject({ kind: 'hidden' })
    expect(await allRows(client.listFileVersions(bench.bucketId))).toHaveLength(2)

    bench.clock.advance(15 * MINUTE)
    await Promise.allSettled(Array.from({ length: 20 }, (_, i) => upload(`g${i}`)))
    expect(bench.countOf('upload_file')).toBe(2)

    bench.emulator.clearFaults()
    bench.clock.advance(15 * MINUTE)
    await upload('last')
    await upload('after')
    expect(bench.emulator.listVisible(BUCKET).map((file) => file.fileName)).toEqual(['after', 'last'])
  })

  it('is asked about at once when a person connects again', async () => {
    bench.emulator.failNext('upload_file', { kind: 'cap' })
    await expect(upload('a')).rejects.toMatchObject({ code: 'storage_cap_exceeded' })
    await client.authorize()
    await upload('a')
  })

  it('on transactions of class C stops listings, not uploads', async () => {
    bench.emulator.failNext('list_file_names', { kind: 'cap', code: 'transaction_cap_exceeded', count: Infinity })
    const capped = { code: 'transaction_cap_exceeded' }
    await expect(allRows(client.listFileNames(bench.bucketId))).rejects.toMatchObject(capped)
    await expect(allRows(client.listFileVersions(bench.bucketId))).rejects.toMatchObject(capped)
    await expect(client.listBuckets()).rejects.toMatchObject(capped)
    expect(bench.emulator.calls).toHaveLength(1)
    await upload('a')
    expect(await client.headFile({ bucketName: BUCKET, fileName: 'a' })).toMatchObject({ contentLength: 1 })
  })

  it('on downloads stops downloads', async () => {
    bench.emulator.failNext('download_file_by_name', { kind: 'cap', code: 'download_cap_exceeded', count: Infinity })
    const source = { bucketName: BUCKET, fileName: 'before' }
    for (let i = 0; i < 3; i++) {
      await expect(client.downloadFile(source)).rejects.toMatchObject({ code: 'download_cap_exceeded' })
    }
    expect(bench.countOf('download_file_by_name')).toBe(1)
    await upload('a')
  })

  it('on the calls that authorize does not make every caller authorize', async () => {
    bench.emulator.expireTokens('account')
    bench.emulator.failNext('authorize_account', { kind: 'cap', code: 'transaction_cap_exceeded', count: Infinity })
    for (let i = 0; i < 5; i++) {
      await expect(client.hideFile(bench.bucketId, 'before')).rejects.toMatchObject({
        code: 'transaction_cap_exceeded',
      })
    }
    expect(bench.countOf('authorize_account')).toBe(1)
  })

  it('is over for the call that had to authorize to find out', async () => {
    bench.emulator.failNext('list_buckets', { kind: 'cap', code: 'transaction_cap_exceeded' })
    await expect(client.listBuckets()).rejects.toMatchObject({ code: 'transaction_cap_exceeded' })
    bench.clock.advance(24 * 60 * MINUTE)
    await client.listBuckets()
    expect(bench.countOf('authorize_account')).toBe(1)
  })

  it('that a call meets with a fresh token is remembered too', async () => {
    bench.emulator.failNext('get_file_info', { kind: 'expired-token' })
    bench.emulator.failNext('get_file_info', { kind: 'cap', code: 'transaction_cap_exceeded', count: Infinity })
    for (let i = 0; i < 3; i++) {
      await expect(client.getFileInfo('any')).rejects.toMatchObject({ code: 'transaction_cap_exceeded' })
    }
    expect(bench.countOf('get_file_info')).toBe(2)
  })

  it('is what B2 itself makes of it when asked to misbehave', async () => {
    const capped = bench.connect({ testMode: 'force_cap_exceeded' })
    const sending = capped.uploadFile(bench.anUpload('a', 'x'))
    await expect(sending).rejects.toMatchObject({ code: expect.stringMatching(/cap_exceeded$/) as string })
  })
})

describe('Retry-After', () => {
  const inSeconds = (seconds: number): string => new Date(Date.now() + seconds * 1_000).toUTCString()

  it('in seconds is obeyed by the call that was told', async () => {
    bench.emulator.failNext('hide_file', { status: 429, retryAfter: 3 })
    await client.hideFile(bench.bucketId, 'before')
    expect(bench.clock.sleeps).toEqual([3_375])
  })

  it('as a date is measured by the server’s own clock', async () => {
    bench.emulator.failNext('hide_file', { status: 503, retryAfter: inSeconds(20) })
    await client.hideFile(bench.bucketId, 'before')
    const [slept = 0] = bench.clock.sleeps
    expect(Math.round(slept / 1_000)).toBeGreaterThanOrEqual(20)
    expect(Math.round(slept / 1_000)).toBeLessThanOrEqual(24)
  })

  it('of a 429 holds back every other call too, uploads included', async () => {
    bench.emulator.failNext('hide_file', { status: 429, retryAfter: 60 })
    const impatient = { patience: INTERACTIVE }
    const told = { code: 'too_many_requests' }
    await expect(client.hideFile(bench.bucketId, 'before', impatient)).rejects.toMatchObject(told)
    await expect(client.listBuckets(impatient)).rejects.toMatchObject(told)
    await expect(client.uploadFile(bench.anUpload('a', 'x', impatient))).rejects.toMatchObject(told)
    expect(bench.emulator.calls).toHaveLength(1)
    bench.clock.advance(58_000)
    await client.listBuckets(impatient)
    expect(bench.clock.sleeps).toEqual([2_250])
  })

  it('of a 429 is over when a person connects again, or the clock is set back', async () => {
    const impatient = { patience: INTERACTIVE }
    for (const end of [() => client.authorize(), () => Promise.resolve(bench.clock.advance(-1))]) {
      bench.emulator.failNext('hide_file', { status: 429, retryAfter: 600 })
      const told = { code: 'too_many_requests' }
      await expect(client.hideFile(bench.bucketId, 'before', impatient)).rejects.toMatchObject(told)
      await expect(client.listBuckets(impatient)).rejects.toMatchObject(told)
      await end()
      await client.listBuckets(impatient)
    }
  })

  it('of a busy pod holds back only that upload', async () => {
    bench.emulator.failNext('upload_file', { status: 503, retryAfter: 60 })
    const impatient = { patience: INTERACTIVE }
    await expect(client.uploadFile(bench.anUpload('a', 'x', impatient))).rejects.toMatchObject({
      code: 'b2_service_error',
    })
    await client.uploadFile(bench.anUpload('b', 'x', impatient))
    expect(bench.clock.sleeps).toEqual([])
  })
})
