/** Everything that was answered in the set-up, and what follows from it; kept while going back and forth. */
import { useState } from 'react'
import type { Bucket } from '../../../shared/model/account.ts'
import { DEFAULT_FOLDER_SETTINGS, type DeletionPolicy } from '../../../shared/model/folder.ts'
import { keyLimits, type KeyReach } from '../../../shared/model/key.ts'
import type { EngineSnapshot } from '../../../shared/model/snapshot.ts'
import { engine } from '../../client/engine-client.ts'
import { baseName } from '../../../shared/format/path.ts'
import { t } from '../../i18n/texts.ts'
import { refreshSnapshot } from '../../state/engine-store.ts'
import { amountText } from './amount-text.ts'
import { asPolicy, FIRST_DELETION_DRAFT } from './deletion-draft.ts'
import { estimate, lineSpeed } from './estimate.ts'
import { keyAbilities } from './key-abilities.ts'
import { whoHasPlace, wholePlace } from './places.ts'
import { useFolderDrafts } from './use-folder-drafts.ts'
import { useSetupKey, type KeyInUse } from './use-setup-key.ts'

/** `asksAnew`: another key is asked for although one is known. */
export function useSetup(snapshot: EngineSnapshot, asksAnew: boolean) {
  const setupKey = useSetupKey(snapshot, asksAnew)
  const [bucket, setBucket] = useState<Bucket | null>(null)
  const folders = useFolderDrafts()
  const [reach, setReach] = useState<KeyReach>('places')
  const [deletions, setDeletions] = useState(FIRST_DELETION_DRAFT)

  const { inUse } = setupKey
  const keyPrefix = inUse?.account.namePrefix ?? ''
  const { chosen, neighbours, faults } = placeFolders(snapshot, bucket, folders.drafts, keyPrefix)
  const places = chosen.map(({ place }) => place)
  const line = lineSpeed(snapshot)
  const previews = folders.drafts.map(({ preview }) => preview)

  return {
    setupKey,
    bucket,
    setBucket,
    folders,
    keyPrefix,
    /** The places of the folders that are synced already, in the chosen bucket. */
    taken: neighbours.map(({ place }) => place),
    places,
    faults,
    reach,
    setReach,
    deletions,
    setDeletions,
    amount: amountText(estimate(previews, line, storedBytes(snapshot)), line),
    /** How many questions from the first one on are answered. */
    answered: countAnswered(inUse, bucket, faults),
    /** A bucket stays chosen while the key is one for it. */
    keyTaken({ account }: KeyInUse): void {
      const isSameAccount = inUse === null || inUse.account.accountId === account.accountId
      const isAllowed = account.allowedBuckets?.some(({ bucketId }) => bucketId === bucket?.bucketId) ?? true
      if (!isSameAccount || !isAllowed) setBucket(null)
    },
    /** What the key that Pail will make is for, a sentence each; none where it makes none. */
    ownKeyPoints(): readonly string[] {
      if (inUse?.kind !== 'master' || bucket === null) return []
      const deletionPolicy = asPolicy(deletions) ?? { kind: 'hide' as const }
      const settings = { ...DEFAULT_FOLDER_SETTINGS, deletionPolicy }
      const added = places.map((prefix) => ({ bucketId: bucket.bucketId, prefix, settings }))
      const { bucketIds, namePrefix } = keyLimits([...snapshot.folders, ...added], reach)
      const names = new Map([...snapshot.folders, bucket].map(({ bucketId, bucketName }) => [bucketId, bucketName]))
      const buckets = bucketIds.map((bucketId) => names.get(bucketId) ?? bucketId).join(', ')
      return t.setup.deletions.ownKey(buckets, namePrefix)
    },
    /** Adds the folders, and takes a key of Pail's own for them where a master key is in use. Throws what `addFolders` throws. */
    async finish(kind: KeyInUse['kind'], deletionPolicy: DeletionPolicy, confirmation: string): Promise<void> {
      const bucketId = bucket?.bucketId ?? ''
      await engine().addFolders({
        folders: folders.drafts.map(({ root }, index) => ({ root, bucketId, prefix: places[index] ?? '' })),
        deletionPolicy,
        confirmation,
        limitedKey: kind === 'master' ? reach : null,
      })
      await refreshSnapshot()
      if (kind === 'master') setupKey.masterKeyUsed()
    },
  }
}

type Draft = ReturnType<typeof useFolderDrafts>['drafts'][number]

/** Where the chosen folders go, who is there in the bucket already, and what is wrong with each place (null for nothing). */
function placeFolders(snapshot: EngineSnapshot, bucket: Bucket | null, drafts: readonly Draft[], keyPrefix: string) {
  const neighbours = snapshot.folders
    .filter(({ bucketId }) => bucketId === bucket?.bucketId)
    .map(({ root, prefix }) => ({ name: baseName(root), place: prefix }))
  const chosen = drafts.map(({ root, typed }) => ({ name: baseName(root), place: wholePlace(keyPrefix, typed) }))
  const faults = chosen.map(({ place }, index) => {
    const holder = whoHasPlace(place, [...neighbours, ...chosen.filter((_, other) => other !== index)])
    return holder === null ? null : t.setup.folders.placeTaken(holder)
  })
  return { neighbours, chosen, faults }
}

function countAnswered(inUse: KeyInUse | null, bucket: Bucket | null, faults: readonly (string | null)[]): number {
  const isKeyGood = inUse !== null && keyAbilities(inUse.account).kind !== 'unusable'
  const areFoldersGood = faults.length > 0 && faults.every((fault) => fault === null)
  const answers = [isKeyGood, bucket !== null, areFoldersGood]
  const open = answers.indexOf(false)
  return open < 0 ? answers.length : open
}

function storedBytes({ folders }: EngineSnapshot): number {
  return folders.reduce((sum, { syncedBytes }) => sum + syncedBytes, 0)
}
