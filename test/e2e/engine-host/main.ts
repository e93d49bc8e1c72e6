/**
 * The main script of a tiny Electron app: an engine process and nothing else, for the test to order about through
 * `globalThis.host`. Keeps a record of all that happens.
 */
import { app } from 'electron'
import { EngineProcess, type StartProcess } from '../../../main/app/engine-host/engine-process.ts'
import type { EngineState } from '../../../main/app/engine-host/engine-state.ts'
import { forkedStarter } from '../../../main/app/engine-host/start-forked.ts'
import { utilityStarter } from '../../../main/app/engine-host/start-utility.ts'

export type StarterName = 'utilityProcess' | 'fork'

/** What `globalThis.host` offers; everything crosses to the test as plain data. */
export type Host = {
  readonly begin: (starter: StarterName, options: { readonly program: string; readonly nodeBinary: string }) => void
  readonly post: (data: unknown) => boolean
  readonly stop: (timeoutMs: number) => Promise<unknown>
  readonly record: () => {
    readonly states: readonly (EngineState & { readonly atMs: number })[]
    readonly answers: readonly unknown[]
    readonly lines: readonly string[]
  }
}

let engine: EngineProcess | null = null
let states: (EngineState & { readonly atMs: number })[] = []
let answers: unknown[] = []
let lines: string[] = []

const host: Host = {
  begin: (starter, { program, nodeBinary }) => {
    states = []
    answers = []
    lines = []
    const env = { ...(process.env as Record<string, string>), PROGRAM_ENV: 'passed on' }
    const starters: Readonly<Record<StarterName, StartProcess>> = {
      utilityProcess: utilityStarter({ bundle: program, env }),
      fork: forkedStarter({ bundle: program, nodeBinary, env }),
    }
    const note = (text: string): void => {
      lines.push(text)
    }
    engine = new EngineProcess({
      startProcess: starters[starter],
      onClientMessage: (message) => answers.push(message),
      onStateChange: (state) => states.push({ ...state, atMs: performance.now() }),
      log: { info: note, warn: note, error: note },
    })
    engine.start()
  },
  post: (data) => engine?.post({ client: 'main', data }) ?? false,
  stop: async (timeoutMs) => engine?.stop(timeoutMs),
  record: () => ({ states, answers, lines }),
}

Object.assign(globalThis, { host })
// Without windows, Electron would otherwise have no reason to stay.
app.on('window-all-closed', () => undefined)
