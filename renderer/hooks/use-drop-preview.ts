import { useEffect, useState } from 'react'
import type { AbsolutePath } from '../../shared/ids.ts'
import type { DropBucket, DropPreview, OnConflict } from '../../shared/model/drop.ts'
import type { SyncFolder } from '../../shared/model/folder.ts'
import { folderOverAll } from '../../shared/model/key.ts'
import type { EngineSnapshot } from '../../shared/model/snapshot.ts'
import { engine } from '../client/engine-client.ts'
import { attempt } from '../state/actions.ts'
import { useEngineStore } from '../state/engine-store.ts'

/** Where the first files go when nobody has said so yet; below what the key is limited to. */
const FIRST_PLACE = 'shared/'

type Place = { readonly bucketId: string | null; readonly prefix: string; readonly onConflict: OnConflict }

/** How much was dropped, the buckets it can go to, and the place that it went to the last time. */
export function useDropPreview(paths: readonly AbsolutePath[]): {
  readonly preview: DropPreview | null
  readonly buckets: readonly DropBucket[]
  readonly place: Place
  /** The sync folder that has everything the key reaches in a bucket, or undefined. */
  readonly folderOver: (bucketId: string) => SyncFolder | undefined
  /** Whether buckets may still come. */
  readonly isLoading: boolean
} {
  const snapshot = useEngineStore((state) => state.snapshot)
  const [preview, setPreview] = useState<DropPreview | null>(null)
  const [listed, setListed] = useState<readonly DropBucket[] | null>(null)

  useEffect(() => {
    let isGone = false
    void attempt(async () => {
      const counted = await engine().previewDrops({ paths: [...paths] })
      if (!isGone) setPreview(counted)
    })
    const receive = (found: readonly DropBucket[]): void => {
      if (!isGone) setListed(found)
    }
    // Without a connection those that are known have to do.
    engine()
      .listBuckets(undefined)
      .then(receive)
      .catch(() => receive([]))
    return () => {
      isGone = true
    }
  }, [paths])

  const last = preview?.lastPlace ?? null
  return {
    preview,
    buckets: merged(last === null ? [] : [last.bucket], bucketsOf(snapshot), listed ?? []),
    place: {
      bucketId: last?.bucket.bucketId ?? null,
      prefix: last?.prefix ?? `${namePrefixOf(snapshot)}${FIRST_PLACE}`,
      onConflict: last?.onConflict ?? 'keep-both',
    },
    folderOver: (bucketId) => folderOverAll(snapshot?.folders ?? [], bucketId, namePrefixOf(snapshot)),
    isLoading: listed === null,
  }
}

/** Those that are known without asking B2: there may be no connection. */
function bucketsOf(snapshot: EngineSnapshot | null): readonly DropBucket[] {
  return (snapshot?.folders ?? []).map(({ bucketId, bucketName, bucketType }) => ({ bucketId, bucketName, bucketType }))
}

function namePrefixOf(snapshot: EngineSnapshot | null): string {
  return snapshot?.account.kind === 'connected' ? snapshot.account.account.namePrefix : ''
}

/** Each once, those first that are known first. */
function merged(...lists: readonly (readonly DropBucket[])[]): readonly DropBucket[] {
  return [...new Map(lists.flat().map((bucket) => [bucket.bucketId, bucket])).values()]
}
