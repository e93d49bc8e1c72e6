import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { cannotStartExitCode, type ClientMessage, type ShellToEngine } from '../../engine/protocol.ts'
import { EngineProcess, type ProcessEvents } from './engine-process.ts'
import type { EngineState } from './engine-state.ts'

const silent = { info: () => {}, warn: () => {}, error: () => {} }

type Started = ProcessEvents & { readonly posted: ShellToEngine[]; isKilled: boolean }

/** An engine process whose programs are played by the test. */
function play() {
  const started: Started[] = []
  const states: EngineState[] = []
  const clientMessages: ClientMessage[] = []
  let missing: string | null = null
  const engine = new EngineProcess({
    startProcess: (events) => {
      if (missing !== null) throw new Error(missing)
      const program: Started = { ...events, posted: [], isKilled: false }
      started.push(program)
      return {
        post: (message) => {
          program.posted.push(message)
        },
        kill: () => {
          program.isKilled = true
          events.onExit({ exitCode: null, signal: 'SIGKILL' })
        },
      }
    },
    onClientMessage: (message) => clientMessages.push(message),
    onStateChange: (state) => states.push(state),
    log: silent,
  })
  const newest = (): Started => {
    const program = started.at(-1)
    if (program === undefined) throw new Error('Nothing was started')
    return program
  }
  const setMissing = (sentence: string | null): void => {
    missing = sentence
  }
  return { engine, started, states, clientMessages, newest, setMissing }
}

describe('EngineProcess', () => {
  beforeEach(() => {
    vi.useFakeTimers()
  })
  afterEach(() => {
    vi.useRealTimers()
  })

  it('is starting until the engine says that it is ready', () => {
    const { engine, newest } = play()
    engine.start()
    const before = engine.state
    newest().onMessage({ control: 'ready' })
    expect([before, engine.state]).toEqual([{ kind: 'starting' }, { kind: 'running' }])
  })

  it('passes messages only while the engine is ready, and says so', () => {
    const { engine, newest } = play()
    const message = { client: 'main', data: 1 }
    const early = engine.post(message)
    engine.start()
    const starting = engine.post(message)
    newest().onMessage({ control: 'ready' })
    const ready = engine.post(message)
    expect({ early, starting, ready, posted: newest().posted }).toEqual({
      early: false,
      starting: false,
      ready: true,
      posted: [message],
    })
  })

  it('hands on what the engine says to its clients and drops what is not a message', () => {
    const { engine, newest, clientMessages } = play()
    engine.start()
    newest().onMessage({ client: 'main', data: { a: 1 } })
    newest().onMessage('nonsense')
    newest().onMessage({ client: 5, data: null })
    expect(clientMessages).toEqual([{ client: 'main', data: { a: 1 } }])
  })

  it('starts a crashed engine again after growing waits', () => {
    const { engine, started, states, newest } = play()
    engine.start()
    for (const waitMs of [1_000, 2_000, 4_000]) {
      newest().onExit({ exitCode: 7, signal: null })
      const before = started.length
      vi.advanceTimersByTime(waitMs - 1)
      expect(started.length).toBe(before)
      vi.advanceTimersByTime(1)
      expect(started.length).toBe(before + 1)
    }
    expect(states[1]).toEqual({
      kind: 'restarting',
      reason: { kind: 'crashed', exitCode: 7, signal: null },
      waitMs: 1_000,
    })
  })

  it('waits only a second again after the engine was healthy for a minute', () => {
    const { engine, newest } = play()
    engine.start()
    newest().onExit({ exitCode: 1, signal: null })
    vi.advanceTimersByTime(1_000)
    newest().onMessage({ control: 'ready' })
    vi.advanceTimersByTime(60_000)
    newest().onExit({ exitCode: null, signal: 'SIGSEGV' })
    expect(engine.state).toMatchObject({ kind: 'restarting', waitMs: 1_000 })
  })

  it('treats an unasked end with exit code 0 as a crash', () => {
    const { engine, newest } = play()
    engine.start()
    newest().onMessage({ control: 'ready' })
    newest().onExit({ exitCode: 0, signal: null })
    expect(engine.state.kind).toBe('restarting')
  })

  it('does not start an engine again that said why it cannot start', () => {
    const { engine, started, newest } = play()
    engine.start()
    newest().onMessage({ control: 'fatal', code: 'data_folder_in_use', details: { pid: 12 } })
    newest().onExit({ exitCode: cannotStartExitCode, signal: null })
    vi.advanceTimersByTime(600_000)
    expect({ state: engine.state, starts: started.length }).toEqual({
      state: { kind: 'failed', reason: { kind: 'cannot-start', code: 'data_folder_in_use', details: { pid: 12 } } },
      starts: 1,
    })
  })

  it('takes the exit code for it when the message was lost', () => {
    const { engine, newest } = play()
    engine.start()
    newest().onExit({ exitCode: cannotStartExitCode, signal: null })
    expect(engine.state).toMatchObject({ kind: 'failed', reason: { kind: 'cannot-start' } })
  })

  it('fails with the sentence when there is nothing to start, and tries again when asked', () => {
    const { engine, setMissing } = play()
    setMissing('Set PAIL_ENGINE_NODE.')
    engine.start()
    const failed = engine.state
    setMissing(null)
    engine.start()
    expect([failed, engine.state]).toEqual([
      { kind: 'failed', reason: { kind: 'not-launched', message: 'Set PAIL_ENGINE_NODE.' } },
      { kind: 'starting' },
    ])
  })

  it('starts nothing twice', () => {
    const { engine, started } = play()
    engine.start()
    engine.start()
    expect(started.length).toBe(1)
  })

  it('asks the engine to stop and does not start it again', async () => {
    const { engine, started, newest } = play()
    engine.start()
    newest().onMessage({ control: 'ready' })
    const stopped = engine.stop(10_000)
    newest().onExit({ exitCode: 0, signal: null })
    const reason = await stopped
    vi.advanceTimersByTime(600_000)
    expect({ reason, posted: newest().posted, starts: started.length, state: engine.state }).toEqual({
      reason: { kind: 'stopped' },
      posted: [{ control: 'stop' }],
      starts: 1,
      state: { kind: 'stopped' },
    })
  })

  it('kills an engine that does not stop in time', async () => {
    const { engine, newest } = play()
    engine.start()
    const stopped = engine.stop(10_000)
    vi.advanceTimersByTime(9_999)
    const tooEarly = newest().isKilled
    vi.advanceTimersByTime(1)
    expect({ tooEarly, reason: await stopped }).toEqual({ tooEarly: false, reason: { kind: 'killed' } })
  })

  it('stops while it waits to start again', async () => {
    const { engine, started, newest } = play()
    engine.start()
    newest().onExit({ exitCode: 1, signal: null })
    const reason = await engine.stop(10_000)
    vi.advanceTimersByTime(600_000)
    expect({ reason, starts: started.length }).toEqual({ reason: { kind: 'stopped' }, starts: 1 })
  })
})
