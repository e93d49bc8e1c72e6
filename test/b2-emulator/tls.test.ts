import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { once } from 'node:events'
import { request } from 'node:https'
import type { IncomingMessage } from 'node:http'
import { json } from 'node:stream/consumers'
import { makeCertificate } from './certificate.ts'
import { startEmulator } from './emulator.ts'
import type { Emulator } from './emulator.ts'
import { sha1 } from './test-client.ts'

const tls = await makeCertificate()

let emulator: Emulator
beforeAll(async () => {
  emulator = await startEmulator({ tls, buckets: [{ bucketName: 'secret-bucket' }] })
})
afterAll(() => emulator.stop())

async function call(url: string, headers: Record<string, string>, body?: string, ca?: string): Promise<unknown> {
  const method = body === undefined ? 'GET' : 'POST'
  const req = request(url, { method, headers, agent: false, ...(ca === undefined ? {} : { ca }) })
  req.end(body)
  const [res] = (await once(req, 'response')) as [IncomingMessage]
  return json(res)
}

const authorize = (ca?: string): Promise<unknown> => {
  const pair = Buffer.from(`${emulator.applicationKeyId}:${emulator.applicationKey}`).toString('base64')
  const url = `${emulator.realm}/b2api/v4/b2_authorize_account`
  return call(url, { Authorization: `Basic ${pair}` }, undefined, ca)
}

describe('an emulator with a certificate', () => {
  it('serves https, and every URL it gives is one', async () => {
    expect(emulator.realm).toMatch(/^https:\/\/127\.0\.0\.1:\d+$/)
    const account = (await authorize(tls.cert)) as { authorizationToken: string; apiInfo: unknown }
    expect(account.apiInfo).toMatchObject({ storageApi: { apiUrl: emulator.realm, downloadUrl: emulator.realm } })
    const url = `${emulator.realm}/b2api/v4/b2_get_upload_url`
    const body = JSON.stringify({ bucketId: emulator.buckets[0]?.bucketId })
    const headers = { Authorization: account.authorizationToken }
    const target = (await call(url, headers, body, tls.cert)) as { uploadUrl: string; authorizationToken: string }
    expect(target.uploadUrl.startsWith(`${emulator.realm}/`)).toBe(true)
    const upload = {
      Authorization: target.authorizationToken,
      'X-Bz-File-Name': 'x',
      'Content-Type': 'text/plain',
      'Content-Length': '5',
      'X-Bz-Content-Sha1': sha1('hello'),
    }
    expect(await call(target.uploadUrl, upload, 'hello', tls.cert)).toMatchObject({ contentLength: 5 })
    expect(emulator.violations).toEqual([])
  })

  it('is refused by a client that does not know the certificate', async () => {
    await expect(authorize()).rejects.toMatchObject({ code: 'DEPTH_ZERO_SELF_SIGNED_CERT' })
    await expect(authorize((await makeCertificate()).cert)).rejects.toThrow()
  })

  it('goes away and comes back on the same port', async () => {
    await emulator.setReachable(false)
    await expect(authorize(tls.cert)).rejects.toMatchObject({ code: 'ECONNREFUSED' })
    await emulator.setReachable(true)
    expect(await authorize(tls.cert)).toMatchObject({ accountId: emulator.accountId })
  })
})
