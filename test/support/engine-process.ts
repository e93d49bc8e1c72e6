/** Starts the real engine as a process of its own, talks to it, and kills it. The other end is `engine-program.ts`. */
import { fork, spawnSync, type ForkOptions } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { inject } from 'vitest'
import { EngineError, ErrorCode } from '../../shared/errors.ts'
import { engineApi, type EngineApi } from '../../shared/contract/engine-api.ts'
import type { ClientOf } from '../../shared/contract/procedure.ts'
import { cloneCache } from '../../scripts/lib.mjs'
import type { FromProgram, LastWords, ProgramSettings, ToProgram } from './engine-program.ts'

/** Compiled code that all of them share: it halves the processor time of a start. */
const compileCache = join(cloneCache, 'compile-cache')

/** How an engine process ended. */
export type EngineEnd = {
  readonly signal: NodeJS.Signals | null
  readonly code: number | null
  /** Of one that died at an effect. */
  readonly lastWords: LastWords | null
  /** Whatever else it wrote. */
  readonly output: string
}

export type EngineProcess = {
  /** Makes and starts the engine; rejects with what it threw. */
  start(settings: ProgramSettings): Promise<void>
  /** Lets it die right after the effect of this number, counted from now and from 1. */
  dieAt(effect: number): void
  /** The engine's procedures. Rejects with the engine's code, or with what `hasDied` knows. */
  readonly api: ClientOf<EngineApi>
  /** How many effects there were since `dieAt`, as of the newest answer of `getSnapshot`. */
  readonly effects: number
  /** Bytes that all its threads have read so far, from wherever they were; null where the system does not tell (Linux does). */
  readonly bytesRead: number | null
  /** Dies by SIGKILL now; resolves when it is gone. */
  kill(): Promise<EngineEnd>
  /** Ends as it should; resolves when it is gone. */
  stop(): Promise<EngineEnd>
  readonly hasEnded: boolean
  readonly ended: Promise<EngineEnd>
}

/** What calls under way end with when the process dies. */
class EngineDied extends Error {}

/** True for a call that ended because the engine's process did. */
export function hasDied(error: unknown): boolean {
  return error instanceof EngineDied
}

export type SpawnOptions = {
  /** The system lets it watch so many directories and no more; for Linux, where `canLimitWatches`. */
  readonly watches?: number
}

/** A user namespace of its own, with limits of its own: nobody else feels them, and they end with the process. */
const UNSHARE = ['--user', '--map-root-user', 'sh', '-c']

/** Whether this system, and this user, can lower the limits of watches for one process. */
export function canLimitWatches(): boolean {
  if (process.platform !== 'linux') return false
  return spawnSync('unshare', [...UNSHARE, 'echo 1000 > /proc/sys/user/max_inotify_watches']).status === 0
}

function programFor({ watches }: SpawnOptions): Pick<ForkOptions, 'execPath' | 'execArgv'> {
  if (watches === undefined) return { execArgv: [] }
  const limited = `echo ${watches} > /proc/sys/user/max_inotify_watches && exec "$0" "$@"`
  return { execPath: 'unshare', execArgv: [...UNSHARE, limited, process.execPath] }
}

/**
 * A process that is loading the engine's code and has no engine yet. Whoever spawns it ends it; it also ends with the
 * process of the test.
 */
export function spawnEngineProcess(options: SpawnOptions = {}): EngineProcess {
  const child = fork(inject('engineProgram'), [], {
    env: { PATH: process.env['PATH'] ?? '', NODE_COMPILE_CACHE: compileCache },
    ...programFor(options),
    serialization: 'advanced',
    silent: true,
  })
  const calls = new Map<number, PromiseWithResolvers<unknown>>()
  const started = Promise.withResolvers<undefined>()
  started.promise.catch(() => undefined)
  let effects = 0
  let end: EngineEnd | null = null
  let output = ''
  child.stdout?.on('data', (chunk: Buffer) => (output += chunk.toString()))
  child.stderr?.on('data', (chunk: Buffer) => (output += chunk.toString()))
  // A message to one that has just died is not worth a word.
  child.on('error', () => undefined)
  child.on('message', (message) => {
    hear(message as FromProgram)
  })
  const ended = new Promise<EngineEnd>((done) => {
    child.once('close', (code, signal) => {
      end = { signal, code, ...splitOutput(output) }
      const died = new EngineDied(`the engine process ended: ${signal ?? code ?? ''} ${output}`)
      started.reject(died)
      for (const { reject } of calls.values()) reject(died)
      done(end)
    })
  })

  function hear(message: FromProgram): void {
    switch (message.kind) {
      case 'started':
        started.resolve(undefined)
        return
      case 'failed':
        started.reject(new Error(message.error))
        return
      case 'effects':
        effects = message.count
        return
      case 'answer':
        calls.get(message.id)?.resolve(message.value)
        break
      case 'refusal': {
        const code = ErrorCode.safeParse(message.code).data ?? 'bug'
        calls.get(message.id)?.reject(new EngineError(code, message.message))
      }
    }
    calls.delete(message.id)
  }
  function send(message: ToProgram): void {
    if (child.connected) child.send(message)
  }
  let nextId = 0
  function call(name: string, input: unknown): Promise<unknown> {
    if (end !== null) return Promise.reject(new EngineDied('the engine process has ended'))
    const id = (nextId += 1)
    send({ kind: 'call', id, name, input })
    const answer = Promise.withResolvers<unknown>()
    calls.set(id, answer)
    return answer.promise
  }

  return {
    start(settings) {
      send({ kind: 'start', settings })
      return started.promise
    },
    dieAt(effect) {
      send({ kind: 'die-at', effect })
    },
    api: Object.fromEntries(
      Object.keys(engineApi).map((name) => [name, (input: unknown) => call(name, input)]),
    ) as ClientOf<EngineApi>,
    get effects() {
      return effects
    },
    get bytesRead() {
      return bytesReadBy(child.pid)
    },
    kill() {
      child.kill('SIGKILL')
      return ended
    },
    stop() {
      send({ kind: 'stop' })
      return ended
    },
    get hasEnded() {
      return end !== null
    },
    ended,
  }
}

function bytesReadBy(pid: number | undefined): number | null {
  try {
    const counters = readFileSync(`/proc/${pid ?? ''}/io`, 'utf8')
    return Number(/^rchar: (\d+)$/m.exec(counters)?.[1])
  } catch {
    return null
  }
}

/** The last line is what a dying engine says, if it starts like that. */
function splitOutput(output: string): Pick<EngineEnd, 'lastWords' | 'output'> {
  const lines = output.trimEnd().split('\n')
  const last = lines.at(-1) ?? ''
  if (!last.startsWith('{"effect"')) return { lastWords: null, output }
  return { lastWords: JSON.parse(last) as LastWords, output: lines.slice(0, -1).join('\n') }
}
