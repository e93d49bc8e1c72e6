/** Starts `scale-engine.ts`, waits for what it does, and takes its measure. */
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { heapFlags } from '../../main/app/engine-host/engine-needs.ts'
import { cloneCache, pinnedNode, projectRoot } from '../../scripts/lib.mjs'
import type { BeginSettings, FromEngine, ToEngine } from './scale-engine.ts'

/** Compiled code, kept between starts: the app's engine is built, and does not begin with translating TypeScript. */
const compileCache = join(cloneCache, 'compile-cache')

type State = Extract<FromEngine, { readonly kind: 'state' }>
type Finished = Extract<FromEngine, { readonly kind: 'finished' }>

/** What a process has taken so far. */
export type Measure = {
  readonly cpuSeconds: number
  /** The longest time since the last measure in which it could not have answered anybody. */
  readonly longestPauseMs: number
  readonly p99PauseMs: number
  /** The most memory it ever had (VmHWM), in millions of bytes. */
  readonly peakMb: number
  /** What it has read and written so far, files and sockets alike, from a cache or not. */
  readonly ioBytes: number
  /** Open files, sockets and watches. */
  readonly handles: number
}

export type ScaleEngine = {
  /** When the process was started, Unix milliseconds. */
  readonly startedAt: number
  readonly resume: () => void
  /** The first state from now on that passes the test; the newest one counts too. */
  readonly untilState: (test: (state: State) => boolean) => Promise<State>
  /** The next end of a job for this path. */
  readonly untilFinished: (path: string) => Promise<Finished>
  readonly measure: () => Promise<Measure>
  readonly stop: () => Promise<void>
}

/** Starts the engine; whoever starts it stops it. Waiting for one that has died rejects. */
export function startScaleEngine(settings: BeginSettings, nodeOptions: readonly string[] = []): ScaleEngine {
  const startedAt = Date.now()
  const program = join(projectRoot, 'test/bench/scale-engine.ts')
  const env = { ...process.env, NODE_COMPILE_CACHE: compileCache }
  const child = fork(program, [], { execPath: pinnedNode(), execArgv: [...heapFlags, ...nodeOptions], env })
  const listeners = new Set<(message: FromEngine) => void>()
  let newest: State | null = null
  child.on('message', (message: FromEngine) => {
    if (message.kind === 'state') newest = message
    for (const listener of listeners) listener(message)
  })
  const tell = (message: ToEngine): void => {
    child.send(message)
  }
  const until = <T extends FromEngine>(pick: (message: FromEngine) => T | null): Promise<T> =>
    new Promise((resolve, reject) => {
      const died = (code: number | null): void => {
        reject(new Error(`the engine ended with ${code}`))
      }
      child.once('exit', died)
      const hear = (message: FromEngine): void => {
        const picked = pick(message)
        if (picked === null) return
        listeners.delete(hear)
        child.off('exit', died)
        resolve(picked)
      }
      listeners.add(hear)
    })
  tell({ do: 'begin', settings })
  return {
    startedAt,
    resume: () => {
      tell({ do: 'resume' })
    },
    untilState: (test) => {
      if (newest !== null && test(newest)) return Promise.resolve(newest)
      return until((message) => (message.kind === 'state' && test(message) ? message : null))
    },
    untilFinished: (path) =>
      until((message) => (message.kind === 'finished' && message.path === path ? message : null)),
    async measure() {
      const answer = until((message) => (message.kind === 'measure' ? message : null))
      tell({ do: 'measure' })
      const { cpuSeconds, longestPauseMs, p99PauseMs } = await answer
      return { cpuSeconds, longestPauseMs, p99PauseMs, ...readProcess(child.pid ?? 0) }
    },
    async stop() {
      const exited = once(child, 'exit')
      tell({ do: 'stop' })
      await exited
    },
  }
}

/** Fills the cache of compiled code, so that the first engine starts as every other does. */
export async function warmUp(): Promise<void> {
  const program = join(projectRoot, 'test/bench/scale-engine.ts')
  const child = fork(program, [], { execPath: pinnedNode(), execArgv: [], env: { NODE_COMPILE_CACHE: compileCache } })
  child.send({ do: 'leave' } satisfies ToEngine)
  await once(child, 'exit')
}

function readProcess(pid: number): Pick<Measure, 'peakMb' | 'ioBytes' | 'handles'> {
  const peak = /VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]
  const [, read, written] = /rchar: (\d+)\nwchar: (\d+)/.exec(readFileSync(`/proc/${pid}/io`, 'utf8')) ?? []
  const ioBytes = Number(read) + Number(written)
  return { peakMb: (Number(peak) * 1024) / 1e6, ioBytes, handles: readdirSync(`/proc/${pid}/fd`).length }
}
