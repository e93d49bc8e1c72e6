/** Tokens handed out to clients. They live in memory: after a restart clients authorize again. */
import { badAuthToken, expiredAuthToken } from './errors.ts'
import { newToken, newUploadSegment } from './ids.ts'
import type { ApplicationKey } from './model.ts'

/** Account and upload tokens live at most 24 hours. */
const TOKEN_LIFE_MS = 24 * 60 * 60 * 1000

type Common = { readonly token: string; readonly applicationKeyId: string; expiresAtMs: number }

/** The right to make calls as a key. */
export type AccountGrant = Common & {
  readonly kind: 'account'
  /** It expires after this many more calls, if not earlier. */
  callsLeft: number
}

/** The right to upload at one URL path: files into a bucket, or parts of one large file of it. */
export type UploadGrant = Common & {
  readonly kind: 'upload'
  readonly bucketId: string
  /** The large file whose parts it takes; null when it takes files. */
  readonly largeFileId: string | null
  readonly path: string
  /** An upload is in flight; B2 takes one at a time. */
  isBusy: boolean
  /** An upload was rejected or cut here; the URL takes no further ones. */
  isSpent: boolean
}

/** The right to download names with a prefix from one bucket. */
export type DownloadGrant = Common & {
  readonly kind: 'download'
  readonly bucketId: string
  readonly fileNamePrefix: string
  /** Response header overrides fixed at minting; a download must ask for the same. */
  readonly overrides: Readonly<Record<string, string>>
}

type Grant = AccountGrant | UploadGrant | DownloadGrant

/** Issues tokens and looks them up again. */
export class Tokens {
  readonly #grants = new Map<string, Grant>()
  readonly #now: () => number

  constructor(now: () => number) {
    this.#now = now
  }

  mintAccount(key: ApplicationKey, callsLeft: number): AccountGrant {
    return this.#add({ kind: 'account', ...this.#common('acct', key, TOKEN_LIFE_MS), callsLeft })
  }

  mintUpload(
    key: ApplicationKey,
    target: Pick<UploadGrant, 'bucketId' | 'largeFileId'>,
    apiVersion: number,
  ): UploadGrant {
    const { bucketId, largeFileId } = target
    const place = largeFileId === null ? `b2_upload_file/${bucketId}` : `b2_upload_part/${largeFileId}`
    return this.#add({
      kind: 'upload',
      ...this.#common('upld', key, TOKEN_LIFE_MS),
      ...target,
      path: `/b2api/v${apiVersion}/${place}/${newUploadSegment()}`,
      isBusy: false,
      isSpent: false,
    })
  }

  mintDownload(
    key: ApplicationKey,
    scope: Pick<DownloadGrant, 'bucketId' | 'fileNamePrefix' | 'overrides'>,
    lifeMs: number,
  ): DownloadGrant {
    return this.#add({ kind: 'download', ...this.#common('dnld', key, lifeMs), ...scope })
  }

  /** The grant of a token, expired or not; undefined for a token that was never issued or whose key is gone. */
  find(token: string): Grant | undefined {
    return this.#grants.get(token)
  }

  /** The live grant of a token, for one call; throws 401 `bad_auth_token` or `expired_auth_token`. */
  get(token: string): Grant {
    const grant = this.find(token)
    if (grant === undefined) throw badAuthToken()
    if (grant.expiresAtMs <= this.#now()) throw expiredAuthToken()
    if (grant.kind === 'account' && grant.callsLeft-- <= 0) throw expiredAuthToken()
    return grant
  }

  /** Ends every token of a key: afterwards they are unknown, not expired. */
  forgetKey(applicationKeyId: string): void {
    for (const grant of this.#grants.values()) {
      if (grant.applicationKeyId === applicationKeyId) this.#grants.delete(grant.token)
    }
  }

  /** Makes every token issued so far, or those of one kind, answer `expired_auth_token`. */
  expire(kind?: Grant['kind']): void {
    for (const grant of this.#grants.values()) {
      if (kind === undefined || grant.kind === kind) grant.expiresAtMs = 0
    }
  }

  /** Makes one token answer `expired_auth_token`; false when there is no such token. */
  expireOne(token: string): boolean {
    const grant = this.find(token)
    if (grant !== undefined) grant.expiresAtMs = 0
    return grant !== undefined
  }

  #common(family: 'acct' | 'upld' | 'dnld', key: ApplicationKey, lifeMs: number): Common {
    return {
      token: newToken(family, key.applicationKeyId),
      applicationKeyId: key.applicationKeyId,
      expiresAtMs: Math.min(this.#now() + lifeMs, key.expirationTimestamp ?? Infinity),
    }
  }

  #add<G extends Grant>(grant: G): G {
    this.#grants.set(grant.token, grant)
    return grant
  }
}
