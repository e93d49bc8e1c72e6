/**
 * Starts the engine as a child of its own under a Node binary, where Electron's own Node is too old for it.
 * Plain Node: knows nothing of Electron.
 */
import { fork } from 'node:child_process'
import { createInterface } from 'node:readline'
import { heapFlags } from './engine-needs.ts'
import type { RunningProcess, StartProcess } from './engine-process.ts'

export type ForkOptions = {
  /** Path of the engine's bundle. */
  readonly bundle: string
  /** Path of a Node binary that is new enough. */
  readonly nodeBinary: string
  readonly env: NodeJS.ProcessEnv
}

/** A starter that forks the bundle. */
export function forkedStarter({ bundle, nodeBinary, env }: ForkOptions): StartProcess {
  return (events): RunningProcess => {
    const child = fork(bundle, [], {
      execPath: nodeBinary,
      execArgv: [...heapFlags],
      env,
      serialization: 'advanced',
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    })
    let ended = false
    const end = (exitCode: number | null, signal: string | null): void => {
      if (ended) return
      ended = true
      events.onExit({ exitCode, signal })
    }
    for (const stream of [child.stdout, child.stderr]) {
      if (stream !== null) createInterface({ input: stream }).on('line', events.onLine)
    }
    child.on('message', events.onMessage)
    child.on('exit', end)
    child.on('error', (error) => {
      events.onLine(String(error))
      // Without a pid the process never came to life, and no exit follows.
      if (child.pid === undefined) end(null, null)
    })
    return {
      post: (message) => {
        if (child.connected) child.send(message, () => undefined)
      },
      kill: () => {
        child.kill('SIGKILL')
      },
    }
  }
}
