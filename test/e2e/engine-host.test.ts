/** The engine's process under both starters, in the real Electron, with a small program in the engine's place. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { waitFor } from '../support/wait-for.ts'
import { launchTestApp, type TestApp } from './engine-host/launch.ts'
import type { Host, StarterName } from './engine-host/main.ts'

type Answer = { readonly client: string; readonly data: Readonly<Record<string, unknown>> }

let testApp: TestApp

beforeAll(async () => {
  testApp = await launchTestApp()
})
afterAll(async () => {
  await testApp.close()
})

describe.each<StarterName>(['utilityProcess', 'fork'])('the engine started by %s', (starter) => {
  beforeEach(async () => {
    const options = { program: testApp.program, nodeBinary: process.execPath }
    await onHost('begin', starter, options)
    await waitForStates(['starting', 'running'])
  })
  afterEach(async () => {
    await stop(0)
  })

  it('exchanges messages, with an environment and without arguments', async () => {
    const sent = { text: 'grüße 🪣', number: 1.5, list: [1, null, { deep: true }] }
    await post(sent)
    expect(await answer()).toEqual({
      client: 'main',
      data: {
        heard: sent,
        env: 'passed on',
        pid: expect.any(Number),
        node: starter === 'fork' ? process.versions.node : expect.any(String),
      },
    })
  })

  it('logs what the process prints, line by line', async () => {
    await post('print')
    const printed = await waitFor('both lines', async () => {
      const lines = (await record()).lines.filter((line) => line.startsWith('engine: '))
      return lines.length >= 2 && lines
    })
    expect([...printed].sort()).toEqual(['engine: on stderr', 'engine: on stdout'])
  })

  it('stops when asked and says so', async () => {
    expect(await stop(10_000)).toEqual({ kind: 'stopped' })
    expect((await record()).states.at(-1)?.kind).toBe('stopped')
  })

  it('starts the process again after it exited, and waits twice as long the second time', async () => {
    await post('exit')
    await waitForStates(['starting', 'running', 'restarting', 'starting', 'running'])
    await post('exit')
    const states = await waitForStates([
      ...['starting', 'running', 'restarting', 'starting', 'running'],
      ...['restarting', 'starting', 'running'],
    ])
    expect(states[2]).toMatchObject({ waitMs: 1_000, reason: { kind: 'crashed', exitCode: 7 } })
    expect(states[5]).toMatchObject({ waitMs: 2_000, reason: { kind: 'crashed', exitCode: 7 } })
    expect(waitedMs(states, 2)).toBeGreaterThanOrEqual(990)
    expect(waitedMs(states, 5)).toBeGreaterThanOrEqual(1_990)
  })

  it('starts the process again after a signal ended it, as a new process', async () => {
    await post('crash')
    const first = await answer()
    const states = await waitForStates(['starting', 'running', 'restarting', 'starting', 'running'])
    await post('are you there?')
    const second = await answer(1)
    expect(states[2]).toMatchObject({ reason: { kind: 'crashed' } })
    expect(second.data['pid']).not.toBe(first.data['pid'])
  })

  it('does not start a process again that said why it cannot start', async () => {
    await post('refuse')
    const states = await waitForStates(['starting', 'running', 'failed'])
    expect(states[2]).toMatchObject({
      reason: { kind: 'cannot-start', code: 'data_folder_in_use', details: { by: 'somebody' } },
    })
  })

  it.each(['ignore stop', 'spin'])('kills a process that does not stop in time: %s', async (order) => {
    await post(order)
    const { data } = await answer()
    expect(await stop(300)).toEqual({ kind: 'killed' })
    await waitFor('the end of the process', () => !isAlive(Number(data['pid'])))
  })
})

type Recorded = ReturnType<Host['record']>

/** Calls what `main.ts` has put into Electron's main process. */
function onHost<N extends keyof Host>(name: N, ...args: Parameters<Host[N]>): Promise<Awaited<ReturnType<Host[N]>>> {
  const call = (_electron: unknown, [method, values]: readonly [string, readonly unknown[]]): unknown => {
    const { host } = globalThis as unknown as { readonly host: Record<string, (...values: unknown[]) => unknown> }
    return host[method]?.(...values)
  }
  return testApp.app.evaluate(call, [name, args] as const) as Promise<Awaited<ReturnType<Host[N]>>>
}

function record(): Promise<Recorded> {
  return onHost('record')
}

async function post(data: unknown): Promise<void> {
  expect(await onHost('post', data)).toBe(true)
}

function stop(timeoutMs: number): Promise<unknown> {
  return onHost('stop', timeoutMs)
}

/** The answer with this number, counted from 0 since the engine was begun. */
function answer(index = 0): Promise<Answer> {
  return waitFor(`answer ${index}`, async () => (await record()).answers[index] as Answer | undefined)
}

/** Waits until the engine has gone through exactly these states. */
function waitForStates(kinds: readonly string[]): Promise<Recorded['states']> {
  return waitFor(`the states ${kinds.join(', ')}`, async () => {
    const { states } = await record()
    return states.map(({ kind }) => kind).join() === kinds.join() && states
  })
}

/** Milliseconds between a state and the one after it. */
function waitedMs(states: Recorded['states'], index: number): number {
  return (states[index + 1]?.atMs ?? 0) - (states[index]?.atMs ?? 0)
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}
