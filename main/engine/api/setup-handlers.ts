/** The procedures of the set-up: a key, a bucket, folders to add, and what a master key is lent for. */
import type { EngineApi } from '../../../shared/contract/engine-api.ts'
import type { HandlersOf } from '../../../shared/contract/procedure.ts'
import { EngineError } from '../../../shared/errors.ts'
import type { Bucket } from '../../../shared/model/account.ts'
import { changeSettings, DEFAULT_FOLDER_SETTINGS, type DeletionPolicy } from '../../../shared/model/folder.ts'
import { keyLimits, type KeyReach } from '../../../shared/model/key.ts'
import type { CallOptions } from '../b2/call.ts'
import type { B2Client } from '../b2/client.ts'
import { INTERACTIVE } from '../b2/retry.ts'
import type { Bucket as B2Bucket } from '../b2/types.ts'
import { asPrefix } from '../lib/paths.ts'
import { canonicalRoot } from '../scan/canonical-root.ts'
import { previewFolder } from '../scan/folder-preview.ts'
import { readIgnoreFile } from '../scan/ignore-file.ts'
import { rulesForNewRoot } from '../scan/ignore-rules.ts'
import type { NewFolder } from '../sync/folder-changes.ts'
import type { HandlerSources } from './handlers.ts'
import { CALL_LIMIT_MS, within } from './within.ts'

/** A preview counts this long unless asked otherwise: a person is waiting for it. */
const PREVIEW_SECONDS = 3

type SetupApi = Pick<
  EngineApi,
  | 'checkKey'
  | 'holdMasterKey'
  | 'forgetMasterKey'
  | 'listBuckets'
  | 'createBucket'
  | 'checkFolder'
  | 'previewFolder'
  | 'addFolders'
>

export function createSetupHandlers(sources: HandlerSources): HandlersOf<SetupApi> {
  const { dataFolder, connection, masterKey, supervisor, changes, clock } = sources
  type Key = 'connected' | 'master'
  const clientOf = async (key: Key, signal: AbortSignal): Promise<B2Client> =>
    key === 'master' ? masterKey.client : connection.client(signal)
  const ask = <T>(key: Key, question: (b2: B2Client, call: Required<CallOptions>) => Promise<T>) =>
    within(CALL_LIMIT_MS, async (signal) => question(await clientOf(key, signal), { patience: INTERACTIVE, signal }))

  /** Makes a key for all folders there will be, takes it for the connection, and forgets the one it was made with. */
  async function takeLimitedKey(folders: readonly NewFolder[], reach: KeyReach, signal: AbortSignal): Promise<void> {
    if (folders.length === 0) throw new EngineError('bad_request', 'A limited key needs a place to be for')
    await masterKey.makeKey(keyLimits(folders, reach), (made) => connection.connect(made), signal)
    await masterKey.forget()
    supervisor.accountConnected()
  }

  return {
    checkKey: (credentials) => connection.check(credentials),
    holdMasterKey: (credentials) => masterKey.hold(credentials),
    async forgetMasterKey() {
      await masterKey.forget()
      return undefined
    },
    async listBuckets(input) {
      const buckets = await ask(input?.key ?? 'connected', (b2, call) => b2.listBuckets(call))
      return buckets.map(describeBucket)
    },
    async createBucket({ bucketName, key = 'connected' }) {
      return describeBucket(await ask(key, (b2, call) => b2.createBucket(bucketName, call)))
    },
    checkFolder({ root, besides }) {
      const found = canonicalRoot(root)
      changes.checkRoot(found, besides)
      return { root: found }
    },
    previewFolder({ root, seconds = PREVIEW_SECONDS }) {
      const found = canonicalRoot(root)
      const rules = rulesForNewRoot(found, dataFolder, readIgnoreFile(found))
      return previewFolder(found, rules, { clock, limitMs: seconds * 1000 })
    },
    addFolders: ({ folders, deletionPolicy, confirmation, limitedKey }) =>
      within(CALL_LIMIT_MS, async (signal) => {
        const client = (until: AbortSignal) => clientOf(limitedKey === null ? 'connected' : 'master', until)
        const wanted = await wantedFolders(await client(signal), folders, deletionPolicy, signal)
        const added = await changes.addAll(wanted, {
          confirmation,
          signal,
          client,
          beforeRecorded: limitedKey === null ? undefined : (all) => takeLimitedKey(all, limitedKey, signal),
        })
        return [...added]
      }),
  }
}

/** Throws `bucket_missing`, and what `canonicalRoot` throws. */
async function wantedFolders(
  b2: B2Client,
  folders: readonly { readonly root: string; readonly bucketId: string; readonly prefix: string }[],
  deletionPolicy: DeletionPolicy,
  signal: AbortSignal,
): Promise<readonly NewFolder[]> {
  const buckets = new Map<string, B2Bucket>()
  for (const bucketId of new Set(folders.map((folder) => folder.bucketId))) {
    const bucket = await b2.findBucketById(bucketId, { patience: INTERACTIVE, signal })
    if (bucket === undefined) throw new EngineError('bucket_missing', `No bucket ${bucketId}`)
    buckets.set(bucketId, bucket)
  }
  return folders.map(({ root, bucketId, prefix }) => ({
    root: canonicalRoot(root),
    bucketId,
    bucketName: buckets.get(bucketId)?.bucketName ?? '',
    bucketType: buckets.get(bucketId)?.bucketType ?? '',
    prefix: asPrefix(prefix),
    settings: changeSettings(DEFAULT_FOLDER_SETTINGS, { deletionPolicy }),
  }))
}

function describeBucket({
  bucketId,
  bucketName,
  bucketType,
  defaultServerSideEncryption: encryption,
}: B2Bucket): Bucket {
  return { bucketId, bucketName, bucketType, isEncrypted: encryption == null ? null : encryption.value.mode !== null }
}
