/**
 * What changes behind a link to the file itself without anybody touching the link: names that come later and begin like
 * it, which it opens too, so a person is told; and the file that goes, with which it opens nothing.
 *
 * What Pail sends, hides and lists is in the records, which cost nothing to look at and are a reason to ask; what others do
 * is asked for now and then.
 */
import type { CallOptions } from '../b2/call.ts'
import type { B2Client } from '../b2/client.ts'
import type { Clock } from '../lib/clock.ts'
import { isInSharePlace } from '../model/share-place.ts'
import type { StoredLink } from '../model/link.ts'
import type { State } from '../state/state.ts'
import { lookAtName, toSiblings } from './siblings.ts'

/** How old an answer may be for which nothing else gives a reason to ask again, ms. */
export const ASK_EVERY_MS = 6 * 3_600_000

/**
 * Asked in that time without a reason, for all links together. B2 gives 2,500 such calls a day; what sync folders hold is in
 * the records once a day besides, however many links there are.
 */
export const MOST_ASKED = 100

/** Links whose tokens open longer names: those to the file itself in a private bucket. */
export function canOpenMore({ behind, isPublic, state }: StoredLink): boolean {
  return behind === 'original' && !isPublic && (state === 'ready' || state === 'promised')
}

/** Names that begin with this one and are longer, as far as the records of a bucket's folders know them. */
export function longerNamesInRecords(
  state: State,
  bucketId: string,
  name: string,
  where: 'remote' | 'coming',
): readonly string[] {
  return state.folders
    .list()
    .filter((folder) => folder.bucketId === bucketId)
    .flatMap(({ folderId, prefix }) => {
      if (!name.startsWith(prefix) && !prefix.startsWith(name)) return []
      const start = name.slice(prefix.length)
      return state.links.listPathsBeginning(folderId, start, where).map((path) => `${prefix}${path}`)
    })
    .filter((longer) => longer !== name && longer.startsWith(name) && !isInSharePlace(longer))
}

/**
 * What the records know of a link that is not known of it, as one text; empty for nothing. The records may be a day old, so
 * they are a reason to ask the bucket, and nothing more.
 */
export function newsInRecords(state: State, link: StoredLink): string {
  return [isOtherwise(state, link) ? (link.goneSince === null ? 'gone' : 'back') : '', newNames(state, link)]
    .filter((news) => news !== '')
    .join('\n')
}

/** Whether the records say that the file of a working link is gone, or is back, and that is not known of it. */
function isOtherwise(state: State, { state: how, behind, folderId, path, goneSince }: StoredLink): boolean {
  if (how !== 'ready' || behind !== 'original' || folderId === null || path === null) return false
  return (state.remote.find(folderId, path) === undefined) === (goneSince === null)
}

function newNames(state: State, link: StoredLink): string {
  if (!canOpenMore(link) || link.opensTooSince !== null) return ''
  const names = longerNamesInRecords(state, link.bucketId, link.name, 'remote')
  return names.filter((name) => link.accepted?.includes(name) !== true).join('\n')
}

/** Asks the bucket; true where something is to be told, or no longer. Throws what the client throws. */
export async function noteFromBucket(
  state: State,
  link: StoredLink,
  { b2, call, clock }: { readonly b2: B2Client; readonly call: CallOptions; readonly clock: Clock },
): Promise<boolean> {
  const { linkId, bucketId, name, accepted, opensToo, opensTooSince } = link
  const { shown, longer, isMore } = await lookAtName(b2, bucketId, name, call)
  // In a public bucket every name is open as it is.
  const others = canOpenMore(link) ? [...longer] : []
  const unknown = new Map(others.filter(([longerName, how]) => how === 'shown' && !accepted?.includes(longerName)))
  const now = clock.now()
  const isNew = unknown.size > 0
  const since = isNew ? (opensTooSince ?? now) : null
  // What a person has accepted is still said of the link.
  const siblings = isNew ? toSiblings({ longer: unknown, isMore }) : accepted === null ? null : opensToo
  // What is promised is not there yet.
  const goneSince = shown === null && link.state === 'ready' ? (link.goneSince ?? now) : null
  state.transaction(() => {
    state.links.setOpensToo(linkId, siblings, since, now)
    state.links.setGone(linkId, goneSince)
  })
  return since !== opensTooSince || goneSince !== link.goneSince
}
