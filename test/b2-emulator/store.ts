/**
 * Buckets, file versions and keys of the one emulated account, kept in a folder.
 *
 * Everything is in memory for reading; each change is one journal record, and opening the folder again replays them.
 */
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { Blobs } from './blobs.ts'
import { newAccountId, newFileId } from './ids.ts'
import { Journal } from './journal.ts'
import type { ApplicationKey, Bucket, FileVersion } from './model.ts'
import { NameIndex } from './name-index.ts'

type Change =
  | { readonly kind: 'account'; readonly accountId: string }
  | { readonly kind: 'bucket'; readonly bucket: Bucket }
  | { readonly kind: 'bucket-removed'; readonly bucketId: string }
  | { readonly kind: 'version'; readonly version: FileVersion }
  | { readonly kind: 'version-removed'; readonly fileId: string }
  | { readonly kind: 'key'; readonly key: ApplicationKey }
  | { readonly kind: 'key-removed'; readonly applicationKeyId: string }

/** A version before it has an id and a time. */
export type NewVersion = Omit<FileVersion, 'fileId' | 'uploadTimestamp'>

/** The account's contents. One store has one folder; two stores on one folder at a time are not supported. */
export class Store {
  readonly blobs: Blobs
  readonly #journal: Journal<Change>
  readonly #buckets = new Map<string, Bucket>()
  readonly #names = new Map<string, NameIndex>()
  readonly #versions = new Map<string, FileVersion>()
  readonly #keys = new Map<string, ApplicationKey>()
  #accountId = ''

  /** Opens the folder, creating it and an account when there is none yet. */
  constructor(directory: string) {
    mkdirSync(directory, { recursive: true, mode: 0o700 })
    this.blobs = new Blobs(directory)
    this.#journal = new Journal<Change>(join(directory, 'journal.jsonl'), (change) => {
      this.#apply(change)
    })
    if (this.#accountId === '') this.#record({ kind: 'account', accountId: newAccountId() })
  }

  get accountId(): string {
    return this.#accountId
  }

  /** All buckets, sorted by name. */
  get buckets(): readonly Bucket[] {
    return [...this.#buckets.values()].sort((a, b) => (a.bucketName < b.bucketName ? -1 : 1))
  }

  /** All keys, oldest first. */
  get keys(): readonly ApplicationKey[] {
    return [...this.#keys.values()]
  }

  findBucket(bucketId: string): Bucket | undefined {
    return this.#buckets.get(bucketId)
  }

  findBucketByName(bucketName: string): Bucket | undefined {
    return this.buckets.find((bucket) => bucket.bucketName === bucketName)
  }

  findKey(applicationKeyId: string): ApplicationKey | undefined {
    return this.#keys.get(applicationKeyId)
  }

  findVersion(fileId: string): FileVersion | undefined {
    return this.#versions.get(fileId)
  }

  /** The names and versions of a bucket; an empty index for an unknown one. */
  namesOf(bucketId: string): NameIndex {
    return this.#names.get(bucketId) ?? new NameIndex()
  }

  putBucket(bucket: Bucket): void {
    this.#record({ kind: 'bucket', bucket })
  }

  /** Removes a bucket with everything in it. */
  removeBucket(bucketId: string): void {
    for (const version of this.namesOf(bucketId).all()) this.blobs.remove(version.fileId)
    this.#record({ kind: 'bucket-removed', bucketId })
  }

  /**
   * Adds a version with a new id and the time `nowMs`, one millisecond later than the newest version of the name at
   * least, so that the last one added is the current one.
   */
  addVersion(version: NewVersion, nowMs: number, storeContent: (fileId: string) => void = () => {}): FileVersion {
    const newest = this.namesOf(version.bucketId).versionsOf(version.fileName)[0]
    const uploadTimestamp = Math.max(nowMs, (newest?.uploadTimestamp ?? 0) + 1)
    const added = { ...version, fileId: newFileId(version.bucketId, uploadTimestamp), uploadTimestamp }
    storeContent(added.fileId)
    this.#record({ kind: 'version', version: added })
    return added
  }

  removeVersion(version: FileVersion): void {
    this.blobs.remove(version.fileId)
    this.#record({ kind: 'version-removed', fileId: version.fileId })
  }

  putKey(key: ApplicationKey): void {
    this.#record({ kind: 'key', key })
  }

  removeKey(applicationKeyId: string): void {
    this.#record({ kind: 'key-removed', applicationKeyId })
  }

  close(): void {
    this.#journal.close()
  }

  #record(change: Change): void {
    this.#journal.append(change)
    this.#apply(change)
  }

  #apply(change: Change): void {
    switch (change.kind) {
      case 'account':
        this.#accountId = change.accountId
        break
      case 'bucket':
        this.#buckets.set(change.bucket.bucketId, change.bucket)
        if (!this.#names.has(change.bucket.bucketId)) this.#names.set(change.bucket.bucketId, new NameIndex())
        break
      case 'bucket-removed':
        for (const version of this.namesOf(change.bucketId).all()) this.#versions.delete(version.fileId)
        this.#names.delete(change.bucketId)
        this.#buckets.delete(change.bucketId)
        break
      case 'version':
        this.#versions.set(change.version.fileId, change.version)
        this.namesOf(change.version.bucketId).add(change.version)
        break
      case 'version-removed': {
        const version = this.#versions.get(change.fileId)
        this.#versions.delete(change.fileId)
        if (version !== undefined) this.namesOf(version.bucketId).remove(version)
        break
      }
      case 'key':
        this.#keys.set(change.key.applicationKeyId, change.key)
        break
      case 'key-removed':
        this.#keys.delete(change.applicationKeyId)
        break
    }
  }
}
