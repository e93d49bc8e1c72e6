/** Steps of a large file that several tests take. */
import { succeed } from './service.ts'
import type { B2 } from './service.ts'
import { uploadPartTo } from './wire.ts'
import type { FileJson, Reply, UploadUrl } from './wire.ts'

/** B2's minimum of every part but the last, in bytes. */
export const PART_BYTES = 5_000_000

/** B2's integration checklist: take this many upload URLs before an upload counts as failed. */
const UPLOAD_URLS = 5

/** This many bytes that are different for another seed, and different at every place. */
export function bytesOf(length: number, seed: number): Buffer {
  const bytes = Buffer.allocUnsafe(length)
  // A linear congruential generator with the constants of Numerical Recipes: cheap, and not compressible.
  for (let i = 0, state = seed >>> 0; i < length; i++) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    bytes[i] = state >>> 24
  }
  return bytes
}

/** Starts a large file; throws when that is refused. */
export async function startLarge(b2: B2, fileName: string, fileInfo: Record<string, string> = {}): Promise<FileJson> {
  const params = { bucketId: b2.bucketId, fileName, contentType: 'application/octet-stream', fileInfo }
  return succeed(await b2.client.call('start_large_file', params))
}

/** Sends one part with a URL of its own; takes a new one when the server says 5xx. */
export async function sendPart(b2: B2, fileId: string, partNumber: number, content: Buffer | string): Promise<Reply> {
  for (let attempt = 1; ; attempt++) {
    const url = succeed<UploadUrl>(await b2.client.call('get_upload_part_url', { fileId }))
    const reply = await uploadPartTo(url, partNumber, content)
    if (reply.status < 500 || attempt === UPLOAD_URLS) return reply
  }
}

/** Finishes with these SHA-1s in the order of the parts. */
export async function finish(b2: B2, fileId: string, partSha1Array: readonly string[]): Promise<Reply> {
  return b2.client.call('finish_large_file', { fileId, partSha1Array })
}

/** The unfinished large files of one name, as B2 lists them. */
export async function unfinishedOf(b2: B2, fileName: string): Promise<FileJson[]> {
  const params = { bucketId: b2.bucketId, namePrefix: fileName }
  const reply = await b2.client.call('list_unfinished_large_files', params)
  return succeed<{ files: FileJson[] }>(reply).files
}
