/**
 * Errors cross a process boundary as data: a structured clone keeps an Error's message and loses its class and code.
 */
import { z } from 'zod'
import { EngineError, ErrorCode } from '../errors.ts'

const WireError = z.object({
  code: ErrorCode,
  message: z.string(),
  details: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
})

/** Turns whatever was thrown into plain data. A bug keeps its message, loses its stack: that one stays in the log. */
export function encodeError(error: unknown): z.infer<typeof WireError> {
  if (error instanceof EngineError) return { code: error.code, message: error.message, details: { ...error.details } }
  return { code: 'bug', message: error instanceof Error ? error.message : String(error), details: {} }
}

/** Rebuilds the `EngineError`; data of another shape becomes a `bug`. */
export function decodeError(data: unknown): EngineError {
  const wire = WireError.safeParse(data)
  if (!wire.success) return new EngineError('bug', 'The other side failed in an unknown way')
  return new EngineError(wire.data.code, wire.data.message, wire.data.details)
}
