/**
 * The control port: looks inside and misbehaves on purpose, for programs that did not start the emulator in process.
 *
 * Plain HTTP with JSON, on a port of its own, so that it stays reachable when the emulated service is not. It can do
 * nothing that the handle of `startEmulator` cannot.
 */
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { IncomingMessage, Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { z } from 'zod'
import type { CallLog } from './calls.ts'
import type { Emulator } from './emulator.ts'
import { FAULT_KINDS } from './faults.ts'
import type { Fault } from './faults.ts'

const HOST = '127.0.0.1'

const wholeNumber = z.number().int().min(0)

/** JSON has no Infinity: null stands for a fault without end. */
const endless = z.null().transform(() => Infinity)

const fault: z.ZodType<Fault> = z.strictObject({
  kind: z.enum(FAULT_KINDS).exactOptional(),
  status: z.number().int().min(200).max(599).exactOptional(),
  code: z.string().exactOptional(),
  message: z.string().exactOptional(),
  retryAfter: z.union([z.number().min(0), z.string()]).exactOptional(),
  bytesPerSecond: z.number().positive().exactOptional(),
  count: z.union([z.number().int().min(1), endless]).exactOptional(),
  skip: wholeNumber.exactOptional(),
  share: z.number().min(0).max(1).exactOptional(),
})

/** What a request may say, and what it does; the answer is JSON. */
type Action = {
  readonly body: z.ZodType
  readonly run: (body: never, query: URLSearchParams) => unknown
}

function action<Body extends z.ZodType>(
  body: Body,
  run: (body: z.infer<Body>, query: URLSearchParams) => unknown,
): Action {
  return { body, run }
}

const nothing = z.undefined()

function actionsOf(emulator: Emulator, log: CallLog): Readonly<Record<string, Action>> {
  return {
    'GET /calls': action(nothing, (_, query) => log.since(wholeNumber.parse(Number(query.get('since') ?? 0)))),
    'DELETE /calls': action(nothing, () => {
      emulator.clearCalls()
    }),
    'GET /files': action(nothing, (_, query) => ({
      files: emulator.listVisible(query.get('bucket') ?? '', query.get('prefix') ?? ''),
    })),
    'GET /violations': action(nothing, () => ({ violations: emulator.violations })),
    'POST /faults': action(z.strictObject({ operation: z.string().min(1), fault }), (body) => {
      emulator.failNext(body.operation, body.fault)
    }),
    'DELETE /faults': action(nothing, () => {
      emulator.clearFaults()
    }),
    'POST /expire-tokens': action(
      z.strictObject({ kind: z.enum(['account', 'upload', 'download']).exactOptional() }),
      ({ kind }) => {
        emulator.expireTokens(kind)
      },
    ),
    'POST /latency': action(z.strictObject({ latencyMs: wholeNumber }), ({ latencyMs }) => {
      emulator.setLatency(latencyMs)
    }),
    'POST /bandwidth': action(z.strictObject({ bytesPerSecond: z.number().positive().nullable() }), (body) => {
      emulator.setBandwidth(body.bytesPerSecond ?? undefined)
    }),
    'POST /rate-limit': action(z.strictObject({ requestsPerSecond: z.number().int().min(1).nullable() }), (body) => {
      emulator.setRateLimit(body.requestsPerSecond ?? undefined)
    }),
    'POST /reachable': action(z.strictObject({ isReachable: z.boolean() }), ({ isReachable }) =>
      emulator.setReachable(isReachable),
    ),
    'POST /clock': action(z.strictObject({ advanceMs: wholeNumber }), ({ advanceMs }) => {
      emulator.advanceClock(advanceMs)
    }),
  }
}

/** A listening control port. */
export type Control = {
  /** `http://127.0.0.1:PORT`, without a trailing slash. */
  readonly url: string
  close(): Promise<void>
}

/** Opens the control port; 0 takes a free one. Throws when it is taken. */
export async function openControl(emulator: Emulator, log: CallLog, port: number): Promise<Control> {
  const actions = actionsOf(emulator, log)
  const server = createServer((req, res) => {
    void answer(actions, req).then(({ status, json }) => {
      res.writeHead(status, { 'Content-Type': 'application/json' })
      res.end(`${JSON.stringify(json)}\n`)
    })
  })
  server.listen(port, HOST)
  await once(server, 'listening')
  return { url: `http://${HOST}:${(server.address() as AddressInfo).port}`, close: () => close(server) }
}

type Reply = { readonly status: number; readonly json: unknown }

async function answer(actions: Readonly<Record<string, Action>>, req: IncomingMessage): Promise<Reply> {
  const [path = '', query] = (req.url ?? '').split('?')
  const action = actions[`${req.method} ${path}`]
  if (action === undefined) return { status: 404, json: { error: `There is only ${Object.keys(actions).join(', ')}.` } }
  try {
    const body = await text(req)
    const parsed = action.body.parse(body === '' ? undefined : JSON.parse(body))
    return { status: 200, json: (await action.run(parsed as never, new URLSearchParams(query))) ?? {} }
  } catch (error) {
    return { status: 400, json: { error: error instanceof z.ZodError ? z.prettifyError(error) : String(error) } }
  }
}

async function close(server: Server): Promise<void> {
  const closed = once(server, 'close')
  server.close()
  server.closeAllConnections()
  await closed
}
