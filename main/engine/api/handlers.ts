/** Implements the EngineApi: one function a procedure, input already checked by its schema. */
import { statSync, realpathSync } from 'node:fs'
import { resolve } from 'node:path'
import type { EngineApi } from '../../../shared/contract/engine-api.ts'
import type { HandlersOf } from '../../../shared/contract/procedure.ts'
import { EngineError } from '../../../shared/errors.ts'
import { AbsolutePath, type FolderId } from '../../../shared/ids.ts'
import { changeSettings, DEFAULT_FOLDER_SETTINGS } from '../../../shared/model/folder.ts'
import type { EngineSnapshot } from '../../../shared/model/snapshot.ts'
import type { CallOptions } from '../b2/call.ts'
import type { B2Client } from '../b2/client.ts'
import { INTERACTIVE } from '../b2/retry.ts'
import type { Clock } from '../lib/clock.ts'
import { asPrefix } from '../lib/paths.ts'
import { createShareLink } from '../links/share-links.ts'
import { readIgnoreFile } from '../scan/ignore-file.ts'
import { ignoreRuleFor, type IgnoreRule } from '../scan/ignore-rules.ts'
import { errnoOf } from '../scan/stat-path.ts'
import { walk } from '../scan/walker.ts'
import type { State } from '../state/state.ts'
import type { BandwidthKeeper } from '../sync/bandwidth.ts'
import type { Connection } from '../sync/connection.ts'
import type { FolderChanges } from '../sync/folder-changes.ts'
import type { FolderSync } from '../sync/folder-sync.ts'
import type { Supervisor } from '../sync/supervisor.ts'
import { explainPath } from './explain.ts'

/** A preview counts this long at most: a person is waiting for it. */
const PREVIEW_MS = 3000

/** A bucket list or a link is asked for by a person who waits; a connection that hangs must not hang them. */
const CALL_LIMIT_MS = 30_000

export type HandlerSources = {
  readonly dataFolder: AbsolutePath
  readonly state: State
  readonly connection: Connection
  readonly supervisor: Supervisor
  readonly changes: FolderChanges
  readonly bandwidth: BandwidthKeeper
  readonly clock: Clock
  readonly snapshot: () => EngineSnapshot
}

export function createHandlers(sources: HandlerSources): HandlersOf<EngineApi> {
  const { dataFolder, state, connection, supervisor, changes, bandwidth, clock, snapshot } = sources
  const ask = <T>(question: (b2: B2Client, call: Required<CallOptions>) => Promise<T>) =>
    within(CALL_LIMIT_MS, async (signal) =>
      question(await connection.client(signal), { patience: INTERACTIVE, signal }),
    )
  const find = (folderId: FolderId): FolderSync => {
    const found = supervisor.find(folderId)
    if (found === undefined) throw new EngineError('not_found', `No folder ${folderId}`)
    return found
  }
  return {
    getSnapshot: snapshot,
    async connectAccount(credentials) {
      const summary = await connection.connect(credentials)
      supervisor.accountConnected()
      return summary
    },
    async disconnectAccount() {
      await supervisor.scheduler.interrupt()
      await connection.disconnect()
      return undefined
    },
    async listBuckets() {
      const buckets = await ask((b2, call) => b2.listBuckets(call))
      return buckets.map(({ bucketId, bucketName, bucketType }) => ({ bucketId, bucketName, bucketType }))
    },
    createBucket: ({ bucketName }) => ask((b2, call) => b2.createBucket(bucketName, call)),
    previewFolder({ root }) {
      const found = canonicalRoot(root)
      return preview(found, ignoreRuleFor(found, dataFolder, readIgnoreFile(found)), clock)
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
    checkNow({ folderId }) {
      // Asked for after a sleep, too.
      bandwidth.lookAgain()
      supervisor.checkNow(folderId)
      return undefined
    },
    retryJob({ jobId }) {
      supervisor.retryJob(jobId)
      return undefined
    },
    async cancelTransfer({ jobId }) {
      await supervisor.scheduler.putOff(jobId)
      return undefined
    },
    setMaxTransfers({ maxTransfers }) {
      supervisor.setMaxTransfers(maxTransfers)
      return undefined
    },
    listActivity: ({ limit, before }) => [...state.activity.list(limit, before)],
    async createShareLink({ folderId, path, validSeconds }) {
      const folder = state.folders.list().find((candidate) => candidate.folderId === folderId)
      if (folder === undefined) throw new EngineError('not_found', `No folder ${folderId}`)
      return ask((b2, call) => createShareLink({ b2, call, clock, folder, path, validSeconds }))
    },
  }
}

/** Runs what a person waits for; after the limit, milliseconds, it is broken off with `timeout`. */
async function within<T>(limitMs: number, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const signal = AbortSignal.timeout(limitMs)
  try {
    return await work(signal)
  } catch (error) {
    if (signal.aborted) throw new EngineError('timeout', 'No answer within the limit', {}, { cause: error })
    throw error
  }
}

/**
 * The path as the file system knows it: absolute, links resolved. Throws `root_missing` for what is not there or no
 * folder, `root_unreadable` for what may not be looked at.
 */
export function canonicalRoot(path: string): AbsolutePath {
  try {
    const root = realpathSync(resolve(path))
    if (!statSync(root).isDirectory()) throw new EngineError('root_missing', 'Not a folder', { root: path })
    return AbsolutePath.parse(root)
  } catch (error) {
    if (error instanceof EngineError) throw error
    const code = errnoOf(error) === 'EACCES' ? 'root_unreadable' : 'root_missing'
    throw new EngineError(code, `The folder cannot be opened`, { root: path }, { cause: error })
  }
}

async function preview(root: AbsolutePath, isIgnored: IgnoreRule, clock: Clock) {
  const until = clock.now() + PREVIEW_MS
  const count = { files: 0, bytes: 0, skipped: 0, unreadable: 0 }
  for await (const step of walk(root, '', isIgnored, new AbortController().signal)) {
    if (step.kind === 'unreadable') {
      count.unreadable += 1
      continue
    }
    count.files += step.files.length
    count.bytes += step.files.reduce((sum, file) => sum + file.fingerprint.sizeBytes, 0)
    count.skipped += step.skipped.filter(({ reason }) => reason !== 'unreadable').length
    count.unreadable += step.skipped.filter(({ reason }) => reason === 'unreadable').length
    if (clock.now() >= until) return { ...count, complete: false }
  }
  return { ...count, complete: true }
}
