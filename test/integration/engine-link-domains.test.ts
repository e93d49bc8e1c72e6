/** Links with a host of one's own: as if a network such as Cloudflare's stood before B2. */
import { createServer, type IncomingMessage, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { once } from 'node:events'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { fileTarget, linkTo } from '../support/links.ts'
import { BUCKET, bucketIdOf, openBench, type Bench } from '../support/test-bench.ts'

let bench: Bench
let front: Server
let asked: IncomingMessage[]

/** Passes every path on to B2's own host, and has only these to say about the address itself. */
async function startFront(): Promise<void> {
  asked = []
  front = createServer((request, response) => {
    asked.push(request)
    if (request.url === '/') response.writeHead(404).end()
    else
      void fetch(`${bench.emulator.realm}${request.url}`).then(async (answer) => {
        response.writeHead(answer.status).end(await answer.text())
      })
  })
  front.listen(0, '127.0.0.1')
  await once(front, 'listening')
}
const host = () => `127.0.0.1:${(front.address() as AddressInfo).port}`
const bucketId = () => bucketIdOf(bench.emulator, BUCKET)
const link = () => linkTo(bench.engine, fileTarget(bench.folderId, 'a b'))

beforeEach(async () => {
  bench = await openBench({ prefix: 'some place/' })
  bench.write('a b', 'content')
  await bench.begin()
  await startFront()
})
afterEach(async () => {
  front.closeAllConnections()
  front.close()
  await bench.close()
})

describe('a host of one’s own', () => {
  it('is in the links to its bucket from then on, before the same path, and not in those to others', async () => {
    const before = await link()
    const set = { bucketId: bucketId(), host: host() }
    expect(await bench.engine.api.setLinkDomain(set)).toEqual({ host: host(), answer: { kind: 'answers' } })
    const after = await link()
    const pathOf = ({ url }: { readonly url: string }) => new URL(url).pathname
    expect([new URL(after.url).host, pathOf(after)]).toEqual([host(), pathOf(before)])
    expect(await (await fetch(after.url)).text()).toBe('content')

    await bench.engine.api.setLinkDomain({ bucketId: bucketId(), host: null })
    expect(new URL((await link()).url).origin).toBe(bench.emulator.realm)
    await bench.engine.api.setLinkDomain({ bucketId: 'another', host: host() })
    expect(new URL((await link()).url).origin).toBe(bench.emulator.realm)
  })

  it('is asked once for nothing, and hears of no key, token, bucket or file', async () => {
    await bench.engine.api.setLinkDomain({ bucketId: bucketId(), host: host() })
    const known = asked.map(({ method, url, headers }) => ({ method, url, headers: Object.keys(headers).toSorted() }))
    expect(known).toEqual([{ method: 'HEAD', url: '/', headers: ['connection', 'host', 'user-agent'] }])
    await link()
    expect(asked).toHaveLength(1)
  })

  it('is kept over a start', async () => {
    await bench.engine.api.setLinkDomain({ bucketId: bucketId(), host: host() })
    await bench.stopEngine()
    bench.restartEngine()
    expect(await bench.engine.api.getLinkDomains(undefined)).toEqual({
      [bucketId()]: { host: host(), answer: { kind: 'answers' } },
    })
    expect(new URL((await link()).url).host).toBe(host())
  })

  it('that does not answer is kept, and said to be silent', async () => {
    const closed = host()
    front.closeAllConnections()
    front.close()
    const set = { bucketId: bucketId(), host: closed }
    expect(await bench.engine.api.setLinkDomain(set)).toEqual({ host: closed, answer: { kind: 'silent' } })
    expect((await bench.engine.api.getLinkDomains(undefined))[bucketId()]?.answer).toEqual({ kind: 'silent' })
    expect(new URL((await link()).url).host).toBe(closed)
  })

  it('that finds nothing behind it is said to fail', async () => {
    front.removeAllListeners('request')
    front.on('request', (_, response) => response.writeHead(522).end())
    const set = { bucketId: bucketId(), host: host() }
    expect(await bench.engine.api.setLinkDomain(set)).toEqual({ host: host(), answer: { kind: 'fails', status: 522 } })
  })
})
