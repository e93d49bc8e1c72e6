/** Calls a contract over a channel, with the server's errors rebuilt and its events checked. */
import { createBirpc } from 'birpc'
import type { z } from 'zod'
import type { ClientOf, Contract } from '../contract/procedure.ts'
import { EngineError } from '../errors.ts'
import type { Channel } from './channel.ts'
import type { EventSchemas } from './server.ts'
import { decodeError } from './wire-error.ts'

export type EventHandlers<E extends EventSchemas> = {
  readonly [K in keyof E]?: (payload: z.output<E[K]>) => void
}

export type RpcClient<C extends Contract> = {
  readonly call: ClientOf<C>
  /** Rejects everything that still waits for an answer. */
  readonly close: () => void
}

/**
 * Calls never time out by themselves: a folder dialog may stay open for an hour. A channel whose other side died has to
 * be closed by who owns it.
 */
export function connect<C extends Contract, E extends EventSchemas>(
  contract: C,
  events: E,
  handlers: EventHandlers<E>,
  channel: Channel,
): RpcClient<C> {
  let remove = (): void => undefined
  const rpc = createBirpc<Record<string, (input: unknown) => Promise<unknown>>, object>(
    {},
    {
      post: (data: unknown) => {
        channel.post(data)
      },
      on: (receive) => {
        remove = channel.onMessage(receive)
      },
      off: () => {
        remove()
      },
      timeout: -1,
      resolver: (name) => (payload: unknown) => {
        const schema = Object.hasOwn(events, name) ? events[name] : undefined
        const parsed = schema?.safeParse(payload)
        if (parsed?.success) handlers[name as keyof E]?.(parsed.data as never)
      },
      deserialize: (message: { e?: unknown }) =>
        message.e === undefined ? message : { ...message, e: decodeError(message.e) },
    },
  )
  const call = Object.fromEntries(
    Object.entries(contract).map(([name, { output }]) => [
      name,
      async (input: unknown) => output.parse(await rpc.$call(name, input)),
    ]),
  )
  return {
    call: call as ClientOf<C>,
    close: () => {
      rpc.$close(new EngineError('engine_stopped', 'The other side is gone'))
    },
  }
}
