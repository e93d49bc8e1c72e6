/**
 * One folder, one bucket and one data folder, for engines that come and go: in this process where they only prepare or
 * recover, in a process of their own where they are killed.
 */
import { mkdirSync, mkdtempSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { createMemoryStore } from '../../main/engine/credentials/memory-store.ts'
import { createEngine, type Engine } from '../../main/engine/engine.ts'
import { silentLogger } from '../../main/engine/lib/logger.ts'
import type { EngineApi } from '../../shared/contract/engine-api.ts'
import type { ClientOf } from '../../shared/contract/procedure.ts'
import { FolderId, type AbsolutePath } from '../../shared/ids.ts'
import { DEFAULT_FOLDER_SETTINGS, type FolderSettings } from '../../shared/model/folder.ts'
import type { EngineSnapshot } from '../../shared/model/snapshot.ts'
import type { StatusKind } from '../../shared/model/status.ts'
import { startEmulator, type EmulatorOptions } from '../b2-emulator/emulator.ts'
import { send } from '../b2-emulator/test-client.ts'
import type { ProgramSettings } from '../support/engine-program.ts'
import { hasDied, spawnEngineProcess, type EngineProcess, type SpawnOptions } from '../support/engine-process.ts'
import { createFastClock } from '../support/fast-clock.ts'
import { Witness } from '../support/history.ts'
import { noteSnapshot } from '../support/invariants.ts'
import { bucketIdOf, localTree, remoteTree } from '../support/test-bench.ts'
import { untilHeard } from '../support/until-heard.ts'
import { Disk, type Person } from './crash-scenario.ts'

export const BUCKET = 'pail-crash'
export const PREFIX = 'crash/'

/** Of the engines' clocks: a second is 20 ms. */
const SPEED = 50

/** Everything is over within this, however busy the machine is; real milliseconds. */
const PATIENCE_MS = 240_000

/** How often is looked, real milliseconds. */
const LOOK_MS = 15

// To read the authorities that a network has of its own takes each engine a fifth of a second, and nothing here speaks TLS.
delete process.env['NODE_EXTRA_CA_CERTS']

export type CrashWorld = Awaited<ReturnType<typeof openCrashWorld>>

export type ExpectedBucket = {
  /** In the bucket besides the folder's files: path to SHA-1. */
  readonly remains: Readonly<Record<string, string>>
  /** Paths that are not in the bucket, or not as they are on disk. */
  readonly leftOut: readonly string[]
  readonly status: StatusKind
}

export const EVERYTHING: ExpectedBucket = { remains: {}, leftOut: [], status: 'up-to-date' }

export type CrashWorldOptions = {
  /** Of the folder, where they are not what folders begin with. */
  readonly settings?: Partial<FolderSettings> | undefined
  /** Makes the root something else than an empty directory. */
  readonly prepareRoot?: (root: string, home: string) => void
  /** B2's sizes of parts and of copies, where they are not the real ones. */
  readonly sizes?: Pick<EmulatorOptions, 'absoluteMinimumPartSize' | 'recommendedPartSize' | 'maxCopyBytes'>
}

export async function openCrashWorld({ settings: chosen = {}, prepareRoot, sizes = {} }: CrashWorldOptions = {}) {
  const folderSettings = { ...DEFAULT_FOLDER_SETTINGS, ...chosen }
  const home = realpathSync(mkdtempSync(join(tmpdir(), 'pail-crash-')))
  const root = join(home, 'root')
  mkdirSync(root)
  prepareRoot?.(root, home)
  const buckets = [{ bucketName: BUCKET }]
  const emulator = await startEmulator({ buckets, dataDirectory: join(home, 'bucket'), ...sizes })
  const { realm, applicationKeyId, applicationKey } = emulator
  const settings: ProgramSettings = {
    dataFolder: join(home, 'data'),
    realm,
    secrets: { [applicationKeyId]: applicationKey },
    clock: { speed: SPEED, startedAt: Date.now() },
  }
  const deleteDelayMs = (folderSettings.deleteDelaySeconds * 1000) / SPEED
  const witness = new Witness({ emulator, bucketName: BUCKET, deleteDelayMs })
  witness.gate = { files: folderSettings.gateFiles, percent: folderSettings.gatePercent }
  witness.watch([{ root, prefix: PREFIX }])
  const disk = new Disk(root)
  const snapshotOf = async (api: ClientOf<EngineApi>): Promise<EngineSnapshot> => {
    const snapshot = await api.getSnapshot(undefined)
    noteSnapshot(witness, snapshot, true)
    return snapshot
  }
  return {
    home,
    root,
    emulator,
    settings,
    disk,
    /** Has to hear of everything that changes the disk, and of every start. */
    witness,
    /** Lets programs change the disk, in one go; the witness looks before and after. */
    change(how: (disk: Disk) => void): void {
      witness.expectUntouched()
      how(disk)
      witness.look()
    },
    /** What an engine says now, of which the witness hears. */
    snapshotOf,
    /** An engine in this process, on the same data folder, not started. */
    createEngine(): Engine {
      return createEngine({
        dataFolder: settings.dataFolder as AbsolutePath,
        realm: settings.realm,
        version: '0.0.0-test',
        clock: createFastClock(settings.clock.speed, settings.clock.startedAt),
        random: () => 0,
        secrets: createMemoryStore(settings.secrets),
        logger: silentLogger,
      })
    },
    /** Until so much of the engines' time has passed: for what must not happen. */
    async untilPassed(seconds: number): Promise<void> {
      const end = Date.now() + (seconds * 1000) / SPEED
      await until('time to pass', () => Promise.resolve(Date.now() >= end))
    },
    person: (api: ClientOf<EngineApi>): Person => ({
      api,
      folderId: FolderId.parse(1),
      witness,
      snapshot: () => snapshotOf(api),
      until,
      async untilHeard() {
        // Connections are accepted in turn: when this one is answered, all older ones are known.
        await send(emulator.realm)
        await until('what was broken off to end', () => Promise.resolve(emulator.inFlight === 0))
      },
    }),
    /** A process whose engine is started on the same data folder; whoever asks for it ends it. */
    async startProcess(options: Pick<ProgramSettings, 'uid'> & SpawnOptions = {}): Promise<EngineProcess> {
      const { watches, ...rights } = options
      const engine = spawnEngineProcess(watches === undefined ? {} : { watches })
      witness.noteStart()
      await engine.start({ ...settings, ...rights })
      return engine
    },
    /** Connects the account and adds the folder, as far as that has not been done. */
    async setUp(api: ClientOf<EngineApi>): Promise<void> {
      const { account, folders } = await snapshotOf(api)
      if (account.kind === 'none') await api.connectAccount({ applicationKeyId, applicationKey })
      if (folders.length > 0) return
      const bucketId = bucketIdOf(emulator, BUCKET)
      await api.addFolder({ root, bucketId, prefix: PREFIX, settings: chosen })
    },
    /** Until the engine is at rest with the bucket as it should be, and what was asked is answered. */
    async untilSettled(api: ClientOf<EngineApi>, expected: ExpectedBucket): Promise<void> {
      await until('the bucket to be in line with the folder', async () => {
        const { status, problems, folders } = await snapshotOf(api)
        const fail = (what: object): never => {
          const decisions = folders.flatMap((folder) => folder.decisions)
          throw new Error(JSON.stringify({ status, problems, decisions, ...what }, null, 1).slice(0, 3000))
        }
        if (status.kind !== expected.status) fail({})
        const differences = compareTrees(expectedTree(root, expected), remoteTree(emulator, BUCKET, PREFIX))
        if (differences.length > 0) fail({ differences })
        const inBoth = Object.keys(expectedTree(root, { ...expected, remains: {} })).length
        const counted = folders[0]?.syncedFiles
        if (expected.leftOut.length === 0 && counted !== inBoth) fail({ counted, inBoth })
        return true
      })
      const visible = emulator.listVisible(BUCKET, PREFIX)
      const sha1Of = ({ fileId, sha1 }: (typeof visible)[number]) => emulator.sha1Of({ fileId, contentSha1: sha1 })
      witness.noteKept(new Map(visible.map((file) => [file.fileName, sha1Of(file)])))
    },
    /** Until all is heard that engines have sent which are gone by now. */
    untilHeard: () => untilHeard(emulator),
    async close(): Promise<void> {
      await emulator.stop()
      rmSync(home, { recursive: true, force: true })
    },
  }
}

/** A call of an engine that died in the meantime ends the waiting at once. */
async function until(what: string, probe: () => Promise<boolean>): Promise<void> {
  const giveUpAt = Date.now() + PATIENCE_MS
  for (;;) {
    let reason: unknown
    try {
      if (await probe()) return
    } catch (error) {
      if (hasDied(error)) throw error
      reason = error
    }
    if (Date.now() > giveUpAt) throw new Error(`Waited in vain for: ${what}`, { cause: reason })
    await pause(LOOK_MS)
  }
}

function expectedTree(root: string, { remains, leftOut }: ExpectedBucket): Record<string, string> {
  const local = Object.entries(localTree(root)).filter(([path]) => !leftOut.includes(path))
  return { ...Object.fromEntries(local), ...remains }
}

/** One line for each name that is not the same in both; nothing when all are. */
function compareTrees(wanted: Record<string, string>, found: Record<string, string>): readonly string[] {
  const names = [...new Set([...Object.keys(wanted), ...Object.keys(found)])].sort()
  return names
    .filter((name) => wanted[name] !== found[name])
    .map((name) => `${name}: ${wanted[name] ?? 'nothing'} wanted, ${found[name] ?? 'nothing'} there`)
}
