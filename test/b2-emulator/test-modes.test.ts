import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { startEmulator } from './emulator.ts'
import type { Emulator } from './emulator.ts'
import { bucketIdOf, connect, send, startLarge, uploadPart } from './test-client.ts'
import type { Client } from './test-client.ts'

let emulator: Emulator
let client: Client
let bucketId: string
const start = async (seed: number): Promise<void> => {
  emulator = await startEmulator({ buckets: [{ bucketName: 'mode-tests' }], seed })
  client = await connect(emulator)
  bucketId = bucketIdOf(emulator, 'mode-tests')
}
beforeEach(() => start(1))
afterEach(() => emulator.stop())

/** Authorizes under a test mode and says how many listings the token was good for, 20 at the most. */
async function callsOfNextToken(): Promise<number> {
  const pair = Buffer.from(`${emulator.applicationKeyId}:${emulator.applicationKey}`).toString('base64')
  const mode = { 'X-Bz-Test-Mode': 'expire_some_account_authorization_tokens' }
  const headers = { Authorization: `Basic ${pair}`, ...mode }
  const answer = await send(`${emulator.realm}/b2api/v4/b2_authorize_account`, { headers })
  const Authorization = String(answer.json?.['authorizationToken'])
  for (let calls = 0; calls < 20; calls++) {
    const list = `${emulator.realm}/b2api/v4/b2_list_file_names?bucketId=${bucketId}`
    const reply = await send(list, { headers: { Authorization } })
    if (reply.status === 200) continue
    expect(reply).toMatchObject({ status: 401, json: { code: 'expired_auth_token' } })
    return calls
  }
  return 20
}

describe('fail_some_uploads', () => {
  const mode = { 'X-Bz-Test-Mode': 'fail_some_uploads' }

  it('fails a share of the uploads of files and parts with 503, the same ones for the same seed', async () => {
    const outcomes = async (): Promise<number[]> => {
      const fileId = await startLarge(client, bucketId, 'large')
      const replies = []
      for (let i = 0; i < 20; i++) {
        replies.push(await client.upload('mode-tests', `file-${i}`, 'x', mode))
        replies.push(await uploadPart(client, fileId, i + 1, 'x', mode))
      }
      const failed = replies.filter((reply) => reply.status !== 200)
      for (const reply of failed) {
        expect(reply).toMatchObject({
          status: 503,
          json: { code: 'service_unavailable', message: 'no tomes available' },
        })
      }
      const stored = emulator.listVisible('mode-tests').length + emulator.parts(fileId).length
      expect(stored).toBe(40 - failed.length)
      return replies.map((reply) => reply.status)
    }
    const first = await outcomes()
    expect(new Set(first)).toEqual(new Set([200, 503]))
    for (const seed of [1, 2]) {
      await emulator.stop()
      await start(seed)
      if (seed === 1) expect(await outcomes()).toEqual(first)
      else expect(await outcomes()).not.toEqual(first)
    }
  })

  it('touches nothing else, and nobody who did not ask for it', async () => {
    for (let i = 0; i < 20; i++) expect(await client.upload('mode-tests', `${i}`)).toMatchObject({ status: 200 })
    const list = `${emulator.realm}/b2api/v4/b2_list_file_names?bucketId=${bucketId}`
    for (let i = 0; i < 20; i++) {
      expect(await send(list, { headers: { Authorization: client.token, ...mode } })).toMatchObject({ status: 200 })
    }
  })
})

describe('expire_some_account_authorization_tokens', () => {
  it('lets some tokens expire after a few calls and others live', async () => {
    const lives = []
    for (let i = 0; i < 12; i++) lives.push(await callsOfNextToken())
    expect(new Set(lives)).toEqual(new Set([5, 20]))
  })
})

describe('force_cap_exceeded', () => {
  const mode = { 'X-Bz-Test-Mode': 'force_cap_exceeded' }

  it('refuses what needs room with 403, and nothing else', async () => {
    const fileId = await startLarge(client, bucketId, 'large')
    const uploaded = await client.upload('mode-tests', 'source')
    const call = (operation: string, params: object) =>
      send(`${emulator.realm}/b2api/v4/b2_${operation}`, {
        method: 'POST',
        headers: { Authorization: client.token, ...mode },
        body: JSON.stringify(params),
      })
    const sourceFileId = uploaded.json?.['fileId']
    const codes: Record<string, unknown> = {}
    for (const [operation, params] of [
      ['get_upload_url', { bucketId }],
      ['get_upload_part_url', { fileId }],
      ['copy_file', { sourceFileId, fileName: 'copy' }],
      ['copy_part', { sourceFileId, largeFileId: fileId, partNumber: 1 }],
    ] as const) {
      const reply = await call(operation, params)
      codes[operation] = [reply.status, reply.json?.['code']]
    }
    const file = await client.upload('mode-tests', 'x', 'x', mode)
    const part = await uploadPart(client, fileId, 1, 'x', mode)
    expect({ ...codes, file: [file.status, file.json?.['code']], part: [part.status, part.json?.['code']] }).toEqual({
      get_upload_url: [403, 'storage_cap_exceeded'],
      get_upload_part_url: [403, 'storage_cap_exceeded'],
      copy_file: [403, 'cap_exceeded'],
      copy_part: [403, 'cap_exceeded'],
      file: [403, 'cap_exceeded'],
      part: [403, 'cap_exceeded'],
    })
    expect(await call('hide_file', { bucketId, fileName: 'source' })).toMatchObject({ status: 200 })
    expect(emulator.listVisible('mode-tests')).toEqual([])
  })
})
