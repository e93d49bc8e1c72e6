import { MessageChannel, type MessagePort } from 'node:worker_threads'
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest'
import { z } from 'zod'
import { procedure } from '../contract/procedure.ts'
import { EngineError } from '../errors.ts'
import type { Channel } from './channel.ts'
import { connect, type RpcClient } from './client.ts'
import { serve, type RpcServer } from './server.ts'

const nothing = z.undefined()
const contract = {
  double: procedure(z.object({ n: z.number().max(1000) }), z.number()),
  ping: procedure(nothing, nothing),
  refuse: procedure(nothing, nothing),
  crash: procedure(nothing, nothing),
  lie: procedure(nothing, z.string()),
  never: procedure(nothing, nothing),
}
const events = { changed: z.object({ n: z.number() }) }

let client: RpcClient<typeof contract>
let server: RpcServer<typeof events>
let port: MessagePort
let faults: unknown[]
let received: unknown[]

const over = (side: MessagePort): Channel => ({
  post: (message) => side.postMessage(message),
  onMessage: (receive) => {
    side.on('message', receive)
    return () => side.off('message', receive)
  },
})

beforeEach(() => {
  const { port1, port2 } = new MessageChannel()
  port = port2
  faults = []
  received = []
  const handlers = {
    double: ({ n }: { n: number }) => n * 2,
    ping: () => undefined,
    refuse: () => {
      throw new EngineError('capability_missing', 'lacks it', { capability: 'writeFiles', times: 2, really: true })
    },
    crash: () => {
      throw new TypeError('cannot read properties of undefined')
    },
    lie: () => 5 as unknown as string,
    never: () => new Promise<undefined>(() => undefined),
  }
  server = serve(contract, handlers, over(port1), (error, name) => faults.push([error, name]))
  client = connect(contract, events, { changed: (payload) => received.push(payload) }, over(port2))
  onTestFinished(() => {
    server.close()
    port1.close()
    port2.close()
  })
})

/** Any procedure name and any input, as a page that was taken over could send them. */
const callAnything = (name: string, ...input: readonly unknown[]): Promise<Record<string, unknown>> => {
  const i = `hostile-${name}`
  return new Promise((answer) => {
    const listen = (message: unknown): void => {
      if ((message as { i?: unknown } | null)?.i !== i) return
      port.off('message', listen)
      answer(message as Record<string, unknown>)
    }
    port.on('message', listen)
    port.postMessage({ t: 'q', m: name, i, a: input })
  })
}

describe('a call', () => {
  it('goes there and back', async () => {
    expect(await client.call.double({ n: 21 })).toBe(42)
    expect(await client.call.ping(undefined)).toBeUndefined()
  })

  it('keeps many apart that are under way at once', async () => {
    const numbers = Array.from({ length: 100 }, (_, n) => n)
    expect(await Promise.all(numbers.map((n) => client.call.double({ n })))).toEqual(numbers.map((n) => n * 2))
  })

  it('fails with the same error on the other side: class, code, message and details', async () => {
    const error = await client.call.refuse(undefined).catch((thrown: unknown) => thrown)
    expect(error).toBeInstanceOf(EngineError)
    expect(error).toMatchObject({
      code: 'capability_missing',
      message: 'lacks it',
      details: { capability: 'writeFiles', times: 2, really: true },
    })
    expect(faults).toEqual([])
  })

  it('fails as a bug where the other side has one, and that is told there', async () => {
    await expect(client.call.crash(undefined)).rejects.toMatchObject({ code: 'bug' })
    expect(faults).toEqual([[expect.any(TypeError), 'crash']])
  })

  it('does not believe an answer of another shape', async () => {
    await expect(client.call.lie(undefined)).rejects.toThrow()
  })

  it('is rejected when the client is closed meanwhile', async () => {
    const waiting = client.call.never(undefined)
    client.close()
    await expect(waiting).rejects.toMatchObject({ code: 'engine_stopped' })
  })

  it.each([[{ n: 'x' }], [{ n: 1001 }], [{}], [null], ['text'], [[1]], [undefined]])(
    'with the bad input %j is refused without repeating it',
    async (input) => {
      const answer = await callAnything('double', input)
      expect(answer).toMatchObject({ e: { code: 'bad_request' } })
      expect(JSON.stringify(answer)).not.toContain('1001')
    },
  )

  it('never quotes what it refuses: that may be a secret', async () => {
    const answer = await callAnything('double', { n: 'K002secret', applicationKey: 'K002secret' })
    expect(JSON.stringify(answer)).not.toContain('K002secret')
  })

  it.each(['', 'unknown', 'constructor', '__proto__', 'toString', 'hasOwnProperty', '$call', 'then', 'call'])(
    'of the unknown procedure %j is refused',
    async (name) => {
      expect(await callAnything(name, { n: 1 })).toMatchObject({ e: { code: 'bad_request' } })
      expect(faults).toEqual([])
    },
  )
})

describe('a server that is sent nonsense', () => {
  const self: unknown[] = []
  self.push(self)
  it.each<[string, unknown]>([
    ['nothing', undefined],
    ['null', null],
    ['a number', 5],
    ['text', 'q'],
    ['an empty object', {}],
    ['an empty list', []],
    ['a list that holds itself', self],
    ['bytes', new Uint8Array(100)],
    ['a map', new Map([['t', 'q']])],
    ['an answer nobody waits for', { t: 's', i: '1', r: 1 }],
    ['an answer with an error', { t: 's', i: '1', e: 'boom' }],
    ['a call without a name', { t: 'q', i: '1', a: [] }],
    ['a call without an id', { t: 'q', m: 'double', a: [{ n: 1 }] }],
    ['a call with an object as its id', { t: 'q', m: 'double', i: {}, a: [{ n: 1 }] }],
    ['a call with a name that is no text', { t: 'q', m: ['double'], i: '1', a: [] }],
    ['a call with arguments that are no list', { t: 'q', m: 'double', i: '1', a: { length: 1 } }],
    ['a call with too many arguments', { t: 'q', m: 'double', i: '1', a: [1, 2, 3] }],
    ['an error in place of a message', new Error('boom')],
    ['a date', new Date()],
    ['a deep object', JSON.parse(`${'{"a":'.repeat(500)}1${'}'.repeat(500)}`)],
  ])('goes on after %s', async (_, message) => {
    port.postMessage(message)
    expect(await client.call.double({ n: 2 })).toBe(4)
    expect(faults).toEqual([])
  })
})

describe('an event', () => {
  it('arrives, and one of another shape does not', async () => {
    server.emit('changed', { n: 1 })
    server.emit('changed', { n: 'x' } as never)
    server.emit('unknown' as never, { n: 1 } as never)
    server.emit('changed', { n: 2 })
    await client.call.ping(undefined)
    expect(received).toEqual([{ n: 1 }, { n: 2 }])
  })

  it('is lost without a word once the server is closed', async () => {
    server.close()
    server.emit('changed', { n: 1 })
    await new Promise(setImmediate)
    expect(received).toEqual([])
  })
})
