/**
 * Keeps the engine's process running: starts it, passes messages, names the reason when it ends, starts it again with
 * growing waits, stops it, and kills it when it does not stop in time.
 *
 * Knows neither Electron nor how a process is started: that is the starter's part, and there are two of them.
 *
 *   stopped --start--> starting --ready--> running
 *      ^                  ^  \--- crash ---/  |
 *    stop              wait over   v          |
 *      |                  \--- restarting     |
 *   (any state)                               |
 *               failed <-- fatal, or nothing to start
 */
import { cannotStartExitCode, EngineToShell, type ClientMessage, type ShellToEngine } from '../../engine/protocol.ts'
import type { ErrorCode, ErrorDetails } from '../../../shared/errors.ts'
import type { Log } from '../logging.ts'
import type { EngineState, ExitReason } from './engine-state.ts'
import { countFailure, restartWaitMs } from './restart-policy.ts'

export type ProcessExit = { readonly exitCode: number | null; readonly signal: string | null }

export type ProcessEvents = {
  readonly onMessage: (message: unknown) => void
  /** One line of the process's stdout or stderr. */
  readonly onLine: (line: string) => void
  /** Called exactly once. */
  readonly onExit: (exit: ProcessExit) => void
}

export type RunningProcess = {
  /** Lost without a word when the process is already gone. */
  readonly post: (message: ShellToEngine) => void
  /** Ends it at once, without giving it a chance to object. */
  readonly kill: () => void
}

/** Starts one process. Throws an Error with a sentence for people when there is nothing to start. */
export type StartProcess = (events: ProcessEvents) => RunningProcess

export type EngineProcessOptions = {
  readonly startProcess: StartProcess
  readonly onClientMessage: (message: ClientMessage) => void
  readonly onStateChange: (state: EngineState) => void
  readonly log: Log
}

type Fatal = { readonly code: ErrorCode; readonly details: ErrorDetails }

export class EngineProcess {
  readonly #options: EngineProcessOptions
  #state: EngineState = { kind: 'stopped' }
  #process: RunningProcess | null = null
  #readyAt: number | null = null
  #fatal: Fatal | null = null
  #failures = 0
  #restartTimer: NodeJS.Timeout | undefined
  /** Set while a stop is under way; resolved with the reason of the exit. */
  #stopping: { readonly promise: Promise<ExitReason>; readonly resolve: (reason: ExitReason) => void } | null = null
  #wasKilled = false

  constructor(options: EngineProcessOptions) {
    this.#options = options
  }

  get state(): EngineState {
    return this.#state
  }

  /** Starts the engine unless it runs; ends a wait for the next start, and a failure, at once. */
  start(): void {
    if (this.#process !== null || this.#stopping !== null) return
    clearTimeout(this.#restartTimer)
    this.#readyAt = null
    this.#fatal = null
    this.#wasKilled = false
    this.#setState({ kind: 'starting' })
    try {
      this.#process = this.#options.startProcess({
        onMessage: (message) => {
          this.#receive(message)
        },
        onLine: (line) => {
          this.#options.log.info(`engine: ${line}`)
        },
        onExit: (exit) => {
          this.#ended(exit)
        },
      })
    } catch (error) {
      this.#options.log.error('The engine cannot be launched', error)
      const message = error instanceof Error ? error.message : String(error)
      this.#setState({ kind: 'failed', reason: { kind: 'not-launched', message } })
    }
  }

  /** Passes a message to a running engine. False, and nothing sent, while it is not ready. */
  post(message: ShellToEngine): boolean {
    if (this.#state.kind !== 'running' || this.#process === null) return false
    this.#process.post(message)
    return true
  }

  /** Asks the engine to stop and kills it after `timeoutMs`. Resolves with how it ended; it is not started again. */
  async stop(timeoutMs: number): Promise<ExitReason> {
    clearTimeout(this.#restartTimer)
    if (this.#process === null) {
      this.#setState({ kind: 'stopped' })
      return { kind: 'stopped' }
    }
    if (this.#stopping === null) {
      let resolve = (_reason: ExitReason): void => undefined
      const promise = new Promise<ExitReason>((done) => {
        resolve = done
      })
      this.#stopping = { promise, resolve }
      this.#process.post({ control: 'stop' })
    }
    return this.waitForExit(timeoutMs)
  }

  /** Waits for an engine that was asked to stop, and kills it after `timeoutMs`. */
  async waitForExit(timeoutMs: number): Promise<ExitReason> {
    if (this.#stopping === null) return { kind: 'stopped' }
    const timer = setTimeout(() => {
      this.#options.log.warn(`The engine did not stop within ${timeoutMs} ms and is killed`)
      this.#wasKilled = true
      this.#process?.kill()
    }, timeoutMs)
    try {
      return await this.#stopping.promise
    } finally {
      clearTimeout(timer)
    }
  }

  #receive(message: unknown): void {
    const parsed = EngineToShell.safeParse(message)
    if (!parsed.success) {
      this.#options.log.error('The engine sent something that is not a message')
      return
    }
    if ('client' in parsed.data) {
      this.#options.onClientMessage(parsed.data)
      return
    }
    if (parsed.data.control === 'fatal') {
      this.#fatal = { code: parsed.data.code, details: parsed.data.details }
      return
    }
    this.#readyAt = performance.now()
    if (this.#stopping === null) this.#setState({ kind: 'running' })
  }

  #ended(exit: ProcessExit): void {
    const reason = this.#reasonOf(exit)
    this.#process = null
    this.#options.log.info(`The engine ended: ${JSON.stringify({ ...reason, ...exit })}`)
    if (this.#stopping !== null) {
      const { resolve } = this.#stopping
      this.#stopping = null
      this.#setState({ kind: 'stopped' })
      resolve(reason)
    } else if (reason.kind === 'cannot-start') {
      this.#setState({ kind: 'failed', reason })
    } else {
      this.#restartLater(reason)
    }
  }

  #reasonOf(exit: ProcessExit): ExitReason {
    if (this.#wasKilled) return { kind: 'killed' }
    if (this.#stopping !== null) return { kind: 'stopped' }
    if (this.#fatal !== null) return { kind: 'cannot-start', ...this.#fatal }
    if (exit.exitCode === cannotStartExitCode) return { kind: 'cannot-start', code: 'bug', details: {} }
    return { kind: 'crashed', exitCode: exit.exitCode, signal: exit.signal }
  }

  #restartLater(reason: ExitReason): void {
    const servedMs = this.#readyAt === null ? 0 : performance.now() - this.#readyAt
    this.#failures = countFailure(this.#failures, servedMs)
    const waitMs = restartWaitMs(this.#failures)
    this.#restartTimer = setTimeout(() => {
      this.start()
    }, waitMs)
    this.#setState({ kind: 'restarting', reason, waitMs })
  }

  #setState(state: EngineState): void {
    this.#state = state
    this.#options.log.info(`Engine: ${state.kind}`)
    this.#options.onStateChange(state)
  }
}
