/**
 * Makes and removes what links need in the bucket: copies, pages, and files that were sent for a link alone.
 *
 * A version is written down before B2 is asked for it, with a mark that only the register and the version have. Removed is
 * nothing but what is written down, by its id; where the answer with the id was lost, the version of exactly that name with
 * exactly that mark.
 */
import { createHash, randomBytes } from 'node:crypto'
import { open } from 'node:fs/promises'
import { EngineError } from '../../../shared/errors.ts'
import { Sha1Hex, type AbsolutePath } from '../../../shared/ids.ts'
import type { CallOptions } from '../b2/call.ts'
import type { B2Client } from '../b2/client.ts'
import { AUTO_TYPE } from '../b2/file-info.ts'
import { MAX_INFO_ENTRIES, MAX_UPLOAD_BYTES } from '../b2/limits.ts'
import type { FileVersion } from '../b2/types.ts'
import type { Clock } from '../lib/clock.ts'
import { LINK_INFO, type LinkVersion, type StoredLink } from '../model/link.ts'
import { ROOT_INFO } from '../model/root.ts'
import { isInSharePlace, sharePlace } from '../model/share-place.ts'
import type { State } from '../state/state.ts'
import { lastPart } from './object-url.ts'

/** B2 copies at most so much in one call, and works on several parts at once. */
const COPY_PART_BYTES = 1_000_000_000
const PARTS_AT_ONCE = 4

/** A copy whose end nobody has heard of may come so much later, ms. */
const UNHEARD_MS = 3_600_000

/** 128 bits in a name: nobody guesses them, and no two are alike. */
function unguessable(): string {
  return randomBytes(16).toString('base64url')
}

/** A new name below the place for links, which ends as the shared name does, so that the receiver sees that. */
export function newShareName(namePrefix: string, sharedName: string): string {
  return `${sharePlace(namePrefix)}${unguessable()}/${lastPart(sharedName)}`
}

export type Making = {
  readonly state: State
  readonly b2: B2Client
  readonly call: CallOptions
  readonly clock: Clock
  readonly link: StoredLink
}

/** Has B2 copy a version to the link's name. Throws what the client throws. */
export async function makeCopy(making: Making, source: FileVersion): Promise<void> {
  const { b2, call, link } = making
  await make(making, async (mark, named) => {
    const { [ROOT_INFO]: _, ...kept } = source.fileInfo
    const { src_last_modified_millis: modified, ...info } = kept
    const others = Object.entries(info).slice(0, MAX_INFO_ENTRIES - 2)
    const replace = {
      srcLastModifiedMillis: Number(modified ?? source.uploadTimestamp) || 0,
      contentType: source.contentType ?? AUTO_TYPE,
      fileInfo: { ...Object.fromEntries(others), [LINK_INFO]: mark },
    }
    const to = { bucketId: link.bucketId, fileName: link.name }
    if (source.contentLength <= MAX_UPLOAD_BYTES) {
      const { fileId } = await b2.copyFile({ ...call, ...to, sourceFileId: source.fileId, replace })
      return fileId
    }
    const begun = await b2.startLargeFile({ ...to, ...replace }, call)
    named(begun.fileId)
    const sha1s = await copyParts(b2, source, begun.fileId, call)
    return (await b2.finishLargeFile({ ...to, fileId: begun.fileId }, sha1s, call)).fileId
  })
}

async function copyParts(
  b2: B2Client,
  { fileId: sourceFileId, contentLength }: FileVersion,
  largeFileId: string,
  call: CallOptions,
): Promise<readonly string[]> {
  const parts = Math.ceil(contentLength / COPY_PART_BYTES)
  const sha1s: string[] = []
  let next = 0
  async function work(): Promise<void> {
    for (let index = next++; index < parts; index = next++) {
      const first = index * COPY_PART_BYTES
      const range = { first, last: Math.min(contentLength, first + COPY_PART_BYTES) - 1 }
      const copied = await b2.copyPart({ ...call, sourceFileId, largeFileId, partNumber: index + 1, range })
      sha1s[index] = copied.contentSha1
    }
  }
  await Promise.all(Array.from({ length: PARTS_AT_ONCE }, work))
  return sha1s
}

/** Stores a page under the link's name. */
export async function makePage(making: Making, html: string): Promise<void> {
  const { b2, call, link, clock } = making
  const content = Buffer.from(html)
  const sha1 = Sha1Hex.parse(createHash('sha1').update(content).digest('hex'))
  await make(making, async (mark) => {
    const { fileId } = await b2.uploadFile({
      ...call,
      bucketId: link.bucketId,
      fileName: link.name,
      srcLastModifiedMillis: clock.now(),
      contentType: PAGE_TYPE,
      fileInfo: { [LINK_INFO]: mark },
      content,
      sha1,
    })
    return fileId
  })
}

const PAGE_TYPE = 'text/html; charset=utf-8'

/** Sends a file of this machine as it is now. Throws `file_unreadable`, `file_too_large`, `file_changed_while_reading`. */
export async function makeUpload(making: Making, path: AbsolutePath): Promise<void> {
  const { b2, call, link } = making
  const file = await open(path, 'r').catch((cause: unknown) => {
    throw new EngineError('file_unreadable', 'The file cannot be opened', {}, { cause })
  })
  try {
    const stats = await file.stat()
    if (!stats.isFile()) throw new EngineError('file_unreadable', 'Not a file')
    await make(making, async (mark) => {
      const { fileId } = await b2.uploadFile({
        ...call,
        bucketId: link.bucketId,
        fileName: link.name,
        srcLastModifiedMillis: stats.mtimeMs,
        fileInfo: { [LINK_INFO]: mark },
        contentLength: stats.size,
        makeBody: () => file.createReadStream({ start: 0, autoClose: false, highWaterMark: 256 * 1024 }),
        beforeTrailer: async () => {
          const now = await file.stat()
          if (now.size === stats.size && now.mtimeMs === stats.mtimeMs) return
          throw new EngineError('file_changed_while_reading', 'The file changed while it was sent')
        },
      })
      return fileId
    })
  } finally {
    await file.close()
  }
}

/** Versions that were made for the link before are removed once this one is there. `named` tells the id of what is only begun. */
async function make(
  { state, clock, link }: Making,
  work: (mark: string, named: (fileId: string) => void) => Promise<string>,
): Promise<void> {
  if (!isInSharePlace(link.name)) throw new Error('Nothing is made for a link outside of its place')
  const before = state.links.listVersions(link.linkId)
  const mark = unguessable()
  const { linkId, bucketId, name: fileName } = link
  const planned = { linkId, bucketId, name: fileName, mark, begunAt: clock.now() }
  const { versionId } = state.transaction(() => state.links.addVersion(planned))
  const name = (fileId: string): void => state.transaction(() => state.links.nameVersion(versionId, fileId))
  try {
    name(await work(mark, name))
  } catch (error) {
    // What came of it, if anything, is found by its mark and removed: it may come from now on.
    state.transaction(() => state.links.unwant(versionId, clock.now()))
    throw error
  }
  state.transaction(() => {
    for (const old of before) state.links.unwant(old.versionId, old.begunAt)
  })
}

/**
 * Removes one version that was made for a link. A key that may not delete hides the name instead: then the address is dead,
 * and the version stays until a key may. `not-yet`: it may still come. Throws what the client throws.
 */
export async function removeVersion(
  { state, b2, call, clock }: Omit<Making, 'link'>,
  version: LinkVersion,
): Promise<'removed' | 'hidden' | 'not-yet'> {
  const { bucketId, name, versionId } = version
  // The register names nothing else, and nothing else is ever deleted.
  if (!isInSharePlace(name)) throw new Error('Not a version that was made for a link')
  const { made, isShown } = await findMade(b2, version, call)
  if (made !== null && made.action === 'start') await b2.cancelLargeFile(made.fileId, call)
  else if (made !== null && (await b2.missingCapabilities(['deleteFiles'], call)).length > 0) {
    if (isShown) await b2.hideFile(bucketId, name, call)
    state.transaction(() => state.links.hideVersion(versionId))
    return 'hidden'
  } else if (made !== null) await b2.deleteFileVersion(name, made.fileId, call)
  // B2 may still be at work on what nobody has heard the end of.
  else if (version.fileId === null && clock.now() - version.begunAt < UNHEARD_MS) return 'not-yet'
  state.transaction(() => state.links.forgetVersion(versionId))
  return 'removed'
}

/** Looks at the very name: only what carries the mark is ours. Null where it is gone, or never came. */
async function findMade(
  b2: B2Client,
  { bucketId, name, mark, fileId }: LinkVersion,
  call: CallOptions,
): Promise<{ readonly made: FileVersion | null; readonly isShown: boolean }> {
  const versions: FileVersion[] = []
  for await (const page of b2.listFileVersions(bucketId, { ...call, prefix: name })) {
    versions.push(...page.filter((version) => version.fileName === name))
  }
  const isOurs = (version: FileVersion): boolean =>
    version.fileInfo[LINK_INFO] === mark && (fileId === null || version.fileId === fileId)
  const made = versions.find(isOurs) ?? null
  const newest = versions.find(({ action }) => action !== 'start')
  return { made, isShown: made !== null && newest?.fileId === made.fileId }
}
