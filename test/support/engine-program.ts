/**
 * The real engine as a process of its own that tests start, talk to and kill, in whatever moment they like.
 *
 * Everything is loaded before the first message, so that a spare process starts its engine at once. See
 * `engine-process.ts` for the other end.
 */
import { writeSync } from 'node:fs'
import { request } from 'undici'
import type { AbsolutePath } from '../../shared/ids.ts'
import { createMemoryStore } from '../../main/engine/credentials/memory-store.ts'
import { createEngine, type Engine } from '../../main/engine/engine.ts'
import { silentLogger } from '../../main/engine/lib/logger.ts'
import { watchEffects, type Effect } from '../crash/effects.ts'
import { createFastClock } from './fast-clock.ts'

/** How an engine is made. */
export type ProgramSettings = {
  readonly dataFolder: string
  readonly realm: string
  /** The keychain: ids to keys. */
  readonly secrets: Readonly<Record<string, string>>
  /** Whose rights it has; it has to start as root to give them up. */
  readonly uid?: number
  /** How much faster the engine's clock runs than the wall's, and when it started, Unix milliseconds. */
  readonly clock: { readonly speed: number; readonly startedAt: number }
}

/** What the test says to the process. */
export type ToProgram =
  | { readonly kind: 'start'; readonly settings: ProgramSettings }
  /** Die right after the effect of this number, counted from here and from 1. */
  | { readonly kind: 'die-at'; readonly effect: number }
  | { readonly kind: 'call'; readonly id: number; readonly name: string; readonly input: unknown }
  | { readonly kind: 'stop' }

/** What the process says to the test. */
export type FromProgram =
  | { readonly kind: 'started' }
  | { readonly kind: 'failed'; readonly error: string }
  | { readonly kind: 'answer'; readonly id: number; readonly value: unknown }
  | { readonly kind: 'refusal'; readonly id: number; readonly code: string; readonly message: string }
  /** How many effects there were since `die-at`, told before every answer of `getSnapshot`. */
  | { readonly kind: 'effects'; readonly count: number }

/** Written to stderr as one line of JSON before it dies. */
export type LastWords = {
  readonly effect: Effect
  readonly count: number
  /** Where in the code it was. */
  readonly stack: string
}

Error.stackTraceLimit = 30

let engine: Engine | null = null
let count = 0
let dieAt = Infinity

watchEffects((effect) => {
  count += 1
  if (count === dieAt) die(effect)
})

function die(effect: Effect): void {
  const stack = new Error('here').stack ?? ''
  const words: LastWords = { effect, count, stack }
  writeSync(2, `${JSON.stringify(words)}\n`)
  process.kill(process.pid, 'SIGKILL')
}

function say(message: FromProgram): void {
  process.send?.(message)
}

async function start({ dataFolder, realm, secrets, uid, clock }: ProgramSettings): Promise<void> {
  try {
    if (uid !== undefined) {
      // The HTTP client loads its last part with its first answer, and who has no rights may not read where that is.
      await (await request(realm)).body.dump()
      process.setgroups?.([])
      process.setgid?.(uid)
      process.setuid?.(uid)
    }
    engine = createEngine({
      dataFolder: dataFolder as AbsolutePath,
      realm,
      version: '0.0.0-test',
      clock: createFastClock(clock.speed, clock.startedAt),
      // The shortest wait that back-off allows.
      random: () => 0,
      secrets: createMemoryStore(secrets),
      logger: silentLogger,
    })
    engine.start()
    say({ kind: 'started' })
  } catch (error) {
    say({ kind: 'failed', error: error instanceof Error ? (error.stack ?? error.message) : String(error) })
  }
}

async function answer(id: number, name: string, input: unknown): Promise<void> {
  const procedures = engine?.api as unknown as Record<string, (input: unknown) => unknown>
  try {
    const value = await procedures[name]?.(input)
    if (name === 'getSnapshot') say({ kind: 'effects', count })
    say({ kind: 'answer', id, value })
  } catch (error) {
    const { code = 'bug', message } = error as { readonly code?: string; readonly message: string }
    say({ kind: 'refusal', id, code, message })
  }
}

process.on('message', (message: ToProgram) => {
  switch (message.kind) {
    case 'start':
      void start(message.settings)
      return
    case 'die-at':
      count = 0
      dieAt = message.effect
      return
    case 'call':
      void answer(message.id, message.name, message.input)
      return
    case 'stop':
      void engine?.stop().then(() => process.exit(0))
  }
})

// A test that is gone needs no engine.
process.on('disconnect', () => process.exit(0))
