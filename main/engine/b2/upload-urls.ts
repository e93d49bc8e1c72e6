/**
 * Upload URLs that are waiting to be used again, for each bucket and each large file.
 *
 * B2 hands out a URL with its own token for 24 hours; it takes one upload at a time and any number one after another,
 * until one of them fails. So a URL is leased: whoever has it is alone with it, and gives it back only after a success.
 */
import type { UnixMs } from '../../../shared/ids.ts'
import { callB2Once, type Api } from './call.ts'
import { TOKEN_REFRESH_MS } from './limits.ts'
import { UploadUrlAnswer } from './types.ts'

/** What is uploaded to: whole files to a bucket, parts to a large file. */
export type UploadTarget =
  { readonly kind: 'file'; readonly bucketId: string } | { readonly kind: 'part'; readonly fileId: string }

/** An upload URL that belongs to one upload until it is given back; dropping it is how it is discarded. */
export type UploadUrl = {
  readonly target: UploadTarget
  readonly uploadUrl: string
  readonly authorizationToken: string
  readonly since: UnixMs
}

export class UploadUrls {
  readonly #api: Api
  /** By the id of the bucket or the large file. */
  readonly #idle = new Map<string, UploadUrl[]>()

  constructor(api: Api) {
    this.#api = api
  }

  /** Leases an idle URL, or a new one when none is left. Throws what `fetch` throws. */
  async lease(target: UploadTarget, signal?: AbortSignal): Promise<UploadUrl> {
    const idle = this.#idle.get(idOf(target)) ?? []
    const now = this.#api.clock.now()
    // The last one used is the most likely to have a live connection.
    for (let url = idle.pop(); url !== undefined; url = idle.pop()) {
      if (now - url.since < TOKEN_REFRESH_MS) return url
    }
    return this.fetch(target, signal)
  }

  /** Leases a URL that nobody has used: after a failure the idle ones may point to the same pod. Tries once. */
  async fetch(target: UploadTarget, signal?: AbortSignal): Promise<UploadUrl> {
    const { bucketId, ...about } =
      target.kind === 'file'
        ? { operation: 'b2_get_upload_url', bucketId: target.bucketId, body: () => ({ bucketId: target.bucketId }) }
        : { operation: 'b2_get_upload_part_url', bucketId: undefined, body: () => ({ fileId: target.fileId }) }
    const answer = await callB2Once(
      this.#api,
      { ...about, bucketId, needs: ['writeFiles'], answer: UploadUrlAnswer },
      signal,
    )
    return { target, ...answer, since: this.#api.clock.now() }
  }

  /** Gives a URL back after a successful upload. */
  return(url: UploadUrl): void {
    const id = idOf(url.target)
    const idle = this.#idle.get(id)
    if (idle === undefined) this.#idle.set(id, [url])
    else idle.push(url)
  }

  /** Drops the URLs of a large file that takes no further parts. */
  forget(fileId: string): void {
    this.#idle.delete(fileId)
  }
}

function idOf(target: UploadTarget): string {
  return target.kind === 'file' ? target.bucketId : target.fileId
}
