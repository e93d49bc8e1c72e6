/** An HTTP proxy that opens tunnels (CONNECT) and remembers where to; it sees nothing of what goes through. */
import { once } from 'node:events'
import { createServer } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import { connect, type AddressInfo, type Socket } from 'node:net'
import type { Duplex } from 'node:stream'

export type ConnectProxy = {
  /** `http://127.0.0.1:PORT`, or https. */
  readonly url: string
  /** `host:port` of every tunnel asked for. */
  readonly asked: readonly string[]
  close(): Promise<void>
}

export type ConnectProxyOptions = {
  /** `name:password` that clients have to give; none when absent. */
  readonly credentials?: string
  /** The status of every answer instead of a tunnel; 0 for no answer at all. */
  readonly refusesWith?: number
  /** Speaks https to its clients; plain http when absent. */
  readonly tls?: { readonly key: string; readonly cert: string }
}

export async function startConnectProxy(options: ConnectProxyOptions = {}): Promise<ConnectProxy> {
  const { credentials, refusesWith, tls } = options
  const asked: string[] = []
  const sockets = new Set<Duplex>()
  const wanted = credentials === undefined ? undefined : `Basic ${Buffer.from(credentials).toString('base64')}`
  const server = tls === undefined ? createServer() : createTlsServer(tls)
  server.on('request', (_, response) => response.writeHead(400).end())
  server.on('connection', (socket: Socket) => sockets.add(socket))
  server.on('connect', (request, client) => {
    asked.push(request.url ?? '')
    const isRejected = wanted !== undefined && request.headers['proxy-authorization'] !== wanted
    const status = isRejected ? 407 : refusesWith
    if (status === 0) return
    if (status !== undefined) {
      client.end(`HTTP/1.1 ${status} No\r\n\r\n`)
      return
    }
    const [host = '', port = ''] = (request.url ?? '').split(':')
    const upstream = connect(Number(port), host, () => {
      client.write('HTTP/1.1 200 Connection Established\r\n\r\n')
      upstream.pipe(client).pipe(upstream)
    })
    sockets.add(upstream)
    upstream.on('error', () => client.destroy())
    client.on('error', () => upstream.destroy())
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `${tls === undefined ? 'http' : 'https'}://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    async close() {
      for (const socket of sockets) socket.destroy()
      server.close()
      await once(server, 'close')
    },
  }
}
