/** Finds out what a link to something takes, and writes it into the register; `link-work.ts` makes it true. */
import { EngineError } from '../../../shared/errors.ts'
import { LINK_VALID_SECONDS, type LinkAnswer, type LinkRequest, type LinkTarget } from '../../../shared/model/link.ts'
import type { NewLink, StoredLink } from '../model/link.ts'
import { addressOf, type Address, type LinkBucket } from './address.ts'
import { resolveTarget, type ResolvedTarget } from './link-targets.ts'
import { newShareName } from './link-versions.ts'
import type { LinkWork } from './link-work.ts'
import { longerNamesInRecords } from './link-watch.ts'
import { lookAtName, toSiblings, type NameLook } from './siblings.ts'

/** What was made, or why nothing was. */
export type Made =
  { readonly kind: 'made'; readonly link: StoredLink } | Extract<LinkAnswer, { readonly kind: 'siblings' | 'outside' }>

type Wish = Omit<LinkRequest, 'targets'>

/** Throws what `resolveTarget` and `addressOf` throw, and `link_too_wide`. */
export async function makeLink(target: LinkTarget, wish: Wish, work: LinkWork): Promise<Made> {
  const resolved = await resolveTarget(target, work.sources, work.b2, work.call)
  switch (resolved.kind) {
    case 'file':
      return makeFileLink(resolved, wish, work)
    case 'folder':
      return { kind: 'made', link: await makeFolderLink(resolved, wish, work) }
    case 'outside': {
      const { file, sizeBytes, bucket } = resolved
      if (wish.onOutside === 'ask') return { kind: 'outside', sizeBytes, bucketName: bucket.bucketName }
      const name = await newName(bucket, file, work)
      const what = { bucket, name, shared: file, behind: 'upload', state: 'promised' } as const
      return { kind: 'made', link: add(what, await addressOf(bucket, name, secondsOf(wish), work), wish, work) }
    }
  }
}

async function makeFileLink(
  { bucket, name, folder, path, isComing }: Extract<ResolvedTarget, { readonly kind: 'file' }>,
  wish: Wish,
  work: LinkWork,
): Promise<Made> {
  const { state, b2, call } = work
  // Side by side: a person waits. A token that is not needed opens nothing for anybody who does not have it.
  const plain = addressOf(bucket, name, secondsOf(wish), work)
  plain.catch(() => undefined)
  const look = await lookAtName(b2, bucket.bucketId, name, call)
  if (look.shown === null && !isComing) throw new EngineError('not_found', 'The bucket does not hold this file')
  // In a public bucket every name is open to everybody as it is.
  const coming = bucket.isPublic ? [] : longerNamesInRecords(state, bucket.bucketId, name, 'coming')
  const siblings = bucket.isPublic ? null : toSiblings(look, coming)
  if (siblings !== null && wish.onSiblings === 'ask') return { kind: 'siblings', siblings, sharedName: name }
  const of = { bucket, shared: name, folderId: folder?.folderId ?? null, path }
  if (siblings !== null && wish.onSiblings === 'copy') {
    const copyName = await newName(bucket, name, work)
    const address = await addressOf(bucket, copyName, secondsOf(wish), work)
    return {
      kind: 'made',
      link: add({ ...of, name: copyName, behind: 'copy', state: 'promised' }, address, wish, work),
    }
  }
  const accepted = siblings === null ? null : [...namesOf(look), ...coming]
  const what = { ...of, name, behind: 'original', state: isComing ? 'promised' : 'ready', accepted } as const
  return { kind: 'made', link: add({ ...what, opensToo: siblings }, await plain, wish, work) }
}

function namesOf({ longer }: NameLook): readonly string[] {
  return [...longer.keys()]
}

async function makeFolderLink(
  { bucket, name, folder, path }: Extract<ResolvedTarget, { readonly kind: 'folder' }>,
  wish: Wish,
  work: LinkWork,
): Promise<StoredLink> {
  if (name === '') throw new EngineError('link_too_wide', 'A link to a whole bucket')
  const pageName = await newName(bucket, 'index.html', work)
  const address = await pageAddress(bucket, pageName, secondsOf(wish), work)
  const of = { bucket, shared: name, folderId: folder?.folderId ?? null, path, isFolder: true }
  return add({ ...of, name: pageName, behind: 'index', state: 'promised' }, address, wish, work)
}

/** The type is the page's own: it is shown, and not downloaded as others' pages are. */
function pageAddress(bucket: LinkBucket, name: string, seconds: number, work: LinkWork): Promise<Address> {
  return addressOf(bucket, name, seconds, work, { b2ContentDisposition: 'inline' })
}

/** Throws `link_no_place` where the key may not write what the link needs. */
async function newName({ bucketId }: LinkBucket, sharedName: string, { b2, call }: LinkWork): Promise<string> {
  const { namePrefix, allowedBuckets } = await b2.account(call)
  if (allowedBuckets?.some(({ id }) => id === bucketId) === false) {
    throw new EngineError('link_no_place', 'The key may not write to this bucket')
  }
  const [capability] = await b2.missingCapabilities(['writeFiles'], call)
  if (capability !== undefined) throw new EngineError('capability_missing', 'The key may not write', { capability })
  return newShareName(namePrefix, sharedName)
}

type What = Pick<NewLink, 'name' | 'shared' | 'behind' | 'state'> &
  Partial<Pick<NewLink, 'folderId' | 'path' | 'isFolder' | 'opensToo' | 'accepted'>> & { readonly bucket: LinkBucket }

function add(
  { bucket, ...what }: What,
  { url, expiresAt }: Address,
  wish: Wish,
  { state, clock }: LinkWork,
): StoredLink {
  const { bucketId, bucketName, isPublic } = bucket
  return state.transaction(() =>
    state.links.add({
      folderId: null,
      path: null,
      isFolder: false,
      opensToo: null,
      accepted: null,
      ...what,
      bucketId,
      bucketName,
      isPublic,
      url,
      expiresAt,
      createdAt: clock.now(),
      validSeconds: secondsOf(wish),
      copiedTo: wish.copiedTo,
      isPromised: false,
    }),
  )
}

function secondsOf({ validSeconds }: Wish): number {
  return validSeconds ?? LINK_VALID_SECONDS
}

/** The address of a link that is to go on, and what it opens by then. Throws what `makeLink` throws. */
export async function renewed(
  link: StoredLink,
  validSeconds: number,
  work: LinkWork,
): Promise<Pick<StoredLink, 'state' | 'url' | 'name' | 'expiresAt' | 'validSeconds'>> {
  const bucket: LinkBucket = { ...link, origin: work.sources.originFor(link.bucketId) }
  const isOver = link.state !== 'ready' && link.state !== 'promised'
  // What was made for it is gone, or about to go.
  const isNewName = link.behind !== 'original' && isOver
  const name = isNewName ? await newName(bucket, link.behind === 'index' ? 'index.html' : link.shared, work) : link.name
  const address = await (link.behind === 'index' ? pageAddress : addressOf)(bucket, name, validSeconds, work)
  const state = link.behind === 'index' || isNewName ? 'promised' : link.state === 'promised' ? 'promised' : 'ready'
  return { state, name, validSeconds, ...address }
}
