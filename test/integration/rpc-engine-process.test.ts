/** The engine in a process of its own, spoken to as the shell does, and as nobody should. */
import { fork, type ChildProcess } from 'node:child_process'
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import Database from 'better-sqlite3'
import { describe, expect, it, onTestFinished } from 'vitest'
import { engineApi, engineEvents } from '../../shared/contract/engine-api.ts'
import type { EngineSnapshot } from '../../shared/model/snapshot.ts'
import { connect, type RpcClient } from '../../shared/rpc/client.ts'
import { cannotStartExitCode, EngineToShell } from '../../main/engine/protocol.ts'
import { tempFolder } from '../support/temp-folder.ts'
import { waitFor } from '../support/wait-for.ts'

const entry = resolve(import.meta.dirname, '../../main/engine/entry.ts')

type Process = {
  readonly child: ChildProcess
  readonly folder: string
  readonly heard: readonly EngineToShell[]
  readonly ended: Promise<number>
  readonly client: (name: string, onSnapshot?: (snapshot: EngineSnapshot) => void) => RpcClient<typeof engineApi>
}

async function startEngine(folder = join(tempFolder(), 'data'), env: Record<string, string> = {}): Promise<Process> {
  const child = fork(entry, [], {
    env: { PATH: process.env['PATH'] ?? '', PAIL_DATA_DIR: folder, PAIL_B2_REALM: 'http://127.0.0.1:9', ...env },
    serialization: 'advanced',
    execArgv: [],
    silent: true,
  })
  const heard: EngineToShell[] = []
  child.on('message', (message) => heard.push(EngineToShell.parse(message)))
  const ended = new Promise<number>((done) => child.once('exit', (code) => done(code ?? -1)))
  onTestFinished(async () => {
    child.kill('SIGKILL')
    await ended
  })
  await waitFor('a first word', () => heard.some((message) => 'control' in message) || child.exitCode !== null)
  const client: Process['client'] = (name, onSnapshot) =>
    connect(engineApi, engineEvents, onSnapshot === undefined ? {} : { snapshotChanged: onSnapshot }, {
      post: (data) => child.send({ client: name, data }),
      onMessage: (receive) => {
        const listen = (message: unknown): void => {
          const parsed = EngineToShell.parse(message)
          if ('client' in parsed && parsed.client === name) receive(parsed.data)
        }
        child.on('message', listen)
        return () => child.off('message', listen)
      },
    })
  return { child, folder, heard, ended, client }
}

const controls = ({ heard }: Process) => heard.filter((message) => 'control' in message)

describe('the engine process', () => {
  it('says that it is ready, serves several clients, and ends with 0 when it is told to stop', async () => {
    const engine = await startEngine()
    expect(controls(engine)).toEqual([{ control: 'ready' }])
    const snapshots: EngineSnapshot[] = []
    const [one, two] = [engine.client('one', (snapshot) => snapshots.push(snapshot)), engine.client('two')]
    const seen = await Promise.all([one.call.getSnapshot(undefined), two.call.getSnapshot(undefined)])
    expect(seen.map(({ status }) => status)).toEqual(Array(2).fill({ kind: 'not-set-up', missing: 'account' }))
    await two.call.pause(undefined)
    await waitFor('the other client to hear of it', () => snapshots.some(({ isPaused }) => isPaused))
    engine.child.send({ control: 'stop' })
    expect(await engine.ended).toBe(0)
  })

  it('keeps the code of an error', async () => {
    const { call } = (await startEngine()).client('main')
    await expect(call.listBuckets(undefined)).rejects.toMatchObject({ code: 'account_not_connected' })
    const addFolder = call.addFolder({ root: '/nowhere', bucketId: 'b', prefix: '' })
    await expect(addFolder).rejects.toMatchObject({ code: 'account_not_connected' })
    await expect(call.previewFolder({ root: '/nowhere' })).rejects.toMatchObject({ code: 'root_missing' })
    const key = { applicationKeyId: 'id', applicationKey: 'K002verysecret' }
    await expect(call.connectAccount(key)).rejects.toMatchObject({ code: 'network_unreachable' })
  })

  it('goes on after every kind of nonsense', async () => {
    const engine = await startEngine()
    const { call } = engine.client('main')
    const nonsense: unknown[] = [
      5,
      'stop',
      null,
      [],
      {},
      { control: 'explode' },
      { control: 'client-gone' },
      { control: 'client-gone', client: 'never-seen' },
      { client: '', data: {} },
      { client: 'x'.repeat(1000), data: { t: 'q', m: 'getSnapshot', i: '1', a: [] } },
      { client: 'evil', data: null },
      { client: 'evil', data: { t: 'q', m: 'constructor', i: '1', a: [] } },
      { client: 'evil', data: { t: 'q', m: 'getSnapshot', i: '1', a: [{ surprise: true }] } },
      { client: 'evil', data: { t: 'q', m: 'listActivity', i: '1', a: [{ limit: 1e9 }] } },
      {
        client: 'evil',
        data: {
          t: 'q',
          m: 'createLinks',
          i: '1',
          a: [{ targets: [{ kind: 'file', folderId: -1, path: '../../etc' }] }],
        },
      },
      { client: 'evil', data: { t: 's', i: '1', e: 'boom' } },
      { client: '__proto__', data: { t: 'q', m: 'getSnapshot', i: '1', a: [] } },
    ]
    for (const message of nonsense) engine.child.send(message as never)
    expect((await call.getSnapshot(undefined)).status.kind).toBe('not-set-up')
    const answers = engine.heard.filter((message) => 'client' in message && message.client === 'evil')
    const codes = answers.map((message) => (message as { data: { e?: { code: string } } }).data.e?.code)
    expect(codes).toEqual(Array(4).fill('bad_request'))
    expect(engine.child.exitCode).toBeNull()
  })

  it('does not answer a client that is gone, and begins anew with one of the same name', async () => {
    const engine = await startEngine()
    const snapshots: EngineSnapshot[] = []
    const gone = engine.client('window', (snapshot) => snapshots.push(snapshot))
    await gone.call.getSnapshot(undefined)
    engine.child.send({ control: 'client-gone', client: 'window' })
    const other = engine.client('other')
    await other.call.pause(undefined)
    await other.call.getSnapshot(undefined)
    expect(snapshots.filter(({ isPaused }) => isPaused)).toEqual([])
    expect((await engine.client('window').call.getSnapshot(undefined)).isPaused).toBe(true)
  })

  it('ends when its shell is gone, and when it is asked to terminate, but not for Ctrl-C', async () => {
    const [orphan, asked] = [await startEngine(), await startEngine()]
    asked.child.kill('SIGINT')
    expect((await asked.client('main').call.getSnapshot(undefined)).isPaused).toBe(false)
    orphan.child.disconnect()
    asked.child.kill('SIGTERM')
    expect([await orphan.ended, await asked.ended]).toEqual([0, 0])
  })

  it('says why it cannot start, and that trying again is no use', async () => {
    const first = await startEngine()
    const second = await startEngine(first.folder)
    expect(controls(second)).toMatchObject([{ control: 'fatal', code: 'data_folder_in_use' }])
    expect(await second.ended).toBe(cannotStartExitCode)
    const newer = join(tempFolder(), 'data')
    mkdirSync(newer)
    const database = new Database(join(newer, 'pail.db'))
    database.pragma('user_version = 99999')
    database.close()
    expect(controls(await startEngine(newer))).toMatchObject([{ control: 'fatal', code: 'database_unusable' }])
    const unsafe = await startEngine(undefined, { PAIL_B2_REALM: 'http://b2.example' })
    expect(controls(unsafe)).toMatchObject([{ control: 'fatal', code: 'realm_not_allowed' }])
    const file = join(tempFolder(), 'file')
    writeFileSync(file, '')
    expect(controls(await startEngine(file))).toMatchObject([{ control: 'fatal', code: 'data_folder_unusable' }])
  })

  it('starts with a database that is damaged', async () => {
    const damaged = join(tempFolder(), 'data')
    mkdirSync(damaged)
    writeFileSync(join(damaged, 'pail.db'), 'no database'.repeat(1000))
    expect(controls(await startEngine(damaged))).toEqual([{ control: 'ready' }])
  })

  it('leaves its folder free when it is killed', async () => {
    const first = await startEngine()
    first.child.kill('SIGKILL')
    await first.ended
    expect(controls(await startEngine(first.folder))).toEqual([{ control: 'ready' }])
  })

  it('writes a log of its own that holds no key', async () => {
    const engine = await startEngine()
    const key = { applicationKeyId: 'id', applicationKey: 'K002verysecret' }
    await engine
      .client('main')
      .call.connectAccount(key)
      .catch(() => undefined)
    engine.child.send({ control: 'stop' })
    await engine.ended
    const names = readdirSync(engine.folder, { recursive: true, encoding: 'utf8' })
    expect(names).toContain(join('logs', 'engine.log'))
    for (const name of ['pail.db', join('logs', 'engine.log')]) {
      expect(readFileSync(join(engine.folder, name)).includes('K002verysecret')).toBe(false)
    }
  })
})
