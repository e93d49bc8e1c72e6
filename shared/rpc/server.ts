/**
 * Serves a contract over a channel: checks every call against its schema, answers unknown names and bad input with
 * `bad_request`, and pushes events.
 */
import { createBirpc } from 'birpc'
import { z } from 'zod'
import type { Contract, HandlersOf } from '../contract/procedure.ts'
import { EngineError } from '../errors.ts'
import type { Channel } from './channel.ts'
import { encodeError } from './wire-error.ts'

/** The only message a client may send; anything else from a channel is dropped before it can do harm. */
const RequestMessage = z.object({ t: z.literal('q'), m: z.string(), i: z.string(), a: z.array(z.unknown()).max(1) })

export type EventSchemas = Readonly<Record<string, z.ZodType>>

export type RpcServer<E extends EventSchemas> = {
  /** Tells the other side; lost without a word when it is gone. */
  readonly emit: <K extends keyof E & string>(event: K, payload: z.input<E[K]>) => void
  readonly close: () => void
}

/** `onFault` sees every error that is not an `EngineError`: a bug that belongs in the log with its stack. */
export function serve<C extends Contract, E extends EventSchemas>(
  contract: C,
  handlers: HandlersOf<C>,
  channel: Channel,
  onFault: (error: unknown, procedure: string) => void,
): RpcServer<E> {
  let remove = (): void => undefined
  const rpc = createBirpc<Record<string, (payload: unknown) => void>, object>(
    {},
    {
      post: (data: unknown) => {
        channel.post(data)
      },
      on: (receive) => {
        remove = channel.onMessage((message) => {
          const request = RequestMessage.safeParse(message)
          if (request.success) receive(request.data)
        })
      },
      off: () => {
        remove()
      },
      // Own properties only: a name such as `constructor` must not reach the prototype.
      resolver: (name) => (input: unknown) => answer(contract, handlers, name, input, onFault),
      serialize: (message: { e?: unknown }) =>
        message.e === undefined ? message : { ...message, e: encodeError(message.e) },
    },
  )
  return {
    emit: (event, payload) => {
      rpc.$callEvent(event, payload).catch(() => undefined)
    },
    close: () => {
      rpc.$close()
    },
  }
}

async function answer<C extends Contract>(
  contract: C,
  handlers: HandlersOf<C>,
  name: string,
  input: unknown,
  onFault: (error: unknown, procedure: string) => void,
): Promise<unknown> {
  const procedure = Object.hasOwn(contract, name) ? contract[name] : undefined
  if (procedure === undefined) throw new EngineError('bad_request', `There is no procedure ${name}`)
  const parsed = procedure.input.safeParse(input)
  if (!parsed.success) throw new EngineError('bad_request', `${name}: ${describeIssues(parsed.error)}`)
  try {
    const handler = handlers[name as keyof C] as (value: unknown) => unknown
    return await handler(parsed.data)
  } catch (error) {
    if (!(error instanceof EngineError)) onFault(error, name)
    throw error
  }
}

// Paths and reasons only: the rejected values may hold a secret.
function describeIssues(error: z.ZodError): string {
  return error.issues.map((issue) => `${issue.path.join('.') || 'input'} ${issue.code}`).join(', ')
}
