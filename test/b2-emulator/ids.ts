/** Ids, keys and tokens in the shapes B2 gives them, so that a client's assumptions about lengths are tested too. */
import { randomBytes, randomInt } from 'node:crypto'

/** The emulated cluster: a three-digit number in key ids, keys and file ids. */
const CLUSTER = '002'

/** 12 hex digits. */
export function newAccountId(): string {
  return randomHex(12)
}

/** 24 hex digits. */
export function newBucketId(): string {
  return randomHex(24)
}

/** 25 characters: cluster, account id, counter. */
export function newKeyId(accountId: string): string {
  return `${CLUSTER}${accountId}${randomHex(10)}`
}

/** 31 characters: `K`, cluster, 27 characters of base64's alphabet. */
export function newApplicationKey(): string {
  return `K${CLUSTER}${randomBytes(21).toString('base64').slice(0, 27)}`
}

/** An opaque token of the given family, such as `acct` or `upld`. */
export function newToken(family: 'acct' | 'upld' | 'dnld', keyId: string): string {
  return `4_${keyId}_${randomHex(8)}_${randomHex(6)}_${family}_${randomBytes(20).toString('base64url')}=`
}

/** The last path segment of an upload URL: cluster, vault and tome of the pod that takes the upload. */
export function newUploadSegment(): string {
  return `c${CLUSTER}_v000${randomInt(1000, 10_000)}_t${randomInt(0, 10_000).toString().padStart(4, '0')}_${randomHex(8)}`
}

/**
 * The id of a file: `_f1` for one stored in one request, `_f2` for a large one. Its last part is the upload timestamp,
 * which `timestampOf` reads back.
 */
export function newFileId(bucketId: string, uploadTimestamp: number, kind: 'small' | 'large'): string {
  const digits = new Date(uploadTimestamp).toISOString().replace(/\D/g, '')
  const day = digits.slice(0, 8)
  const time = digits.slice(8, 14)
  const stamp = uploadTimestamp.toString().padStart(14, '0')
  return `4_z${bucketId}_f${kind === 'small' ? 1 : 2}${randomHex(15)}_d${day}_m${time}_c${CLUSTER}_v0001112_t0011_u${stamp}`
}

/** A name for a blob that begins with `owner` and is never given twice. */
export function newBlobName(owner: string): string {
  return `${owner}_${randomHex(16)}`
}

/** Whether the text has the shape of a file id. */
export function isFileId(text: string): boolean {
  return /^4_z[0-9a-f]{24}_f[12][0-9a-f]{15}_d\d{8}_m\d{6}_c\d{3}_v\d{7}_t\d{4}_u\d{14}$/.test(text)
}

/** The upload timestamp (Unix milliseconds) inside a file id. */
export function timestampOf(fileId: string): number {
  return Number(fileId.slice(fileId.lastIndexOf('_u') + 2))
}

function randomHex(digits: number): string {
  return randomBytes(Math.ceil(digits / 2))
    .toString('hex')
    .slice(0, digits)
}
