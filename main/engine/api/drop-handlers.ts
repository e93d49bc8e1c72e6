/** The procedures about what is dropped on the window. */
import type { EngineApi } from '../../../shared/contract/engine-api.ts'
import type { HandlersOf } from '../../../shared/contract/procedure.ts'
import { EngineError } from '../../../shared/errors.ts'
import type { AbsolutePath } from '../../../shared/ids.ts'
import type { DropBucket } from '../../../shared/model/drop.ts'
import { checkRemoteName } from '../b2/names.ts'
import type { DropKeeper } from '../drops/drop-keeper.ts'
import { previewDrops } from '../drops/preview.ts'
import type { Clock } from '../lib/clock.ts'
import { asPrefix } from '../lib/paths.ts'
import { checkNoSharePlace } from '../model/share-place.ts'
import type { State } from '../state/state.ts'
import type { Supervisor } from '../sync/supervisor.ts'
import type { Ask } from './handlers.ts'

type DropApi = Pick<EngineApi, 'previewDrops' | 'addDrops' | 'cancelDrop' | 'retryDrop' | 'clearFinishedDrops'>

type DropHandlerSources = {
  readonly dataFolder: AbsolutePath
  readonly state: State
  readonly supervisor: Supervisor
  readonly drops: DropKeeper
  readonly clock: Clock
  readonly ask: Ask
}

export function createDropHandlers(sources: DropHandlerSources): HandlersOf<DropApi> {
  const { dataFolder, state, supervisor, drops, clock, ask } = sources
  return {
    async previewDrops({ paths }) {
      return { ...(await previewDrops(paths, dataFolder, clock)), lastPlace: state.settings.lastDropPlace() }
    },
    async addDrops({ paths, bucketId, prefix: text, onConflict }) {
      const prefix = asPrefix(text)
      const refusal = checkRemoteName(`${prefix}x`) ?? checkNoSharePlace(prefix)
      if (refusal !== null) throw new EngineError('prefix_not_allowed', refusal, { reason: refusal })
      const { bucketName, bucketType } = findKnownBucket(state, bucketId) ?? (await askForBucket(ask, bucketId))
      drops.add(paths, { bucketId, bucketName, bucketType, prefix, onConflict })
      return undefined
    },
    async cancelDrop({ dropId }) {
      await drops.cancel(dropId ?? null)
      return undefined
    },
    retryDrop({ dropId }) {
      drops.retry(dropId ?? null)
      supervisor.scheduler.hurryHolds()
      return undefined
    },
    clearFinishedDrops() {
      drops.clearDone()
      return undefined
    },
  }
}

/** What was dropped without a connection is taken all the same, where the bucket is one that was used before. */
function findKnownBucket(state: State, bucketId: string): DropBucket | undefined {
  const last = state.settings.lastDropPlace()?.bucket
  return [...state.folders.list(), ...(last === undefined ? [] : [last])].find((known) => known.bucketId === bucketId)
}

async function askForBucket(ask: Ask, bucketId: string): Promise<DropBucket> {
  const bucket = await ask((b2, call) => b2.findBucketById(bucketId, call))
  if (bucket === undefined) throw new EngineError('bucket_missing', `No bucket ${bucketId}`)
  return bucket
}
