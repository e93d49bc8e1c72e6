/** What lies between this machine and B2: proxies, certificates, and a network that goes away for a while. */
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { join } from 'node:path'
import { getCACertificates, setDefaultCACertificates } from 'node:tls'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { B2ClientOptions } from '../../main/engine/b2/client.ts'
import { INTERACTIVE } from '../../main/engine/b2/retry.ts'
import { Slots } from '../../main/engine/lib/slots.ts'
import { problemText } from '../../shared/text/problem-text.ts'
import { makeCertificate } from '../b2-emulator/certificate.ts'
import {
  BUCKET,
  inLanes,
  inPieces,
  MODIFIED,
  partsOf,
  sha1Of,
  startB2Bench,
  type B2Bench,
} from '../support/b2-bench.ts'
import { startConnectProxy, type ConnectProxy } from '../support/connect-proxy.ts'
import { tempFolder } from '../support/temp-folder.ts'
import { FakeClock } from '../support/fake-clock.ts'
import { waitFor } from '../support/wait-for.ts'

const tls = await makeCertificate()

let bench: B2Bench
let proxy: ConnectProxy | undefined
afterEach(async () => {
  vi.unstubAllEnvs()
  await bench.close()
  await proxy?.close()
  proxy = undefined
})

/** The path of a file with these certificates. */
function pemFile(content: string): string {
  const path = join(tempFolder(), 'extra.pem')
  writeFileSync(path, content)
  return path
}

const upload = (env: B2ClientOptions['env'], fileName = 'a') =>
  bench
    .connect({ env, timeouts: { headersMs: 300 } })
    .uploadFile(bench.anUpload(fileName, 'x', { patience: INTERACTIVE }))

describe('a certificate', () => {
  beforeEach(async () => {
    bench = await startB2Bench({ tls })
  })

  it('that nobody vouches for ends every connection, before anything is said', async () => {
    await expect(upload({})).rejects.toMatchObject({ code: 'not_a_b2_service' })
    expect(bench.emulator.calls).toEqual([])
  })

  it('is looked at also where a variable of Node’s says not to', async () => {
    vi.stubEnv('NODE_TLS_REJECT_UNAUTHORIZED', '0')
    await expect(upload({})).rejects.toMatchObject({ code: 'not_a_b2_service' })
    expect(bench.emulator.calls).toEqual([])
  })

  it('is taken when NODE_EXTRA_CA_CERTS vouches for it', async () => {
    await upload({ NODE_EXTRA_CA_CERTS: pemFile(tls.cert) })
    expect(bench.emulator.listVisible(BUCKET)).toHaveLength(1)
  })

  it('of the usual authorities is taken besides extra ones', async () => {
    const usual = getCACertificates('default')
    const { cert } = await makeCertificate()
    setDefaultCACertificates([tls.cert])
    try {
      await upload({ NODE_EXTRA_CA_CERTS: pemFile(cert) })
    } finally {
      setDefaultCACertificates(usual)
    }
    expect(bench.emulator.listVisible(BUCKET)).toHaveLength(1)
  })

  it.each([
    ['that is not there', () => '/nowhere/extra.pem'],
    ['that is empty', () => pemFile('')],
    ['that is broken', () => pemFile('-----BEGIN CERTIFICATE-----\nbm8=\n-----END CERTIFICATE-----\n')],
  ])('file %s is told of', (_, path) => {
    const client = () => bench.connect({ env: { NODE_EXTRA_CA_CERTS: path() } })
    expect(client).toThrow(expect.objectContaining({ code: 'network_settings_unusable' }))
  })
})

describe('a proxy', () => {
  beforeEach(async () => {
    bench = await startB2Bench({ tls })
  })
  const through = (HTTPS_PROXY: string, more = {}) => ({ NODE_EXTRA_CA_CERTS: pemFile(tls.cert), HTTPS_PROXY, ...more })
  const host = () => bench.emulator.realm.replace('https://', '')

  it('carries everything, with name and password where it wants them', async () => {
    proxy = await startConnectProxy({ credentials: 'me:p@ss' })
    await upload(through(proxy.url.replace('//', '//me:p%40ss@')))
    expect(new Set(proxy.asked)).toEqual(new Set([host()]))
    expect(bench.emulator.listVisible(BUCKET)).toHaveLength(1)
  })

  it('may be given without http://', async () => {
    proxy = await startConnectProxy()
    await upload(through(proxy.url.replace('http://', '')))
    expect(proxy.asked).not.toEqual([])
  })

  it('may be given in small letters, which count more, and as nothing', async () => {
    proxy = await startConnectProxy()
    await upload(through('http://127.0.0.1:1', { https_proxy: proxy.url }))
    expect(proxy.asked).not.toEqual([])
    await upload(through(' '), 'b')
    expect(bench.emulator.listVisible(BUCKET)).toHaveLength(2)
  })

  it('may speak https, with a certificate that somebody vouches for', async () => {
    proxy = await startConnectProxy({ tls })
    await expect(upload({ HTTPS_PROXY: proxy.url })).rejects.toMatchObject({ code: 'not_a_b2_service' })
    expect(proxy.asked).toEqual([])
    await upload(through(proxy.url))
    expect(proxy.asked).not.toEqual([])
  })

  it.each([
    { NO_PROXY: '127.0.0.1' },
    { NO_PROXY: 'example.com,127.0.0.1' },
    { NO_PROXY: '*' },
    { no_proxy: '*', NO_PROXY: 'example.com' },
  ])('is left aside for %j', async (setting) => {
    proxy = await startConnectProxy()
    await upload(through(proxy.url, setting))
    expect(proxy.asked).toEqual([])
    expect(bench.emulator.listVisible(BUCKET)).toHaveLength(1)
  })

  it('is that of this process’s own environment when no other is given', async () => {
    proxy = await startConnectProxy()
    vi.stubEnv('HTTPS_PROXY', proxy.url)
    vi.stubEnv('NO_PROXY', '')
    vi.stubEnv('NODE_EXTRA_CA_CERTS', pemFile(tls.cert))
    await upload(undefined)
    expect(proxy.asked).not.toEqual([])
  })

  it('is not left aside for what this process’s own environment says', async () => {
    vi.stubEnv('NO_PROXY', '*')
    proxy = await startConnectProxy()
    await upload(through(proxy.url))
    expect(proxy.asked).not.toEqual([])
  })

  it('does not make certificates good', async () => {
    proxy = await startConnectProxy()
    const untrusted = upload({ HTTPS_PROXY: proxy.url })
    await expect(untrusted).rejects.toMatchObject({ code: 'not_a_b2_service' })
    expect(bench.emulator.calls).toEqual([])
  })

  it.each([
    [407, 'proxy_refused', 'wants a name and a password'],
    [403, 'proxy_refused', 'does not let Pail reach B2'],
    [502, 'network_unreachable', 'cannot be reached'],
    [0, 'proxy_unreachable', 'does not answer'],
  ])('that answers %i is told of as %s', async (refusesWith, code, sentence) => {
    proxy = await startConnectProxy({ refusesWith })
    const error: unknown = await upload(through(proxy.url)).catch((thrown: unknown) => thrown)
    expect(error).toMatchObject({ code })
    const { details } = error as { details: Record<string, string> }
    expect(problemText(code as 'timeout', details).advice).toContain(sentence)
  })

  it('that nobody runs is told of by its host and port, and nothing else of its address', async () => {
    const error: unknown = await upload(through('http://me:secret@127.0.0.1:1')).catch((thrown: unknown) => thrown)
    expect(error).toMatchObject({ code: 'proxy_unreachable', details: { proxy: '127.0.0.1:1' } })
    const { details, message, stack, cause } = error as Error & { readonly details: Record<string, string> }
    expect(problemText('proxy_unreachable', details).advice).toContain('The proxy 127.0.0.1:1 does not answer.')
    expect(JSON.stringify([details, message, stack, String(cause), cause])).not.toContain('secret')
  })

  it('that hangs up is told of as one that does not answer', async () => {
    const server = createServer((socket) => socket.destroy()).listen(0, '127.0.0.1')
    await once(server, 'listening')
    const { port } = server.address() as AddressInfo
    await expect(upload(through(`http://127.0.0.1:${port}`))).rejects.toMatchObject({ code: 'proxy_unreachable' })
    server.close()
  })

  it.each(['://', 'ftp://proxy:1', 'http://', 'socks5:///', 'http://me:p%ss@proxy:1'])(
    'address that is none is told of (%s)',
    (HTTPS_PROXY) => {
      const client = () => bench.connect({ env: { HTTPS_PROXY } })
      const expected = { code: 'network_settings_unusable', details: { setting: 'HTTPS_PROXY' } }
      expect(client).toThrow(expect.objectContaining(expected))
    },
  )
})

describe('plain http to this machine', () => {
  it('never goes through a proxy', async () => {
    bench = await startB2Bench()
    proxy = await startConnectProxy()
    vi.stubEnv('HTTP_PROXY', proxy.url)
    await upload({ HTTPS_PROXY: proxy.url, HTTP_PROXY: proxy.url, http_proxy: proxy.url })
    expect(proxy.asked).toEqual([])
    expect(bench.emulator.listVisible(BUCKET)).toHaveLength(1)
  })
})

describe('a network that goes away for half a minute in the middle', () => {
  const PART = 200_000

  it('costs no finished part and nobody has to do anything', async () => {
    bench = await startB2Bench({ recommendedPartSize: PART, absoluteMinimumPartSize: 1_000, bytesPerSecond: 4_000_000 })
    const { emulator, bucketId } = bench
    const clock = new FakeClock()
    const client = bench.connect({ clock })
    const content = randomBytes(12 * PART)
    const slots = new Slots(4)
    const confirmed = () =>
      emulator.calls.filter((call) => call.operation === 'upload_part' && call.status === 200).length
    const smallNames = Array.from({ length: 30 }, (_, i) => `small/${i}`)

    const large = client.uploadLargeFile({
      bucketId,
      fileName: 'large',
      srcLastModifiedMillis: MODIFIED,
      fileInfo: { large_file_sha1: sha1Of(content) },
      parts: partsOf(content, PART),
      sending: {
        makeBody: (start, length) => inPieces(content.subarray(start, start + length)),
        takeSlot: (signal) => slots.take(signal),
      },
      takeCopySlot: (signal) => slots.take(signal),
    })
    const small = inLanes(4, smallNames, (name) => client.uploadFile(bench.anUpload(name, name.repeat(1_000))))

    await waitFor('some parts to be confirmed', () => confirmed() >= 3)
    await emulator.setReachable(false)
    const before = confirmed()
    // Second by second, and only when somebody waits: everybody tries again and again meanwhile.
    for (let second = 0; second < 30; second++) {
      await waitFor('somebody to wait for the network', () => clock.sleeping > 0)
      clock.advance(1_000)
    }
    emulator.clearCalls()
    await emulator.setReachable(true)
    const done = Promise.all([large, small])
    let isDone = false
    void done.finally(() => (isDone = true)).catch(() => undefined)
    await waitFor('the end', () => {
      if (clock.sleeping > 0) clock.advance(1_000)
      return isDone
    })
    await done

    const visible = Object.fromEntries(emulator.listVisible(BUCKET).map((file) => [file.fileName, file]))
    expect(Object.keys(visible).toSorted()).toEqual(['large', ...smallNames].toSorted())
    expect((await emulator.readFile(BUCKET, 'large')).equals(content)).toBe(true)
    expect(emulator.fileVersions(BUCKET)).toHaveLength(31)
    expect(emulator.unfinishedLargeFiles(BUCKET)).toEqual([])
    expect(emulator.violations).toEqual([])
    // What was confirmed before the cut was not sent again, nor what was stored just before it without an answer.
    expect(confirmed()).toBeLessThanOrEqual(12 - before)
  })
})
