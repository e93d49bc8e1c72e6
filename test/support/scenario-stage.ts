/** Everything a scenario needs around the engine: a disk, an emulator, a clock, another program, and a witness. */
import { existsSync, mkdirSync, mkdtempSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { createMemoryStore } from '../../main/engine/credentials/memory-store.ts'
import { createEngine, type Engine } from '../../main/engine/engine.ts'
import { silentLogger } from '../../main/engine/lib/logger.ts'
import { FolderId, type AbsolutePath } from '../../shared/ids.ts'
import type { FolderSettings } from '../../shared/model/folder.ts'
import type { EngineSnapshot } from '../../shared/model/snapshot.ts'
import { startEmulator } from '../b2-emulator/emulator.ts'
import { ALL_CAPABILITIES } from '../b2-emulator/model.ts'
import { seededRandom } from '../b2-emulator/random.ts'
import { connect, type Client } from '../b2-emulator/test-client.ts'
import { Witness } from './history.ts'
import { noteList, noteSnapshot } from './invariants.ts'
import { listAll } from './test-bench.ts'
import { createScenarioClock } from './scenario-clock.ts'
import { createScenarioDisk } from './scenario-disk.ts'
import { watchWildly } from './scenario-hints.ts'

export const BUCKET = 'pail-scenarios'

/** Where the first folder begins, and the second. */
export const PREFIX = 'docs/'
export const SECOND_PREFIX = 'second/'

/** What other programs keep in the bucket, outside of every folder: names that careless prefixes would catch. */
const NEIGHBOURS = ['docs-too/neighbour', 'doc', 'zebra']

/** B2's smallest part here, so that large files can be small. */
export const LEAST_PART_BYTES = 110_000

/** Up-to-date snapshots are compared with this while nobody changes anything. */
export type Truth = { readonly remote: string; readonly isUpToDate: boolean }

export type Stage = Awaited<ReturnType<typeof openStage>>

export type StageOptions = {
  readonly seed: number
  /** The engine's waits take one part in so many. */
  readonly speed: number
  readonly hasWildHints: boolean
  /** In milliseconds of the engine. */
  readonly deleteDelayMs: number
}

/** An emulator with neighbours in its bucket, an empty root, and an engine that was not started. */
export async function openStage(options: StageOptions) {
  const home = realpathSync(mkdtempSync(join(tmpdir(), 'pail-scenario-')))
  const ownHome = mkdtempSync(join(inMemory(), 'pail-scenario-'))
  const dataFolder = join(ownHome, 'data')
  mkdirSync(join(home, 'root'))
  const emulator = await startEmulator({
    buckets: [{ bucketName: BUCKET }],
    dataDirectory: join(ownHome, 'bucket'),
    seed: options.seed,
    // Ten of the smallest parts are a large file.
    absoluteMinimumPartSize: LEAST_PART_BYTES,
    recommendedPartSize: 10 * LEAST_PART_BYTES,
  })
  const clock = createScenarioClock(options.speed)
  const random = seededRandom(options.seed)
  const secrets = createMemoryStore()
  const disk = createScenarioDisk(home)
  const witness = new Witness({
    emulator,
    bucketName: BUCKET,
    deleteDelayMs: options.deleteDelayMs / options.speed,
  })
  const otherKey = emulator.createKey({ capabilities: ALL_CAPABILITIES })
  witness.foreignKeyIds.add(otherKey.applicationKeyId)
  let other: Client | null = null
  let engine: Engine | null = null
  let truth: Truth | null = null

  /** What the bucket shows below a prefix, as text: names and hashes. */
  const visible = (): string => {
    const prefixes = witness.folders.map(({ prefix }) => prefix)
    const files = emulator
      .listVisible(BUCKET)
      .filter(({ fileName }) => prefixes.some((each) => fileName.startsWith(each)))
    return files
      .map(({ fileName, fileId, sha1 }) => `${fileName}\t${emulator.sha1Of({ fileId, contentSha1: sha1 })}`)
      .join('\n')
  }

  const judge = (snapshot: EngineSnapshot): void => {
    noteSnapshot(witness, snapshot)
    if (truth === null || snapshot.status.kind !== 'up-to-date') return
    if (!truth.isUpToDate || truth.remote !== visible()) {
      witness.lies.push(
        `"up to date" was shown while the bucket held:\n${visible()}\nand should have held:\n${truth.remote}`,
      )
    }
  }

  const bucketId = emulator.buckets.find(({ bucketName }) => bucketName === BUCKET)?.bucketId ?? ''
  const client = async (): Promise<Client> => (other ??= await connect(emulator, otherKey))
  const noteForeign = (fileId: unknown): void => {
    witness.foreignFileIds.add(String(fileId))
  }

  const stage = {
    home,
    /** Where Pail and the emulator keep what is theirs. */
    ownHome,
    dataFolder,
    databasePath: join(dataFolder, 'pail.db'),
    emulator,
    clock,
    random,
    disk,
    witness,
    bucketId,
    visible,
    /** The engine; throws while it is stopped. */
    get engine(): Engine {
      if (engine === null) throw new Error('the engine is stopped')
      return engine
    },
    get isRunning(): boolean {
      return engine !== null
    },
    /** From here on "up to date" is true only with this in the bucket, or not at all; null while things change. */
    expectTruth(next: Truth | null): void {
      truth = next
    },
    start(): void {
      if (engine !== null) return
      const made = createEngine({
        dataFolder: dataFolder as AbsolutePath,
        realm: emulator.realm,
        version: '0.0.0-test',
        clock,
        // The shortest waits that back-off allows.
        random: () => 0,
        secrets,
        logger: silentLogger,
        ...(options.hasWildHints ? { watchFolder: watchWildly(random) } : {}),
      })
      engine = made
      made.subscribe((snapshot) => {
        judge(snapshot)
        void listAll(made, 0).then((page) => noteList(witness, snapshot, page))
      })
      witness.noteStart()
      made.start()
    },
    async stop(): Promise<void> {
      const stopping = engine
      engine = null
      await stopping?.stop()
    },
    async connect(): Promise<void> {
      const { applicationKeyId, applicationKey } = emulator
      await stage.engine.api.connectAccount({ applicationKeyId, applicationKey })
    },
    async addFolder(root: string, prefix: string, settings: Partial<FolderSettings>): Promise<FolderId> {
      const added = await stage.engine.api.addFolder({ root: root as AbsolutePath, bucketId, prefix, settings })
      return FolderId.parse(added.folderId)
    },
    async uploadRemotely(name: string, content: string): Promise<void> {
      noteForeign((await (await client()).upload(BUCKET, name, content)).json?.['fileId'])
    },
    async hideRemotely(fileName: string): Promise<void> {
      noteForeign((await (await client()).call('hide_file', { bucketId, fileName })).json?.['fileId'])
    },
    async deleteVersionsRemotely(name: string): Promise<void> {
      for (const { fileName, fileId } of emulator.fileVersions(BUCKET)) {
        if (fileName === name) await (await client()).call('delete_file_version', { fileName, fileId })
      }
    },
    /** Names outside of every folder with the versions they show. */
    outside(): string {
      const files = emulator.listVisible(BUCKET).filter(({ fileName }) => NEIGHBOURS.includes(fileName))
      return JSON.stringify(files)
    },
    /** Asks until the answer is true; fails with what `explain` says. */
    async until(probe: () => boolean, explain: () => unknown, withinMs = 60_000): Promise<void> {
      const end = Date.now() + withinMs
      while (!probe()) {
        if (Date.now() > end) throw new Error(`Waited in vain: ${JSON.stringify(explain(), null, 1)}`)
        await wait(POLL_MS)
      }
    },
    async close(): Promise<void> {
      await stage.stop().catch(() => undefined)
      disk.close()
      await emulator.stop()
      for (const folder of [home, ownHome]) rmSync(folder, { recursive: true, force: true })
    },
  }
  for (const name of NEIGHBOURS) await stage.uploadRemotely(name, `the content of ${name}`)
  return stage
}

/** A folder whose files are never waited for: a database waits for its disk with every step. Users' files stay on a real one. */
function inMemory(): string {
  return existsSync('/dev/shm') ? '/dev/shm' : tmpdir()
}

/** Between two looks while a test waits. */
const POLL_MS = 5
