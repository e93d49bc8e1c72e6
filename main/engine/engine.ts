/**
 * Composition root: builds every room from an environment and gives out one engine.
 *
 * Runs under Electron's utility process, a forked Node, the command line and tests alike; knows none of them.
 */
import { realpathSync } from 'node:fs'
import { engineApi, type EngineApi, type EngineEvents } from '../../shared/contract/engine-api.ts'
import type { HandlersOf } from '../../shared/contract/procedure.ts'
import { AbsolutePath, type FolderId } from '../../shared/ids.ts'
import type { Bandwidth } from '../../shared/model/bandwidth.ts'
import type { SyncFolder } from '../../shared/model/folder.ts'
import type { EngineSnapshot } from '../../shared/model/snapshot.ts'
import type { Channel } from '../../shared/rpc/channel.ts'
import { serve, type RpcServer } from '../../shared/rpc/server.ts'
import { dataPaths } from '../data-folder.ts'
import { explainFor } from './api/explain.ts'
import { createHandlers } from './api/handlers.ts'
import { buildSnapshot, isEngineAtRest } from './api/snapshot.ts'
import { createB2Client } from './b2/client.ts'
import type { Variables } from './b2/connections.ts'
import { createHttp } from './b2/http.ts'
import { assertRealmAllowed } from './b2/realm.ts'
import { openControl } from './control/control-server.ts'
import type { SecretStore } from './credentials/secret-store.ts'
import { DropKeeper } from './drops/drop-keeper.ts'
import type { Clock } from './lib/clock.ts'
import type { Logger } from './lib/logger.ts'
import { networkAddresses } from './lib/network.ts'
import { throttle } from './lib/throttle.ts'
import { LinkDomainKeeper } from './links/link-domains.ts'
import { LinkKeeper } from './links/link-keeper.ts'
import type { Job } from './model/job.ts'
import { watchFolder, type WatchFolder } from './scan/watcher.ts'
import type { Backups } from './state/backup.ts'
import { openState } from './state/state.ts'
import { BandwidthKeeper, machineOffset } from './sync/bandwidth.ts'
import { Connection, type Credentials } from './sync/connection.ts'
import { FolderChanges } from './sync/folder-changes.ts'
import { MasterKey } from './sync/master-key.ts'
import { ProxyKeeper } from './sync/proxy.ts'
import { Supervisor } from './sync/supervisor.ts'
import type { Outcome } from './transfer/outcome.ts'

/** Snapshots go out at most this often: five a second look immediate and cost next to nothing. */
const SNAPSHOT_EVERY_MS = 200

/** Everything outside that the engine touches. */
export type Environment = {
  readonly dataFolder: AbsolutePath
  readonly realm: string
  readonly version: string
  readonly clock: Clock
  readonly random: () => number
  readonly secrets: SecretStore
  /** Where proxy and certificates are looked up; this process's own environment when absent. */
  readonly env?: Variables
  readonly logger: Logger
  /** How folders are watched; as `scan/watcher.ts` does it when absent. */
  readonly watchFolder?: WatchFolder
  /** The machine's network as text, where another text means another network; its addresses when absent. */
  readonly readNetwork?: () => string
}

export type EngineOptions = {
  /** False for a single pass. */
  readonly isWatching: boolean
  /** Count for this run instead of what is set for all; a direction that is absent follows that. */
  readonly limits?: Partial<Bandwidth> | undefined
  readonly onFinished?: (job: Job, outcome: Outcome) => void
}

export type Engine = {
  readonly api: HandlersOf<EngineApi>
  readonly snapshot: () => EngineSnapshot
  /** True when what is left to do, if anything, needs a person. */
  readonly isAtRest: () => boolean
  /** Calls back after changes, at most five times a second; returns what ends it. */
  readonly subscribe: (listener: (snapshot: EngineSnapshot) => void) => () => void
  /** Serves one client until the returned function is called. */
  readonly serveClient: (channel: Channel) => () => void
  /** Every sync folder this data folder knows, also those that were not started. */
  readonly listFolders: () => readonly SyncFolder[]
  /** Starts all sync folders, or only those named. */
  readonly start: (only?: readonly FolderId[]) => void
  /**
   * Waits for what links need to be made, and removes what ended ones have left in the bucket: for a program that does not
   * stay. Throws what the client throws.
   */
  readonly settleLinks: () => Promise<void>
  /** Ends what is under way, closes files and connections. */
  readonly stop: () => Promise<void>
}

/** Throws what opening the state throws, and `realm_not_allowed`. Nothing runs before `start`. */
export function createEngine(environment: Environment, options: EngineOptions = { isWatching: true }): Engine {
  const { clock, random, secrets, logger, version } = environment
  const realm = assertRealmAllowed(environment.realm)
  const state = openState(dataPaths(environment.dataFolder).database)
  if (state.recovered !== null) {
    logger.warn({ recovered: state.recovered }, 'the database was damaged and is set aside')
    const verb = state.recovered === 'anew' ? 'records-begun-anew' : 'records-recovered'
    state.transaction(() => state.activity.append({ at: clock.now(), verb, folderId: null }))
  }
  const dataFolder = AbsolutePath.parse(realpathSync(environment.dataFolder))
  const listeners = new Set<(snapshot: EngineSnapshot) => void>()
  let backups: Backups | null = null
  let closeControl: (() => void) | null = null

  const onChange = throttle(clock, SNAPSHOT_EVERY_MS, () => {
    if (listeners.size === 0) return
    const current = snapshot()
    for (const listener of listeners) listener(current)
  })
  /** Whatever has changed may have opened or closed the way for what was dropped. */
  const onOpenChange = (): void => {
    drops.checkOpen()
    onChange.call()
  }
  const bandwidth = new BandwidthKeeper({
    settings: state.settings,
    transaction: state.transaction,
    clock,
    thisRun: options.limits ?? {},
    localOffset: machineOffset,
    onChange: onChange.call,
  })
  const proxy = new ProxyKeeper({
    settings: state.settings,
    transaction: state.transaction,
    secrets,
    env: environment.env ?? process.env,
  })
  const createClient = (clientRealm: string, credentials: Credentials) =>
    createB2Client({
      realm: clientRealm,
      ...credentials,
      clock,
      random,
      userAgent: `Pail/${version}`,
      throttle: bandwidth.throttle,
      network: proxy,
      onRefused: (pauseMs) => {
        supervisor.lanes.refused(pauseMs)
      },
      onAnswered: () => {
        supervisor.health.answered()
      },
    })
  const connection: Connection = new Connection({
    settings: state.settings,
    transaction: state.transaction,
    secrets,
    realm,
    createClient,
    onChange: onOpenChange,
  })
  const linkHttp = createHttp({ userAgent: `Pail/${version}`, network: proxy })
  const linkDomains = new LinkDomainKeeper({
    settings: state.settings,
    transaction: state.transaction,
    http: linkHttp,
  })
  const masterKey = new MasterKey({ createClient: (credentials) => createClient(realm, credentials), clock })
  const supervisor: Supervisor = new Supervisor({
    dataFolder,
    state,
    connection,
    clock,
    random,
    logger,
    watchFolder: options.isWatching ? (environment.watchFolder ?? watchFolder) : null,
    readNetwork: environment.readNetwork ?? networkAddresses,
    onChange: onOpenChange,
    localOffset: machineOffset,
    onFinished: (job, outcome) => {
      links.poke()
      options.onFinished?.(job, outcome)
    },
    onLearnt: () => {
      links.poke()
    },
  })
  const links: LinkKeeper = new LinkKeeper({
    state,
    clock,
    logger,
    client: (signal) => connection.client(signal),
    explain: (folder, path) => explainFor(folder, path, { state, supervisor }),
    originFor: (bucketId) => linkDomains.originFor(bucketId),
    isOpen: () => supervisor.mayWrite,
    hurry: (folderId, paths) => {
      supervisor.hurryPaths(folderId, paths)
    },
    onChange: onChange.call,
  })
  const drops: DropKeeper = new DropKeeper({
    dataFolder,
    state,
    clock,
    logger,
    client: (signal) => connection.client(signal),
    lanes: supervisor.lanes,
    isOpen: () => supervisor.mayWrite,
    holdAll: (code, details) => supervisor.scheduler.holdAll(code, details),
    onMoved: (bytes, files) => supervisor.rates.add(clock.now(), bytes, files),
    onChange: onChange.call,
  })
  const sources = () => ({ state, connection, supervisor, bandwidth, drops, links, clock })
  const snapshot = () => buildSnapshot(sources())
  const changes = new FolderChanges({
    dataFolder,
    state,
    supervisor,
    clock,
    client: (signal) => connection.client(signal),
    onChange: onChange.call,
  })
  const api = createHandlers({
    dataFolder,
    state,
    connection,
    masterKey,
    supervisor,
    changes,
    bandwidth,
    drops,
    linkDomains,
    proxy,
    links,
    clock,
    snapshot,
    onChange: onChange.call,
  })

  return {
    api,
    snapshot,
    isAtRest: () => isEngineAtRest(sources()),
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    serveClient(channel) {
      const server: RpcServer<EngineEvents> = serve(engineApi, api, channel, (error, procedure) => {
        logger.error({ err: error, procedure }, 'a call failed in an unknown way')
      })
      const push = (current: EngineSnapshot): void => {
        server.emit('snapshotChanged', current)
      }
      listeners.add(push)
      return () => {
        listeners.delete(push)
        server.close()
      }
    },
    listFolders: () => state.folders.list(),
    start(only) {
      bandwidth.start()
      supervisor.start(only)
      // Who starts only some folders wants nothing else sent.
      if (only === undefined) drops.start()
      links.start()
      backups ??= state.startBackups({ clock, random, logger })
      const listFolders = () => state.folders.list()
      closeControl ??= openControl({ dataFolder, logger, listFolders, createLinks: api.createLinks })
    },
    settleLinks: () => links.settle(),
    async stop() {
      closeControl?.()
      onChange.stop()
      await drops.stop()
      await links.stop()
      await supervisor.stop()
      await bandwidth.stop()
      await masterKey.forget()
      await connection.close()
      await linkHttp.close()
      await backups?.stop()
      state.close()
    },
  }
}
