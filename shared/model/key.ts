/** What keys may do: what Pail needs of one, and what a key that Pail makes for itself is limited to. */
import { z } from 'zod'
import { assertNever } from '../assert-never.ts'
import type { AccountSummary } from './account.ts'
import type { DeletionPolicy, SyncFolder } from './folder.ts'

/** Every capability that Pail has a use for, whatever becomes of deleted files. */
export const USED_CAPABILITIES = ['listBuckets', 'listFiles', 'readFiles', 'writeFiles', 'shareFiles'] as const

/** What a policy for deleted files needs besides: to set the bucket's lifecycle rule, or to delete versions. */
export function policyCapabilities({ kind }: DeletionPolicy): readonly string[] {
  switch (kind) {
    case 'keep':
    case 'hide':
      return []
    case 'hide-then-remove':
      return ['readBuckets', 'writeBuckets']
    case 'delete':
      return ['deleteFiles']
    default:
      return assertNever(kind)
  }
}

/** True for a key that reaches everything and can make other keys: too much to be kept, and enough to make a limited one. */
export function isMasterKey({ capabilities, allowedBuckets, namePrefix }: AccountSummary): boolean {
  return capabilities.includes('writeKeys') && allowedBuckets === null && namePrefix === ''
}

/** What a key that Pail makes reaches: the places of its folders alone, or all of the buckets that those are in. */
export const KeyReach = z.enum(['places', 'buckets'])
export type KeyReach = z.infer<typeof KeyReach>

export type KeyLimits = {
  readonly capabilities: readonly string[]
  readonly bucketIds: readonly string[]
  /** Names start with this; empty for all. */
  readonly namePrefix: string
}

/** The least that a key for these folders needs. A key has one prefix: of several places what they have in common. */
export function keyLimits(
  folders: readonly Pick<SyncFolder, 'bucketId' | 'prefix' | 'settings'>[],
  reach: KeyReach,
): KeyLimits {
  const extra = folders.flatMap(({ settings }) => policyCapabilities(settings.deletionPolicy))
  return {
    capabilities: [...new Set([...USED_CAPABILITIES, ...extra])],
    bucketIds: [...new Set(folders.map(({ bucketId }) => bucketId))],
    namePrefix: reach === 'places' ? commonPlace(folders.map(({ prefix }) => prefix)) : '',
  }
}

/** The deepest folder in a bucket that holds all of the places; empty for the bucket's top. */
function commonPlace(places: readonly string[]): string {
  const [first = '', ...others] = places
  let length = first.length
  for (const place of others) {
    let shared = 0
    while (shared < length && place[shared] === first[shared]) shared += 1
    length = shared
  }
  return first.slice(0, first.lastIndexOf('/', length - 1) + 1)
}

/** True when two places in one bucket share names: one is the other, or lies within it. */
export function placesMeet(a: string, b: string): boolean {
  return a.startsWith(b) || b.startsWith(a)
}

/**
 * The sync folder whose place holds everything of a bucket that a key reaches, so that nothing can go beside it; undefined
 * where there is room.
 */
export function folderOverAll<Folder extends Pick<SyncFolder, 'bucketId' | 'prefix'>>(
  folders: readonly Folder[],
  bucketId: string,
  namePrefix: string,
): Folder | undefined {
  return folders.find((folder) => folder.bucketId === bucketId && namePrefix.startsWith(folder.prefix))
}
