/** The proxy that a person sets: it counts at once, and what it wants to know is in the keychain and nowhere else. */
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { EngineError } from '../../shared/errors.ts'
import { createMemoryStore } from '../../main/engine/credentials/memory-store.ts'
import { PROXY_SECRET_ID } from '../../main/engine/credentials/secret-store.ts'
import { createFileLogger } from '../../main/engine/lib/logger.ts'
import { makeCertificate } from '../b2-emulator/certificate.ts'
import { startConnectProxy, type ConnectProxy, type ConnectProxyOptions } from '../support/connect-proxy.ts'
import { tempFolder } from '../support/temp-folder.ts'
import { BUCKET, openBench, type Bench, type BenchOptions } from '../support/test-bench.ts'
import { waitFor } from '../support/wait-for.ts'

const tls = await makeCertificate()

let bench: Bench
let proxies: ConnectProxy[]
beforeEach(() => {
  proxies = []
})
afterEach(async () => {
  await bench.close()
  await Promise.all(proxies.map((proxy) => proxy.close()))
})

async function aProxy(options?: ConnectProxyOptions): Promise<ConnectProxy> {
  const proxy = await startConnectProxy(options)
  proxies.push(proxy)
  return proxy
}

/** Only https goes through a proxy. */
async function begin(options: BenchOptions = {}, HTTPS_PROXY?: string): Promise<void> {
  const authority = join(tempFolder(), 'authority.pem')
  writeFileSync(authority, tls.cert)
  bench = await openBench({ ...options, emulator: { tls }, env: { NODE_EXTRA_CA_CERTS: authority, HTTPS_PROXY } })
  bench.write('a', 'a')
  await bench.begin()
}
const set = (change: Parameters<typeof bench.engine.api.setProxy>[0]) => bench.engine.api.setProxy(change)
const address = (url: string, login?: { readonly name: string; readonly password: string } | null) =>
  set({ kind: 'address', address: url, ...(login === undefined ? {} : { login }) })

describe('a proxy that is set', () => {
  it('is gone through at once, also by what is on its way, which arrives exactly once', async () => {
    await begin()
    bench.emulator.failNext('upload_file', { kind: 'stall-before' })
    bench.write('b', 'b')
    await bench.untilSnapshot('the upload', ({ transfers }) => transfers.sendingCount === 1)
    await waitFor('the stall', () => bench.emulator.inFlight === 1)
    const proxy = await aProxy()
    await address(proxy.url)
    await bench.untilInSync()
    expect(proxy.asked).not.toEqual([])
    expect(bench.emulator.fileVersions(BUCKET).map(({ fileName }) => fileName)).toEqual(['a', 'b'])

    const another = await aProxy()
    await address(another.url)
    const before = proxy.asked.length
    bench.write('c', 'c')
    await bench.untilInSync()
    expect(another.asked).not.toEqual([])
    expect(proxy.asked).toHaveLength(before)
  })

  it('takes the place of the environment’s, and "none" that of both', async () => {
    const environments = await aProxy()
    await begin({}, environments.url)
    expect(environments.asked).not.toEqual([])
    const own = await aProxy()
    await address(own.url)
    const before = environments.asked.length
    bench.write('b', 'b')
    await bench.untilInSync()
    expect(own.asked).not.toEqual([])
    await set({ kind: 'none' })
    const askedOwn = own.asked.length
    bench.write('c', 'c')
    await bench.untilInSync()
    expect([environments.asked.length, own.asked.length]).toEqual([before, askedOwn])
    await set({ kind: 'system' })
    bench.write('d', 'd')
    await bench.untilInSync()
    expect(environments.asked.length).toBeGreaterThan(before)
  })

  it('that does not answer is told at once, while nothing is to be sent, and is over with another way', async () => {
    await begin()
    await address('http://127.0.0.1:1')
    const { problems, status } = await bench.untilSnapshot('the problem', (found) => found.problems.length > 0)
    expect(problems).toMatchObject([{ code: 'proxy_unreachable', scope: 'account', details: { proxy: '127.0.0.1:1' } }])
    expect(status).toMatchObject({ kind: 'problem', code: 'proxy_unreachable' })
    bench.write('b', 'b')
    await set({ kind: 'none' })
    await bench.untilInSync()
    expect(bench.problems()).toEqual([])
  })

  it('is gone through by the next start as well', async () => {
    await begin()
    const proxy = await aProxy()
    await address(proxy.url)
    await bench.stopEngine()
    const before = proxy.asked.length
    bench.restartEngine()
    bench.write('b', 'b')
    await bench.untilInSync()
    expect(bench.engine.api.getProxy(undefined)).toEqual({ kind: 'address', address: proxy.url, hasLogin: false })
    expect(proxy.asked.length).toBeGreaterThan(before)
  })
})

describe('the name and password of a proxy', () => {
  const login = { name: 'maria', password: 'p@ss:w%rd ä' }
  const asHeader = `${login.name}:${login.password}`

  it('are in the keychain, and in no file, log, snapshot or answer', async () => {
    const logs = tempFolder()
    const logger = createFileLogger(logs)
    logger.level = 'trace'
    const said: string[] = []
    await begin({ logger })
    bench.engine.subscribe((snapshot) => said.push(JSON.stringify(snapshot)))
    const proxy = await aProxy({ credentials: asHeader })
    await address(proxy.url)
    await bench.untilSnapshot('the refusal', ({ problems }) => problems.some(({ code }) => code === 'proxy_refused'))
    await address(proxy.url, login)
    bench.write('b', 'b')
    await bench.untilInSync()
    said.push(JSON.stringify(await bench.engine.api.getProxy(undefined)))
    await bench.stopEngine()
    bench.restartEngine()
    bench.write('c', 'c')
    await bench.untilInSync()
    await address('http://127.0.0.1:1', login)
    await bench.untilSnapshot('no answer', ({ problems }) => problems.some(({ code }) => code === 'proxy_unreachable'))
    logger.error('the last line')
    await bench.stopEngine()
    await waitFor('the log', () => bytesBelow(logs).some((bytes) => bytes.includes('the last line')))
    expect(await bench.secrets.get(PROXY_SECRET_ID)).toContain(login.name)
    const secrets = [login.password, encodeURIComponent(login.password), Buffer.from(asHeader).toString('base64')]
    const places = [...bytesBelow(bench.dataFolder), ...bytesBelow(logs), ...said.map((text) => Buffer.from(text))]
    for (const secret of [...secrets, login.name]) {
      expect(places.filter((bytes) => bytes.includes(secret))).toEqual([])
    }
  })

  it('stay where nothing is said of them, go with the address, and are never told to another', async () => {
    await begin()
    const proxy = await aProxy({ credentials: asHeader })
    await address(proxy.url, login)
    await address(proxy.url)
    bench.write('b', 'b')
    await bench.untilInSync()
    const strict = await aProxy({ credentials: asHeader })
    await address(strict.url)
    await bench.untilSnapshot('the refusal', ({ problems }) => problems.some(({ code }) => code === 'proxy_refused'))
    expect(await bench.secrets.get(PROXY_SECRET_ID)).toBeNull()
    await address(proxy.url, login)
    await set({ kind: 'none' })
    expect(await bench.secrets.get(PROXY_SECRET_ID)).toBeNull()
  })

  it('that the keychain does not take change nothing', async () => {
    const store = createMemoryStore()
    const secrets = {
      ...store,
      set: (id: string, key: string) =>
        id === PROXY_SECRET_ID ? Promise.reject(new EngineError('keychain_unavailable', 'locked')) : store.set(id, key),
    }
    await begin({ secrets })
    await expect(address('http://127.0.0.1:1', login)).rejects.toMatchObject({ code: 'keychain_unavailable' })
    expect(bench.engine.api.getProxy(undefined)).toEqual({ kind: 'system' })
    bench.write('b', 'b')
    await bench.untilInSync()
  })
})

function bytesBelow(folder: string): Buffer[] {
  const paths = readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((name) => join(folder, name))
  return paths.filter((path) => statSync(path).isFile()).map((path) => readFileSync(path))
}
