/** Starts the engine in one of Electron's own utility processes, under Electron's own Node. */
import { createInterface } from 'node:readline'
import { utilityProcess } from 'electron'
import { heapFlags } from './engine-needs.ts'
import type { RunningProcess, StartProcess } from './engine-process.ts'

export type UtilityOptions = {
  /** Path of the engine's bundle. */
  readonly bundle: string
  readonly env: NodeJS.ProcessEnv
}

/** A starter that uses `utilityProcess.fork`. Electron has to be ready. */
export function utilityStarter({ bundle, env }: UtilityOptions): StartProcess {
  return (events): RunningProcess => {
    const child = utilityProcess.fork(bundle, [], {
      serviceName: 'Pail engine',
      stdio: 'pipe',
      env,
      // Electron passes these on as switches of its own, not as Node's.
      execArgv: [`--js-flags=${heapFlags.join(' ')}`],
    })
    for (const stream of [child.stdout, child.stderr]) {
      if (stream !== null) createInterface({ input: stream }).on('line', events.onLine)
    }
    child.on('message', events.onMessage)
    child.on('exit', (exitCode) => {
      events.onExit({ exitCode, signal: null })
    })
    // Emitted by Electron 30 and later before the exit; an unheard `error` would be thrown here.
    child.on('error', (type, location) => {
      events.onLine(`${type} at ${location}`)
    })
    return {
      post: (message) => {
        child.postMessage(message)
      },
      kill: () => {
        // `child.kill()` asks with SIGTERM first, and the time for asking is over.
        if (child.pid !== undefined) process.kill(child.pid, 'SIGKILL')
      },
    }
  }
}
