/** Implements the EngineApi: one function a procedure, input already checked by its schema. */
import type { EngineApi } from '../../../shared/contract/engine-api.ts'
import type { HandlersOf } from '../../../shared/contract/procedure.ts'
import { EngineError } from '../../../shared/errors.ts'
import type { AbsolutePath, FolderId } from '../../../shared/ids.ts'
import { ALL_ACTIVITY } from '../../../shared/model/activity.ts'
import { changeSettings, DEFAULT_FOLDER_SETTINGS } from '../../../shared/model/folder.ts'
import type { EngineSnapshot } from '../../../shared/model/snapshot.ts'
import type { CallOptions } from '../b2/call.ts'
import type { B2Client } from '../b2/client.ts'
import { INTERACTIVE } from '../b2/retry.ts'
import type { DropKeeper } from '../drops/drop-keeper.ts'
import type { Clock } from '../lib/clock.ts'
import { asPrefix } from '../lib/paths.ts'
import type { LinkDomainKeeper } from '../links/link-domains.ts'
import type { LinkKeeper } from '../links/link-keeper.ts'
import { canonicalRoot } from '../scan/canonical-root.ts'
import type { State } from '../state/state.ts'
import type { BandwidthKeeper } from '../sync/bandwidth.ts'
import type { Connection } from '../sync/connection.ts'
import type { FolderChanges } from '../sync/folder-changes.ts'
import type { FolderSync } from '../sync/folder-sync.ts'
import type { MasterKey } from '../sync/master-key.ts'
import type { ProxyKeeper } from '../sync/proxy.ts'
import type { Supervisor } from '../sync/supervisor.ts'
import { createDropHandlers } from './drop-handlers.ts'
import { explainPath } from './explain.ts'
import { searchActivity } from './search-activity.ts'
import { createSetupHandlers } from './setup-handlers.ts'
import { TransferLists } from './transfer-lists.ts'
import { CALL_LIMIT_MS, within } from './within.ts'

/** A preview of ignore rules counts this long at most: a person is waiting for it. */
const PREVIEW_MS = 3000

/** A thousand links are two thousand calls. */
const LINKS_LIMIT_MS = 120_000

export type HandlerSources = {
  readonly dataFolder: AbsolutePath
  readonly state: State
  readonly connection: Connection
  readonly masterKey: MasterKey
  readonly supervisor: Supervisor
  readonly changes: FolderChanges
  readonly bandwidth: BandwidthKeeper
  readonly drops: DropKeeper
  readonly linkDomains: LinkDomainKeeper
  readonly proxy: ProxyKeeper
  readonly links: LinkKeeper
  readonly clock: Clock
  readonly snapshot: () => EngineSnapshot
  /** Something a client may see has changed. */
  readonly onChange: () => void
}

/** Asks B2 something that a person waits for. */
export type Ask = <T>(question: (b2: B2Client, call: Required<CallOptions>) => Promise<T>) => Promise<T>

export function createHandlers(sources: HandlerSources): HandlersOf<EngineApi> {
  const { dataFolder, state, connection, supervisor, changes, bandwidth, drops, linkDomains, proxy, clock } = sources
  const { links, snapshot, onChange } = sources
  const ask: Ask = (question) =>
    within(CALL_LIMIT_MS, async (signal) =>
      question(await connection.client(signal), { patience: INTERACTIVE, signal }),
    )
  const find = (folderId: FolderId): FolderSync => {
    const found = supervisor.find(folderId)
    if (found === undefined) throw new EngineError('not_found', `No folder ${folderId}`)
    return found
  }
  const lists = new TransferLists({ state, supervisor, clock })
  return {
    ...createDropHandlers({ dataFolder, state, supervisor, drops, clock, ask }),
    getSnapshot: snapshot,
    ...createSetupHandlers(sources),
    async connectAccount(credentials) {
      const summary = await connection.connect(credentials)
      supervisor.accountConnected()
      links.accountConnected()
      return summary
    },
    async disconnectAccount() {
      await supervisor.scheduler.interrupt()
      await connection.disconnect()
      return undefined
    },
    async addFolder({ root, bucketId, prefix, settings }) {
      const bucket = await ask((b2, call) => b2.findBucketById(bucketId, call))
      if (bucket === undefined) throw new EngineError('bucket_missing', `No bucket ${bucketId}`)
      const { bucketName, bucketType } = bucket
      const wanted = {
        root: canonicalRoot(root),
        bucketId,
        bucketName,
        bucketType,
        prefix: asPrefix(prefix),
        settings: changeSettings(DEFAULT_FOLDER_SETTINGS, settings ?? {}),
      }
      return within(CALL_LIMIT_MS, (signal) => changes.add(wanted, signal))
    },
    async removeFolder({ folderId }) {
      await changes.remove(folderId)
      return undefined
    },
    async updateFolder({ folderId, settings, confirmation }) {
      await within(CALL_LIMIT_MS, (signal) => changes.update(folderId, settings, confirmation, signal))
      return undefined
    },
    async moveFolder({ folderId, root }) {
      await changes.moveRoot(folderId, canonicalRoot(root))
      return undefined
    },
    async changePrefix({ folderId, prefix }) {
      await within(CALL_LIMIT_MS, (signal) => changes.changePrefix(folderId, asPrefix(prefix), signal))
      return undefined
    },
    acceptRoot({ folderId }) {
      find(folderId).acceptRoot()
      return undefined
    },
    listDecision({ folderId, listId, after, limit }) {
      const list = find(folderId)
        .losses.list(listId)
        .map(({ path }) => path)
      const start = after === undefined ? 0 : list.indexOf(after) + 1
      return list.slice(start, start + limit)
    },
    decide({ folderId, kind, listId, answer }) {
      find(folderId).decide(kind, listId, answer)
      return undefined
    },
    explainPath: ({ folderId, path }) => explainPath(path, find(folderId), { state, supervisor }),
    listSkipped({ folderId, after, limit }) {
      const { rules } = find(folderId)
      return state.local.listSkipped(folderId, after ?? '', limit).map(({ path, reason }) => ({
        path,
        reason,
        rule: reason === 'ignored' ? (rules.explain(path, false) ?? rules.explain(path, true)) : null,
      }))
    },
    previewIgnore: ({ folderId, ignoreRules }) =>
      within(CALL_LIMIT_MS, (signal) => find(folderId).rules.preview(ignoreRules, clock, PREVIEW_MS, signal)),
    async pause(input) {
      await supervisor.setPause(input?.folderId ?? null, { until: input?.until ?? null })
      return undefined
    },
    async resume(input) {
      await supervisor.setPause(input?.folderId ?? null, null)
      return undefined
    },
    getBandwidth: () => bandwidth.setting,
    setBandwidth(setting) {
      bandwidth.set(setting)
      return undefined
    },
    getProxy: () => proxy.setting,
    async setProxy(change) {
      await proxy.set(change)
      supervisor.wayChanged()
      return undefined
    },
    checkNow({ folderId }) {
      // Asked for after a sleep, too.
      bandwidth.lookAgain()
      supervisor.hoursChanged()
      supervisor.checkNow(folderId)
      if (folderId === undefined) drops.retry(null)
      return undefined
    },
    listTransfers: (query) => lists.page(query),
    listTransferIds: ({ listId, start, limit }) => lists.ids(listId, start, start + limit),
    cancelTransfers: (choice) => supervisor.scheduler.putOff(choice),
    sendTransfersNext: (choice) => supervisor.scheduler.hurry(choice),
    setMaxTransfers({ maxTransfers }) {
      supervisor.setMaxTransfers(maxTransfers)
      return undefined
    },
    setStorageCap({ capBytes }) {
      state.transaction(() => {
        state.settings.setStorageCap(capBytes)
      })
      onChange()
      return undefined
    },
    listActivity: async ({ filter = ALL_ACTIVITY, ...where }) => [
      ...(await searchActivity(state, { filter, ...where })),
    ],
    createLinks: (request) => within(LINKS_LIMIT_MS, (signal) => links.create(request, signal)),
    listLinks: (query) => links.list(query),
    renewLink: ({ linkId, validSeconds }) =>
      within(CALL_LIMIT_MS, (signal) => links.renew(linkId, validSeconds, signal)),
    endLink: ({ linkId }) => within(CALL_LIMIT_MS, (signal) => links.end(linkId, signal)),
    async acceptSiblings({ linkId }) {
      await within(CALL_LIMIT_MS, (signal) => links.accept(linkId, signal))
      return undefined
    },
    getLinkDomains: () => linkDomains.all,
    setLinkDomain: ({ bucketId, host }) => within(CALL_LIMIT_MS, (signal) => linkDomains.set(bucketId, host, signal)),
  }
}
