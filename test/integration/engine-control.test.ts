/** What other programs on this machine can ask an engine that runs, and what they cannot. */
import { existsSync, mkdirSync, realpathSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { connect, type Socket } from 'node:net'
import { join } from 'node:path'
import { afterEach, describe, expect, it, onTestFinished } from 'vitest'
import { EngineError } from '../../shared/errors.ts'
import { AbsolutePath } from '../../shared/ids.ts'
import type { LinkTarget } from '../../shared/model/link.ts'
import { askForLinks } from '../../main/engine/control/control-client.ts'
import { openControl } from '../../main/engine/control/control-server.ts'
import { LONGEST_REQUEST } from '../../main/engine/control/wire.ts'
import { silentLogger } from '../../main/engine/lib/logger.ts'
import { tempFolder } from '../support/temp-folder.ts'
import { openBench, type Bench, type BenchOptions } from '../support/test-bench.ts'
import { waitFor } from '../support/wait-for.ts'

let bench: Bench
afterEach(() => bench.close())

const never = new AbortController().signal
const folder = () => AbsolutePath.parse(bench.dataFolder)
const local = (path: string): LinkTarget => ({ kind: 'local', path: AbsolutePath.parse(path) })
const wish = (...targets: LinkTarget[]) => ({ targets, onSiblings: 'ask' }) as const
const ask = (...targets: readonly LinkTarget[]) => askForLinks(folder(), wish(...targets), never)
const socketFile = () => join(bench.dataFolder, 'control')
const listening = () => waitFor('an engine that listens', async () => (await ask(local('/nowhere'))) !== null)

async function begin(options: BenchOptions = {}): Promise<void> {
  bench = await openBench(options)
  bench.write('a.txt', 'hello')
  await bench.begin()
  await listening()
}

/** Connects as any program can. What was answered is known once the other side has hung up. */
function dial(): { readonly socket: Socket; readonly answer: Promise<string> } {
  const socket = connect(socketFile())
  let text = ''
  socket.setEncoding('utf8').on('data', (chunk: string) => (text += chunk))
  socket.on('error', () => undefined)
  const answer = new Promise<string>((done) => socket.once('close', () => done(text)))
  return { socket, answer }
}

const asks = (wanted: object) => `${JSON.stringify({ createLinks: wanted })}\n`

function say(line: string): Promise<string> {
  const { socket, answer } = dial()
  socket.write(line)
  return answer
}

describe('an engine that runs', () => {
  it('makes links to what is in its folders, however the path is written, and says nothing of the rest', async () => {
    await begin()
    const alias = join(tempFolder(), 'alias')
    symlinkSync(bench.root, alias)
    const outside = join(tempFolder(), 'elsewhere.txt')
    writeFileSync(outside, 'x')
    const answers = await ask(
      local(outside),
      local(bench.path('a.txt')),
      local(join(alias, 'a.txt')),
      local(bench.path('no')),
    )
    expect(answers).toMatchObject([null, { kind: 'ready' }, { kind: 'ready' }, { kind: 'refused', code: 'not_found' }])
    // Not even where it is asked for is another file sent.
    expect(await say(asks({ targets: [local(outside)], onSiblings: 'ask', onOutside: 'upload' }))).toContain('[null]')
    const [, first] = answers ?? []
    if (first?.kind !== 'ready') throw new Error('no link')
    expect(await (await fetch(first.link.url)).text()).toBe('hello')
    const register = await bench.engine.api.listLinks({ which: 'active', limit: 10 })
    expect(register.map(({ copiedTo }) => copiedTo)).toEqual(['command-line', 'command-line'])
  })

  it('says what is in the way of all of them', async () => {
    bench = await openBench()
    bench.engine.start()
    await listening()
    await expect(ask({ kind: 'object', url: 'b2://bucket/name' })).rejects.toMatchObject({
      code: 'account_not_connected',
    })
  })

  it('is asked by nobody but its owner', async () => {
    await begin()
    await waitFor('the mode', () => (statSync(socketFile()).mode & 0o777) === 0o600)
    expect(statSync(bench.dataFolder).mode & 0o077).toBe(0)
  })

  it.each([
    ['no JSON', 'hello\n'],
    ['nothing', '\n'],
    ['another call', '{"removeFolder":{"folderId":1}}\n'],
    ['a target of no kind', '{"createLinks":{"targets":[{"kind":"all"}],"onSiblings":"ask"}}\n'],
    ['no target', '{"createLinks":{"targets":[],"onSiblings":"ask"}}\n'],
  ])('refuses %s, and goes on', async (_what, line) => {
    await begin()
    expect(JSON.parse(await say(line))).toEqual({ failed: { code: 'bad_request', details: {} } })
    expect(await ask(local(bench.path('a.txt')))).toMatchObject([{ kind: 'ready' }])
  })

  it('hangs up on who says too much, or breaks off in the middle', async () => {
    await begin()
    expect(await say('x'.repeat(LONGEST_REQUEST + 1))).toBe('')
    const { socket, answer } = dial()
    socket.end('{"createLinks":')
    expect(await answer).toBe('')
    expect(await ask(local(bench.path('a.txt')))).toMatchObject([{ kind: 'ready' }])
  })

  it('is done with who goes on talking after the answer', async () => {
    await begin()
    // More than are served at the same time.
    for (let i = 0; i < 20; i++) {
      const { socket, answer } = dial()
      socket.write(asks({ targets: [local('/nowhere')], onSiblings: 'ask' }))
      socket.once('data', () => socket.end('more'))
      expect(await answer).toContain('[null]')
    }
    expect(await ask(local(bench.path('a.txt')))).toMatchObject([{ kind: 'ready' }])
  })

  it('ends without waiting for who is connected and says nothing', async () => {
    await begin()
    const { socket, answer } = dial()
    await new Promise((done) => socket.once('connect', done))
    await bench.engine.stop()
    expect(await answer).toBe('')
    expect([existsSync(socketFile()), await ask(local(bench.path('a.txt')))]).toEqual([false, null])
  })

  it('takes the place of one that was killed', async () => {
    await begin({ prepareDataFolder: leaveSocket })
    expect(await ask(local(bench.path('a.txt')))).toMatchObject([{ kind: 'ready' }])
  })

  it('syncs as ever where the path is too long for a socket', async () => {
    const deep = join(realpathSync(tempFolder()), 'd'.repeat(60), 'e'.repeat(60))
    mkdirSync(deep, { recursive: true })
    bench = await openBench({ prepareDataFolder: (path) => symlinkSync(deep, path) })
    bench.write('a.txt', 'hello')
    await bench.begin()
    expect(await ask(local(bench.path('a.txt')))).toBeNull()
  })
})

/** What is left of a socket whose program was killed. */
function leaveSocket(path: string): void {
  mkdirSync(path, { mode: 0o700 })
  writeFileSync(join(path, 'control'), '')
}

describe('a program that asks', () => {
  it('is told that nobody listens where Pail has never been', async () => {
    bench = await openBench()
    const nowhere = AbsolutePath.parse(join(tempFolder(), 'none'))
    expect(await askForLinks(nowhere, wish(local('/a')), never)).toBeNull()
  })

  it('hears that the engine ended before it answered, and breaks off when it is told to', async () => {
    await begin()
    bench.emulator.failNext('list_file_versions', { kind: 'stall-before', count: Infinity })
    const broken = new AbortController()
    const first = askForLinks(folder(), wish(local(bench.path('a.txt'))), broken.signal)
    await waitFor('the call', () => bench.emulator.inFlight === 1)
    broken.abort()
    await expect(first).rejects.toThrow('aborted')
    const second = ask(local(bench.path('a.txt')))
    await waitFor('its call', () => bench.emulator.inFlight === 2)
    const heard = expect(second).rejects.toMatchObject({ code: 'engine_stopped' })
    await bench.engine.stop()
    await heard
  })
})

describe('an engine that cannot read its records', () => {
  it('says so, and goes on', async () => {
    bench = await openBench()
    const dataFolder = AbsolutePath.parse(realpathSync(tempFolder()))
    const close = openControl({
      dataFolder,
      logger: silentLogger,
      listFolders: () => {
        throw new EngineError('disk_full', 'no')
      },
      createLinks: () => Promise.reject(new Error('not asked')),
    })
    onTestFinished(close)
    await expect(askForLinks(dataFolder, wish(local('/a')), never)).rejects.toMatchObject({ code: 'disk_full' })
  })
})
