/**
 * What the shell and the engine's process say to each other, over a utility process's port or a forked child's channel.
 *
 * Every client (`main`, a window) shares the one connection: its messages carry its name and are not looked into here.
 * The engine's side of the agreement:
 * - it says `ready` once it serves clients, or `fatal` when it cannot start, and then exits with `cannotStartExitCode`;
 * - after `stop` it finishes what must be finished and exits with 0, or by a signal of its own where nothing else ends it;
 * - it ignores SIGINT (a Ctrl-C in a terminal reaches the whole process group) and exits when the connection closes.
 */
import { z } from 'zod'
import { ErrorCode } from '../../shared/errors.ts'

/** The engine's exit code after a `fatal` message: starting again would end the same way. */
export const cannotStartExitCode = 30

/** One message of a client's own conversation with the engine, in either direction. */
export const ClientMessage = z.object({ client: z.string().min(1).max(100), data: z.unknown() })
export type ClientMessage = z.infer<typeof ClientMessage>

export const EngineToShell = z.union([
  ClientMessage,
  z.object({ control: z.literal('ready') }),
  z.object({
    control: z.literal('fatal'),
    code: ErrorCode,
    details: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
  }),
])
export type EngineToShell = z.infer<typeof EngineToShell>

export const ShellToEngine = z.union([
  ClientMessage,
  /** The client will not be heard of again: its calls need no answer and it gets no more events. */
  z.object({ control: z.literal('client-gone'), client: z.string() }),
  z.object({ control: z.literal('stop') }),
])
export type ShellToEngine = z.infer<typeof ShellToEngine>
