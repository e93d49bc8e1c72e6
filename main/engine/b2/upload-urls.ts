/**
 * Upload URLs that are waiting to be used again, per bucket.
 *
 * B2 hands out a URL with its own token for 24 hours; it takes one upload at a time and any number one after another,
 * until one of them fails. So a URL is leased: whoever has it is alone with it, and gives it back only after a success.
 */
import type { UnixMs } from '../../../shared/ids.ts'
import { callB2Once, type Api } from './call.ts'
import { TOKEN_REFRESH_MS } from './limits.ts'
import { UploadUrlAnswer } from './types.ts'

/** An upload URL that belongs to one upload until it is given back; dropping it is how it is discarded. */
export type UploadUrl = {
  readonly bucketId: string
  readonly uploadUrl: string
  readonly authorizationToken: string
  readonly since: UnixMs
}

export class UploadUrls {
  readonly #api: Api
  readonly #idle = new Map<string, UploadUrl[]>()

  constructor(api: Api) {
    this.#api = api
  }

  /** Leases an idle URL, or a new one when none is left. Throws what `fetch` throws. */
  async lease(bucketId: string, signal?: AbortSignal): Promise<UploadUrl> {
    const idle = this.#idle.get(bucketId) ?? []
    const now = this.#api.clock.now()
    // The last one used is the most likely to have a live connection.
    for (let url = idle.pop(); url !== undefined; url = idle.pop()) {
      if (now - url.since < TOKEN_REFRESH_MS) return url
    }
    return this.fetch(bucketId, signal)
  }

  /** Leases a URL that nobody has used: after a failure the idle ones may point to the same pod. Tries once. */
  async fetch(bucketId: string, signal?: AbortSignal): Promise<UploadUrl> {
    const answer = await callB2Once(
      this.#api,
      {
        operation: 'b2_get_upload_url',
        needs: 'writeFiles',
        bucketId,
        body: () => ({ bucketId }),
        answer: UploadUrlAnswer,
      },
      signal,
    )
    return { bucketId, ...answer, since: this.#api.clock.now() }
  }

  /** Gives a URL back after a successful upload. */
  return(url: UploadUrl): void {
    const idle = this.#idle.get(url.bucketId)
    if (idle === undefined) this.#idle.set(url.bucketId, [url])
    else idle.push(url)
  }
}
