/** One engine in this process, one sync folder on disk, one emulator: what most integration tests begin with. */
import { createHash } from 'node:crypto'
import {
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { FolderId, type AbsolutePath } from '../../shared/ids.ts'
import { DEFAULT_FOLDER_SETTINGS } from '../../shared/model/folder.ts'
import type { EngineSnapshot } from '../../shared/model/snapshot.ts'
import type { Status, StatusKind } from '../../shared/model/status.ts'
import { TransferPage, type DoneRow, type FailedRow, type WaitingRow } from '../../shared/model/transfer.ts'
import { createMemoryStore } from '../../main/engine/credentials/memory-store.ts'
import type { SecretStore } from '../../main/engine/credentials/secret-store.ts'
import { createEngine, type Engine } from '../../main/engine/engine.ts'
import type { Clock } from '../../main/engine/lib/clock.ts'
import { silentLogger, type Logger } from '../../main/engine/lib/logger.ts'
import { MARKER_DRAFT_NAME, MARKER_NAME } from '../../main/engine/scan/root-marker.ts'
import { startEmulator, type Emulator, type EmulatorOptions } from '../b2-emulator/emulator.ts'
import { Witness } from './history.ts'
import { assertSettled, noteList, noteSnapshot } from './invariants.ts'
import { untilHeard } from './until-heard.ts'
import { createWorkedClock } from './worked-clock.ts'
import { waitFor } from './wait-for.ts'

export const BUCKET = 'pail-tests'

/** The engine's waits are a tenth of what they are outside. */
const SPEED = 10

/** What a file's absence lasts before it counts, with the settings that folders begin with. */
const DELETE_DELAY_MS = DEFAULT_FOLDER_SETTINGS.deleteDelaySeconds * 1000

export type BenchOptions = {
  readonly prefix?: string
  readonly clock?: Clock
  /** How much faster than the wall that clock is. */
  readonly speed?: number
  /** Has a witness, who hears of everything that is done through the bench. */
  readonly isWitnessed?: true
  readonly secrets?: SecretStore
  readonly logger?: Logger
  /** The machine's network as text. */
  readonly readNetwork?: () => string
  readonly emulator?: Pick<EmulatorOptions, 'recommendedPartSize' | 'absoluteMinimumPartSize' | 'maxCopyBytes' | 'tls'>
  /** Where proxy and certificates are looked up; this process's own environment when absent. */
  readonly env?: Readonly<Record<string, string | undefined>>
  /** Called with the data folder before the engine is made. */
  readonly prepareDataFolder?: (folder: string) => unknown
}

type RowsOf = {
  readonly waiting: readonly WaitingRow[]
  readonly failed: readonly FailedRow[]
  readonly done: readonly DoneRow[]
}

export type Bench = Awaited<ReturnType<typeof openBench>>

/** An emulator with an empty bucket, an empty root, and an engine that is connected to both but not started. */
export async function openBench(options: BenchOptions = {}) {
  const home = realpathSync(mkdtempSync(join(tmpdir(), 'pail-engine-test-')))
  const root = join(home, 'root')
  const dataFolder = join(home, 'data')
  mkdirSync(root)
  const bucketFolder = join(home, 'bucket')
  const emulator = await startEmulator({
    buckets: [{ bucketName: BUCKET }],
    dataDirectory: bucketFolder,
    ...options.emulator,
  })
  const secrets = options.secrets ?? createMemoryStore()
  const clock = options.clock ?? createWorkedClock(SPEED)
  const deleteDelayMs = DELETE_DELAY_MS / (options.speed ?? SPEED)
  const witness = options.isWitnessed === true ? new Witness({ emulator, bucketName: BUCKET, deleteDelayMs }) : null
  witness?.watch([{ root, prefix: options.prefix ?? '' }])
  options.prepareDataFolder?.(dataFolder)
  let engine = create()
  let folderId: FolderId | null = null

  function create(): Engine {
    const made = createEngine({
      dataFolder: dataFolder as AbsolutePath,
      realm: emulator.realm,
      version: '0.0.0-test',
      clock,
      // The shortest wait that back-off allows.
      random: () => 0,
      secrets,
      logger: options.logger ?? silentLogger,
      ...(options.env === undefined ? {} : { env: options.env }),
      ...(options.readNetwork === undefined ? {} : { readNetwork: options.readNetwork }),
    })
    if (witness !== null) {
      made.subscribe((snapshot) => {
        noteSnapshot(witness, snapshot)
        void listAll(made, 0).then((page) => noteList(witness, snapshot, page))
      })
      witness.noteStart()
    }
    return made
  }

  /** Changes the disk, in one go; the witness looks before and after. */
  function change(how: () => void): void {
    witness?.expectUntouched()
    how()
    witness?.look()
  }

  return {
    home,
    root,
    dataFolder,
    emulator,
    secrets,
    clock,
    get engine() {
      return engine
    },
    /** Of the folder added last. */
    get folderId(): FolderId {
      if (folderId === null) throw new Error('no folder was added')
      return folderId
    },
    /** Connects with the emulator's full key, or another one. */
    async connect(key: { readonly applicationKeyId: string; readonly applicationKey: string } = emulator) {
      const { applicationKeyId, applicationKey } = key
      return engine.api.connectAccount({ applicationKeyId, applicationKey })
    },
    /** Adds the root as a sync folder, which starts it. */
    async addFolder(path = root, prefix = options.prefix ?? '', bucketName = BUCKET) {
      const bucketId = bucketIdOf(emulator, bucketName)
      const added = await engine.api.addFolder({ root: path as AbsolutePath, bucketId, prefix })
      folderId = FolderId.parse(added.folderId)
      return added
    },
    /** Connects, starts, adds the root, and waits until everything is in the bucket. */
    async begin() {
      await this.connect()
      engine.start()
      await this.addFolder()
      await this.untilInSync()
    },
    /** What a stopped engine has sent is heard before the next one starts, where a witness tells them apart. */
    async stopEngine() {
      await engine.stop()
      if (witness !== null) await untilHeard(emulator)
    },
    /** A new engine on the same data folder. */
    restartEngine() {
      engine = create()
      engine.start()
    },
    change,
    write(path: string, content: string | Uint8Array) {
      change(() => writeFile(join(root, path), content))
    },
    remove(path: string) {
      change(() => rmSync(join(root, path), { recursive: true }))
    },
    /** Null for a bench without one. */
    witness,
    /** What its witness has seen breaks no invariant; the engine is at rest, or stopped. */
    expectInvariants() {
      if (witness === null) throw new Error('nobody has looked')
      witness.expectUntouched()
      assertSettled(witness)
    },
    path: (path: string) => join(root, path),
    status: (): Status => engine.snapshot().status,
    problems: () => engine.snapshot().problems.map(({ code, path, scope }) => ({ code, path, scope })),
    /** What is visible in the bucket: name to content hash. */
    remote: (bucketName = BUCKET) => remoteTree(emulator, bucketName, options.prefix ?? ''),
    remoteText: async (path: string) => (await emulator.readFile(BUCKET, `${options.prefix ?? ''}${path}`)).toString(),
    /** Names of the uploads that arrived, in order. */
    uploads: () => successful(emulator, 'upload_file'),
    hides: () => successful(emulator, 'hide_file'),
    /** Names of the copies made on the server, in order. */
    copies: () => successful(emulator, 'copy_file'),
    async untilStatus(kind: StatusKind): Promise<Status> {
      return waitFor(`status ${kind}`, () => {
        const { status } = engine.snapshot()
        if (status.kind !== kind) throw new Error(JSON.stringify(engine.snapshot(), null, 1).slice(0, 2000))
        return status
      })
    },
    async untilSnapshot(what: string, test: (snapshot: EngineSnapshot) => boolean) {
      return waitFor(what, () => (test(engine.snapshot()) ? engine.snapshot() : false))
    },
    /** The first rows of what waits, has failed, and has arrived. */
    async rows(): Promise<RowsOf> {
      const rows = (await listAll(engine)).rows.filter((row) => row !== null)
      return {
        waiting: rows.filter((row) => row.group === 'waiting'),
        failed: rows.filter((row) => row.group === 'failed'),
        done: rows.filter((row) => row.group === 'done'),
      }
    },
    /** Until the bucket holds exactly the root's files and the engine says so. */
    async untilInSync(path = root, bucketName = BUCKET) {
      await waitFor('the bucket to be in line with the folder', () => {
        const local = localTree(path)
        const remote = remoteTree(emulator, bucketName, options.prefix ?? '')
        const { status } = engine.snapshot()
        const isSame = JSON.stringify(local) === JSON.stringify(remote)
        if (!isSame || status.kind !== 'up-to-date') {
          throw new Error(
            JSON.stringify({ status, missing: difference(local, remote), extra: difference(remote, local) }),
          )
        }
        return true
      })
      const prefix = options.prefix ?? ''
      const remote = Object.entries(remoteTree(emulator, bucketName, prefix))
      if (bucketName === BUCKET) witness?.noteKept(new Map(remote.map(([path, sha1]) => [`${prefix}${path}`, sha1])))
    },
    async close() {
      await engine.stop().catch(() => undefined)
      await emulator.stop()
      rmSync(home, { recursive: true, force: true })
    },
  }
}

/** The first rows of all transfers but those under way, of this very moment. */
export async function listAll(engine: Engine, limit = 200): Promise<TransferPage> {
  const filter = { text: '', folderId: null }
  const query = { filter, listId: null, start: 0, limit, anchor: null, watched: [] }
  return TransferPage.parse(await engine.api.listTransfers(query))
}

export function writeFile(path: string, content: string | Uint8Array): void {
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, content)
}

export function bucketIdOf(emulator: Emulator, bucketName: string): string {
  const bucket = emulator.buckets.find((candidate) => candidate.bucketName === bucketName)
  if (bucket === undefined) throw new Error(`no bucket ${bucketName}`)
  return bucket.bucketId
}

/**
 * The regular files below a folder: relative path to SHA-1, in code unit order. Links and other things are left out, and
 * so is the marker, which stays here.
 */
export function localTree(root: string): Record<string, string> {
  const found: [string, string][] = readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter((path) => path !== MARKER_NAME && path !== MARKER_DRAFT_NAME && lstatSync(join(root, path)).isFile())
    .map((path) => [
      path,
      createHash('sha1')
        .update(readFileSync(join(root, path)))
        .digest('hex'),
    ])
  return Object.fromEntries(found.sort(byName))
}

/** The visible files below a prefix: name to SHA-1, which for large files is what their uploader says. */
export function remoteTree(emulator: Emulator, bucketName: string, prefix = ''): Record<string, string> {
  const found = emulator
    .listVisible(bucketName, prefix)
    .map(({ fileName, sha1, fileInfo }): [string, string] => [
      fileName.slice(prefix.length),
      sha1 === 'none' ? (fileInfo['large_file_sha1'] ?? sha1) : sha1,
    ])
  return Object.fromEntries(found.sort(byName))
}

function byName([a]: [string, string], [b]: [string, string]): number {
  return a < b ? -1 : 1
}

function difference(a: Record<string, string>, b: Record<string, string>): readonly string[] {
  return Object.keys(a).filter((name) => a[name] !== b[name])
}

function successful(emulator: Emulator, operation: string): readonly string[] {
  return emulator.calls
    .filter((call) => call.operation === operation && call.status === 200)
    .map(({ fileName }) => fileName ?? '')
}
