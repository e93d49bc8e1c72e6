/**
 * Buckets, file versions, parts and keys of the one emulated account, kept in a folder.
 *
 * Everything is in memory for reading; each change is one journal record, and opening the folder again replays them.
 */
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { Blobs } from './blobs.ts'
import { newAccountId, newFileId } from './ids.ts'
import { Journal } from './journal.ts'
import type { ApplicationKey, Bucket, Content, FileVersion, Part } from './model.ts'
import { NameIndex } from './name-index.ts'

type Change =
  | { readonly kind: 'account'; readonly accountId: string }
  | { readonly kind: 'bucket'; readonly bucket: Bucket }
  | { readonly kind: 'bucket-removed'; readonly bucketId: string }
  | {
      readonly kind: 'version'
      readonly version: FileVersion
      readonly content?: Content
      /** Of a large file that was finished. */
      readonly parts?: readonly Part[]
    }
  | { readonly kind: 'part'; readonly part: Part; readonly content: Content }
  | { readonly kind: 'version-removed'; readonly fileId: string }
  | { readonly kind: 'key'; readonly key: ApplicationKey }
  | { readonly kind: 'key-removed'; readonly applicationKeyId: string }

/** A version before it has an id and a time. */
export type NewVersion = Omit<FileVersion, 'fileId' | 'uploadTimestamp'>

const NO_ENCRYPTION = { defaultServerSideEncryption: { mode: null, algorithm: null } } as const

type StoredPart = { readonly part: Part; readonly content: Content }

/** The account's contents. One store has one folder; two stores on one folder at a time are not supported. */
export class Store {
  readonly blobs: Blobs
  readonly #journal: Journal<Change>
  readonly #buckets = new Map<string, Bucket>()
  readonly #names = new Map<string, NameIndex>()
  readonly #versions = new Map<string, FileVersion>()
  readonly #contents = new Map<string, Content>()
  /** The parts of each unfinished large file by their numbers. */
  readonly #parts = new Map<string, Map<number, StoredPart>>()
  /** The parts of which each large file was made. */
  readonly #partsOfFinished = new Map<string, readonly Part[]>()
  readonly #keys = new Map<string, ApplicationKey>()
  #accountId = ''

  /**
   * Opens the folder, creating it and an account when there is none yet. Without contents, files are only their names,
   * sizes and hashes.
   */
  constructor(directory: string, isKeepingContents = true) {
    mkdirSync(directory, { recursive: true, mode: 0o700 })
    this.blobs = new Blobs(directory, isKeepingContents)
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

  /** Where a version's bytes are; null when they were not kept, empty for what has none. */
  contentOf(fileId: string): Content {
    return this.#contents.get(fileId) ?? null
  }

  /** The parts of an unfinished large file by rising number; none for any other id. */
  partsOf(fileId: string): readonly Part[] {
    return this.#storedParts(fileId).map(({ part }) => part)
  }

  /** The parts that a large file was made of, in their order; none for any other id. B2 does not tell them any more. */
  partsOfFinished(fileId: string): readonly Part[] {
    return this.#partsOfFinished.get(fileId) ?? []
  }

  /** The unfinished large files of a bucket, the one started first at the beginning. */
  unfinishedOf(bucketId: string): readonly FileVersion[] {
    return [...this.#parts.keys()]
      .flatMap((fileId) => this.#versions.get(fileId) ?? [])
      .filter((version) => version.bucketId === bucketId)
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
    for (const version of this.namesOf(bucketId).all()) this.#removeBlobs(version.fileId)
    this.#record({ kind: 'bucket-removed', bucketId })
  }

  /**
   * Adds a version with a new id and the time `nowMs`, one millisecond later than the newest version of the name at
   * least, so that the last one added is the current one. `place` puts the bytes where the new id wants them.
   */
  addVersion(version: NewVersion, nowMs: number, place: (fileId: string) => Content = () => []): FileVersion {
    const newest = this.namesOf(version.bucketId).versionsOf(version.fileName)[0]
    const uploadTimestamp = Math.max(nowMs, (newest?.uploadTimestamp ?? 0) + 1)
    const fileId = newFileId(version.bucketId, uploadTimestamp, version.action === 'start' ? 'large' : 'small')
    const added = { ...version, fileId, uploadTimestamp }
    this.#record({ kind: 'version', version: added, content: place(fileId) })
    return added
  }

  /** Adds a part to an unfinished large file, in place of the one with its number. */
  putPart(part: Part, content: Content): void {
    const replaced = this.#parts.get(part.fileId)?.get(part.partNumber)
    this.#record({ kind: 'part', part, content })
    this.blobs.remove(replaced?.content ?? null)
  }

  /** Makes an unfinished large file a file of all its parts. No byte is read: the parts' blobs stay where they are. */
  finish(started: FileVersion): FileVersion {
    const stored = this.#storedParts(started.fileId)
    const parts = stored.map(({ part }) => part)
    const contentLength = parts.reduce((sum, part) => sum + part.contentLength, 0)
    const isKept = stored.every(({ content }) => content !== null)
    const content = isKept ? stored.flatMap((each) => each.content ?? []) : null
    const finished: FileVersion = { ...started, action: 'upload', contentLength }
    this.#record({ kind: 'version', version: finished, content, parts })
    return finished
  }

  /** Removes a version, a hide marker, or an unfinished large file with its parts. */
  removeVersion(version: FileVersion): void {
    this.#removeBlobs(version.fileId)
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

  #storedParts(fileId: string): readonly StoredPart[] {
    const parts = this.#parts.get(fileId)?.values() ?? []
    return [...parts].sort((a, b) => a.part.partNumber - b.part.partNumber)
  }

  #removeBlobs(fileId: string): void {
    this.blobs.remove(this.contentOf(fileId))
    for (const { content } of this.#storedParts(fileId)) this.blobs.remove(content)
  }

  #forget(version: FileVersion): void {
    this.#versions.delete(version.fileId)
    this.#contents.delete(version.fileId)
    this.#parts.delete(version.fileId)
    this.#partsOfFinished.delete(version.fileId)
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
        // Records of older data folders say nothing of encryption.
        this.#buckets.set(change.bucket.bucketId, { ...NO_ENCRYPTION, ...change.bucket })
        if (!this.#names.has(change.bucket.bucketId)) this.#names.set(change.bucket.bucketId, new NameIndex())
        break
      case 'bucket-removed':
        for (const version of this.namesOf(change.bucketId).all()) this.#forget(version)
        this.#names.delete(change.bucketId)
        this.#buckets.delete(change.bucketId)
        break
      case 'version':
        this.#applyVersion(change.version, change.content)
        if (change.parts !== undefined) this.#partsOfFinished.set(change.version.fileId, change.parts)
        break
      case 'part':
        this.#parts.get(change.part.fileId)?.set(change.part.partNumber, change)
        break
      case 'version-removed': {
        const version = this.#versions.get(change.fileId)
        if (version === undefined) break
        this.#forget(version)
        this.namesOf(version.bucketId).remove(version)
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

  /** Records of older data folders say no content: the blob has the version's id and all of its bytes. */
  #applyVersion(version: FileVersion, content: Content | undefined): void {
    const { fileId, contentLength } = version
    const names = this.namesOf(version.bucketId)
    if (this.#versions.has(fileId)) names.replace(version)
    else names.add(version)
    this.#versions.set(fileId, version)
    this.#contents.set(fileId, content === undefined ? [{ blob: fileId, start: 0, length: contentLength }] : content)
    if (version.action === 'start') this.#parts.set(fileId, new Map())
    else this.#parts.delete(fileId)
  }
}
