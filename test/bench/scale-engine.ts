/**
 * The engine as the app runs it - a process of its own, watching, on the system's clock - for `scale.ts` to measure from
 * outside. `scale-process.ts` is the other end.
 */
import { monitorEventLoopDelay } from 'node:perf_hooks'
import type { AbsolutePath } from '../../shared/ids.ts'
import type { StatusKind } from '../../shared/model/status.ts'
import { createMemoryStore } from '../../main/engine/credentials/memory-store.ts'
import { createEngine, type Engine } from '../../main/engine/engine.ts'
import { systemClock } from '../../main/engine/lib/clock.ts'
import { silentLogger } from '../../main/engine/lib/logger.ts'

/** A folder to be added to an account to be connected, with all uploads paused. */
export type FirstStart = { readonly root: string; readonly bucketId: string; readonly prefix: string }

export type BeginSettings = {
  readonly dataFolder: string
  readonly realm: string
  readonly applicationKeyId: string
  readonly applicationKey: string
  /** Null where all is known from before. */
  readonly first: FirstStart | null
}

export type ToEngine =
  | { readonly do: 'begin'; readonly settings: BeginSettings }
  | { readonly do: 'resume' | 'measure' | 'stop' }
  /** Without having begun. */
  | { readonly do: 'leave' }

/** Moments are Unix milliseconds. */
export type FromEngine =
  | {
      readonly kind: 'state'
      readonly at: number
      readonly status: StatusKind
      readonly checkedAt: number | null
      readonly pendingFiles: number
    }
  | { readonly kind: 'finished'; readonly at: number; readonly path: string; readonly outcome: string }
  /** For how long the event loop did nothing else since the last measure: the longest time, and what 99 % stay below. */
  | {
      readonly kind: 'measure'
      readonly cpuSeconds: number
      readonly longestPauseMs: number
      readonly p99PauseMs: number
    }

const delays = monitorEventLoopDelay({ resolution: 5 })
delays.enable()
let engine: Engine | null = null

function say(message: FromEngine): void {
  process.send?.(message)
}

async function begin({ dataFolder, realm, first, ...key }: BeginSettings): Promise<void> {
  const made = createEngine(
    {
      dataFolder: dataFolder as AbsolutePath,
      realm,
      version: '0.0.0-bench',
      clock: systemClock,
      random: Math.random,
      secrets: createMemoryStore({ [key.applicationKeyId]: key.applicationKey }),
      logger: silentLogger,
    },
    {
      isWatching: true,
      onFinished: ({ path }, { kind }) => {
        say({ kind: 'finished', at: Date.now(), path, outcome: kind })
      },
    },
  )
  engine = made
  // As in the app, whose tray always listens.
  made.subscribe(({ status, folders, transfers }) => {
    say({
      kind: 'state',
      at: Date.now(),
      status: status.kind,
      checkedAt: folders[0]?.checkedAt ?? null,
      pendingFiles: transfers.waitingCount + transfers.failedCount + transfers.sendingCount,
    })
  })
  if (first !== null) {
    await made.api.connectAccount(key)
    await made.api.pause(undefined)
  }
  made.start()
  if (first !== null) {
    // As short as it can be: what is measured is what a deletion costs, not how long it is put off.
    await made.api.addFolder({ ...first, root: first.root as AbsolutePath, settings: { deleteDelaySeconds: 1 } })
  }
}

function measure(): FromEngine {
  const { user, system } = process.cpuUsage()
  const longestPauseMs = delays.max / 1e6
  const p99PauseMs = delays.percentile(99) / 1e6
  delays.reset()
  return { kind: 'measure', cpuSeconds: (user + system) / 1e6, longestPauseMs, p99PauseMs }
}

process.on('message', (message: ToEngine) => {
  switch (message.do) {
    case 'begin':
      void begin(message.settings)
      return
    case 'resume':
      void engine?.api.resume(undefined)
      return
    case 'measure':
      say(measure())
      return
    case 'stop':
      void engine?.stop().then(() => process.exit(0))
      return
    case 'leave':
      process.exit(0)
  }
})

// A bench that is gone needs no engine.
process.on('disconnect', () => process.exit(0))
