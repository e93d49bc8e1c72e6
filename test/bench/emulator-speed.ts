/**
 * How much the emulator can take: uploads of small files on several connections, and one large stream on one.
 *
 * A benchmark of a client is worth nothing when its server is the slower one, so this says from where on that would be so.
 * The load comes from this process and the emulator runs in another. Requests are written on bare sockets out of buffers
 * made beforehand: an HTTP client would cost more than the emulator does.
 */
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { connect } from 'node:net'
import type { Socket } from 'node:net'
import { say } from '../../scripts/lib.mjs'
import { startEmulatorProcess, type EmulatorProcess } from './emulator-process.ts'
import { cpuSecondsOf } from './measured.ts'

/** Uploads of small files, and their size: what a sync client is slow at. */
const SMALL_UPLOADS = 30_000
const SMALL_BYTES = 1000
/** Connections side by side, each with an upload URL of its own; as many as a client uses on a good line. */
const CONNECTIONS = 10
/** One large stream, in writes of 1 MiB. */
const STREAM_WRITES = 2000
const WRITE = Buffer.alloc(2 ** 20, 'stream ')

/** What the emulator has to take at least: more than a client on the same machine can send. */
const LEAST_UPLOADS_PER_SECOND = 2500
const LEAST_MEGABYTES_PER_SECOND = 700

type UploadUrl = { readonly uploadUrl: string; readonly authorizationToken: string }

type Server = EmulatorProcess & { readonly uploadUrl: () => Promise<UploadUrl> }

/** Measures and prints both figures; answers 1 when one is too small. */
export async function measureEmulator(): Promise<number> {
  const server = await startServer()
  try {
    const uploadsPerSecond = await measured(server, `${SMALL_UPLOADS} uploads of ${SMALL_BYTES} bytes`, smallUploads)
    const bytesPerSecond = await measured(server, `one stream of ${STREAM_WRITES} MiB`, oneStream)
    const megabytesPerSecond = bytesPerSecond / 1e6
    say(`${uploadsPerSecond.toFixed(0)} small uploads a second, at least ${LEAST_UPLOADS_PER_SECOND} wanted`)
    say(`${megabytesPerSecond.toFixed(0)} MB a second in one stream, at least ${LEAST_MEGABYTES_PER_SECOND} wanted`)
    return uploadsPerSecond < LEAST_UPLOADS_PER_SECOND || megabytesPerSecond < LEAST_MEGABYTES_PER_SECOND ? 1 : 0
  } finally {
    await server.stop()
  }
}

async function startServer(): Promise<Server> {
  const emulator = await startEmulatorProcess('bench-speed')
  const { realm, applicationKeyId, applicationKey, bucketId } = emulator
  const basic = Buffer.from(`${applicationKeyId}:${applicationKey}`).toString('base64')
  const api = `${realm}/b2api/v4`
  const authorized = await fetch(`${api}/b2_authorize_account`, { headers: { Authorization: `Basic ${basic}` } })
  const { authorizationToken } = (await authorized.json()) as { authorizationToken: string }
  const uploadUrl = async (): Promise<UploadUrl> => {
    const headers = { Authorization: authorizationToken }
    const answer = await fetch(`${api}/b2_get_upload_url?bucketId=${bucketId}`, { headers })
    return (await answer.json()) as UploadUrl
  }
  return { ...emulator, uploadUrl }
}

/** Runs one measurement, which answers how much it did, and prints its cost; answers how much a second that makes. */
async function measured(server: Server, what: string, run: (server: Server) => Promise<number>): Promise<number> {
  const serverBefore = cpuSecondsOf(server.process.pid)
  const clientBefore = process.cpuUsage()
  const { amount, seconds } = await timed(() => run(server))
  const { user, system } = process.cpuUsage(clientBefore)
  const clientSeconds = (user + system) / 1e6
  const serverSeconds = cpuSecondsOf(server.process.pid) - serverBefore
  say(
    `${what}: ${seconds.toFixed(2)} s, emulator ${serverSeconds.toFixed(2)} CPU-s, load ${clientSeconds.toFixed(2)} CPU-s`,
  )
  return amount / seconds
}

async function timed(run: () => Promise<number>): Promise<{ readonly amount: number; readonly seconds: number }> {
  const startedAt = performance.now()
  return { amount: await run(), seconds: (performance.now() - startedAt) / 1000 }
}

/** Uploads small files on all connections side by side; answers how many. */
async function smallUploads(server: Server): Promise<number> {
  let left = SMALL_UPLOADS
  const content = Buffer.alloc(SMALL_BYTES, 'small ')
  const sha1 = createHash('sha1').update(content).digest('hex')
  await Promise.all(
    Array.from({ length: CONNECTIONS }, async (_, index) => {
      const { socket, head, answer } = await openUpload(server, `connection-${index}/00000000`, content.length, sha1)
      const request = Buffer.concat([head, content])
      const counterAt = head.indexOf('/00000000') + 1
      for (let count = 0; left > 0; count += 1) {
        left -= 1
        request.write(String(count).padStart(8, '0'), counterAt, 'latin1')
        socket.write(request)
        await answer()
      }
      socket.destroy()
    }),
  )
  return SMALL_UPLOADS
}

/** Sends one large file; answers how many bytes. The SHA-1 is the client's affair and not measured. */
async function oneStream(server: Server): Promise<number> {
  const { socket, head, answer } = await openUpload(server, 'large', STREAM_WRITES * WRITE.length, streamSha1)
  socket.write(head)
  const answered = answer()
  for (let written = 0; written < STREAM_WRITES; written += 1) {
    if (!socket.write(WRITE)) await once(socket, 'drain')
  }
  await answered
  socket.destroy()
  return STREAM_WRITES * WRITE.length
}

const streamSha1 = hashOfStream()

function hashOfStream(): string {
  const hash = createHash('sha1')
  for (let written = 0; written < STREAM_WRITES; written += 1) hash.update(WRITE)
  return hash.digest('hex')
}

type Upload = {
  readonly socket: Socket
  readonly head: Buffer
  /** Waits for one whole answer; throws when it is not a 200. */
  readonly answer: () => Promise<void>
}

async function openUpload(server: Server, fileName: string, length: number, sha1: string): Promise<Upload> {
  const { uploadUrl, authorizationToken } = await server.uploadUrl()
  const { hostname, port, pathname } = new URL(uploadUrl)
  const socket = connect({ host: hostname, port: Number(port), noDelay: true })
  await once(socket, 'connect')
  const head = [
    `POST ${pathname} HTTP/1.1`,
    `Host: ${hostname}:${port}`,
    `Authorization: ${authorizationToken}`,
    `X-Bz-File-Name: ${fileName}`,
    'Content-Type: application/octet-stream',
    `Content-Length: ${length}`,
    `X-Bz-Content-Sha1: ${sha1}`,
    'X-Bz-Info-src_last_modified_millis: 1700000000000',
  ]
  return { socket, head: Buffer.from(`${head.join('\r\n')}\r\n\r\n`), answer: answersOf(socket) }
}

/** Reads answers one after the other: their heads and as many bytes more as these announce. */
function answersOf(socket: Socket): () => Promise<void> {
  let text = ''
  let waiting: { readonly resolve: () => void; readonly reject: (error: Error) => void } | undefined
  socket.on('data', (chunk: Buffer) => {
    text += chunk.toString('latin1')
    const end = text.indexOf('\r\n\r\n') + 4
    const length = Number(/content-length: (\d+)/i.exec(text)?.[1] ?? Infinity)
    if (end < 4 || text.length < end + length) return
    if (text.startsWith('HTTP/1.1 200 ')) waiting?.resolve()
    else waiting?.reject(new Error(`the emulator answered ${text}`))
    text = ''
  })
  socket.on('close', () => waiting?.reject(new Error('the emulator closed the connection')))
  return () =>
    new Promise((resolve, reject) => {
      waiting = { resolve, reject }
    })
}
