import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { appendFileSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { startEmulator } from './emulator.ts'
import type { Emulator } from './emulator.ts'
import { bucketIdOf, connect, NASTY_NAMES, send, sha1, uploadHeaders } from './test-client.ts'

const CLI = new URL('cli.ts', import.meta.url).pathname

let directory: string
const running: ChildProcess[] = []
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'emulator-test-'))
})
afterEach(() => {
  for (const child of running.splice(0)) child.kill('SIGKILL')
  rmSync(directory, { recursive: true, force: true })
})

type Started = Pick<Emulator, 'realm' | 'applicationKeyId' | 'applicationKey' | 'buckets'>

async function start(...args: readonly string[]): Promise<{ child: ChildProcess; first: Started; lines: string[] }> {
  const child = spawn(process.execPath, [CLI, ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, TMPDIR: directory },
  })
  running.push(child)
  const lines: string[] = []
  const reader = createInterface({ input: child.stdout })
  reader.on('line', (line) => lines.push(line))
  await once(reader, 'line')
  return { child, first: JSON.parse(lines[0] ?? '') as Started, lines }
}

async function stop(child: ChildProcess, signal: NodeJS.Signals = 'SIGTERM'): Promise<unknown> {
  child.kill(signal)
  return (await once(child, 'exit'))[0]
}

const asEmulator = (first: Started) => first as unknown as Emulator

describe('the emulator program', () => {
  it('tells where its control port is, and takes a bandwidth, a rate limit and a seed', async () => {
    const flags = ['--control', '0', '--bandwidth', '1M', '--rate-limit', '3', '--seed', '7', '--bucket', 'pail-demo']
    const { first } = await start(...flags)
    const { control } = first as Started & { control: string }
    expect(control).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/)
    await (await connect(asEmulator(first))).upload('pail-demo', 'x', Buffer.alloc(100_000))
    const { calls } = JSON.parse((await send(`${control}/calls`)).body.toString()) as { calls: Emulator['calls'] }
    expect(calls.map((call) => call.operation)).toEqual(['authorize_account', 'get_upload_url', 'upload_file'])
    expect(calls[2]?.durationMs).toBeGreaterThanOrEqual(99)
  })

  it('prints one JSON line, serves, stops at SIGTERM with 0 and leaves no temporary folder', async () => {
    const { child, first, lines } = await start('--port', '0', '--bucket', 'pail-demo', '--bucket', 'open-files:public')
    expect(first).toEqual({
      realm: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/),
      applicationKeyId: expect.stringMatching(/^.{25}$/),
      applicationKey: expect.stringMatching(/^K.{30}$/),
      buckets: [
        { bucketId: expect.stringMatching(/^[0-9a-f]{24}$/), bucketName: 'open-files', bucketType: 'allPublic' },
        { bucketId: expect.stringMatching(/^[0-9a-f]{24}$/), bucketName: 'pail-demo', bucketType: 'allPrivate' },
      ],
    })
    const client = await connect(asEmulator(first))
    expect(await client.upload('pail-demo', 'x')).toMatchObject({ status: 200 })
    expect(await client.call('make_coffee')).toMatchObject({ status: 404 })
    expect(readdirSync(directory)).toHaveLength(1)
    expect(await stop(child)).toBe(0)
    expect([lines.length, readdirSync(directory)]).toEqual([1, []])
  })

  it('stops at SIGINT too, in the middle of an upload', async () => {
    const { child, first } = await start('--bucket', 'some-bucket')
    const url = await (await connect(asEmulator(first))).getUploadUrl('some-bucket')
    const headers = { ...uploadHeaders(url, 'x', 'content'), Expect: '100-continue' }
    const upload = request(url.uploadUrl, { method: 'POST', headers })
    upload.flushHeaders()
    await once(upload, 'continue')
    const broken = once(upload, 'error')
    expect(await stop(child, 'SIGINT')).toBe(0)
    await broken
  })

  it('takes the key it is given', async () => {
    const key = { applicationKeyId: 'my-key-id', applicationKey: 'my-key' }
    const { first } = await start('--key-id', 'my-key-id', '--key', 'my-key', '--bucket', 'some-bucket')
    expect(first).toMatchObject(key)
    expect((await connect(asEmulator(first))).authorization).toHaveProperty('apiInfo')
  })

  it('says what is wrong on stderr and exits with another code', async () => {
    const child = spawn(process.execPath, [CLI, '--bucket', 'bad'], { stdio: 'pipe' })
    const [code, stdout, stderr] = await Promise.all([once(child, 'exit'), text(child.stdout), text(child.stderr)])
    expect([code[0], stdout, stderr]).toEqual([1, '', 'emulator: Invalid bucket name: bad\n'])
  })

  it.runIf(process.platform === 'linux')('streams a 300 MB upload and download in little memory', async () => {
    const { child, first } = await start('--bucket', 'big-files')
    const emulator = asEmulator(first)
    const client = await connect(emulator)
    const url = await client.getUploadUrl('big-files')
    const block = Buffer.alloc(1_000_000, 'x')
    const headers = {
      ...uploadHeaders(url, 'big', ''),
      'Content-Length': 300 * block.length,
      'X-Bz-Content-Sha1': 'do_not_verify',
    }
    const body = Readable.from(Array.from({ length: 300 }, () => block))
    const uploaded = await send(url.uploadUrl, { method: 'POST', headers, body })
    expect(uploaded).toMatchObject({ status: 200, json: { contentLength: 300_000_000 } })
    const ends = { Authorization: client.token, Range: 'bytes=299999990-' }
    expect((await client.download('big-files', 'big', ends)).body.toString()).toBe('x'.repeat(10))
    const whole = await fetch(`${first.realm}/file/big-files/big`, { headers: { Authorization: client.token } })
    let received = 0
    for await (const chunk of (whole.body ?? []) as AsyncIterable<Uint8Array>) received += chunk.length
    expect(received).toBe(300_000_000)
    const peak = /VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8'))?.[1]
    expect(Number(peak)).toBeLessThan(200_000)
  })
})

describe('a data folder', () => {
  it('has buckets, files, versions, keys and contents again after a restart, but no tokens', async () => {
    const first = await startEmulator({ dataDirectory: directory, buckets: [{ bucketName: 'kept-bucket' }] })
    const client = await connect(first)
    for (const name of NASTY_NAMES) await client.upload('kept-bucket', name, name)
    const bucketId = bucketIdOf(first, 'kept-bucket')
    await client.call('hide_file', { bucketId, fileName: 'a b.txt' })
    const [deleted] = first.listVisible('kept-bucket', '100%')
    await client.call('delete_file_version', deleted)
    const key = first.createKey({ capabilities: ['readFiles'], bucketIds: [bucketId] })
    const before = { buckets: first.buckets, versions: first.fileVersions('kept-bucket'), accountId: first.accountId }
    await first.stop()

    const second = await startEmulator({
      dataDirectory: directory,
      buckets: [{ bucketName: 'kept-bucket' }, { bucketName: 'added-bucket' }],
    })
    expect({
      buckets: second.buckets.filter((bucket) => bucket.bucketName === 'kept-bucket'),
      versions: second.fileVersions('kept-bucket'),
      accountId: second.accountId,
    }).toEqual(before)
    expect(second.applicationKey).toBe(first.applicationKey)
    const url = `${second.realm}/file/kept-bucket/plus%2Bplus.txt`
    const old = await send(url, { headers: { Authorization: client.token } })
    expect(old).toMatchObject({ status: 401, json: { code: 'bad_auth_token' } })
    expect((await (await connect(second, key)).download('kept-bucket', 'plus+plus.txt')).body.toString()).toBe(
      'plus+plus.txt',
    )
    await second.stop()
  })

  it('survives a killed program, a torn last record and half an upload', async () => {
    const one = await start('--data', directory, '--bucket', 'kept-bucket')
    const client = await connect(asEmulator(one.first))
    await client.upload('kept-bucket', 'whole', 'whole')
    const url = await client.getUploadUrl('kept-bucket')
    const body = new Readable({ read: () => {} })
    const broken = expect(
      send(url.uploadUrl, { method: 'POST', headers: uploadHeaders(url, 'half', 'half'), body }),
    ).rejects.toThrow()
    body.push('ha')
    await expect.poll(() => readdirSync(join(directory, 'incoming')).length).toBe(1)
    await stop(one.child, 'SIGKILL')
    await broken
    appendFileSync(join(directory, 'journal.jsonl'), '{"kind":"version","vers')

    const two = await start('--data', directory, '--bucket', 'kept-bucket')
    expect(two.first).toMatchObject({ applicationKey: one.first.applicationKey, buckets: one.first.buckets })
    const again = await connect(asEmulator(two.first))
    const listed = await again.call('list_file_names', { bucketId: one.first.buckets[0]?.bucketId })
    expect(listed.json?.['files']).toMatchObject([{ fileName: 'whole', contentSha1: sha1('whole') }])
    expect(await again.upload('kept-bucket', 'after', 'after')).toMatchObject({ status: 200 })
    expect(readdirSync(join(directory, 'incoming'))).toEqual([])
    expect(await stop(two.child)).toBe(0)

    const three = await startEmulator({ dataDirectory: directory })
    expect(three.listVisible('kept-bucket').map((file) => file.fileName)).toEqual(['after', 'whole'])
    await three.stop()
  })
})
