/**
 * The handle of a running emulator, for the tests that started it: looks inside, and misbehaves on purpose.
 */
import type { Call, Violation } from './calls.ts'
import type { Fault } from './faults.ts'
import { runLifecycle } from './lifecycle.ts'
import type { LifecycleRun } from './lifecycle.ts'
import type { ApplicationKey, Bucket, BucketType, FileVersion, Part } from './model.ts'
import { addBucket } from './operations/buckets.ts'
import { fullKey } from './operations/keys.ts'
import type { EmulatorServer } from './server.ts'
import type { World } from './world.ts'

/** What `createKey` takes; a key without restrictions reaches everything. */
type KeyOptions = {
  readonly capabilities: readonly string[]
  readonly bucketIds?: readonly string[]
  readonly namePrefix?: string
  /** Unix milliseconds. */
  readonly expiresAtMs?: number
}

/** One file as a listing shows it, and for a large one what it was made of. */
export type VisibleFile = {
  readonly fileName: string
  readonly sizeBytes: number
  /** 40 hex digits, `unverified:` and 40 hex digits, or `none` for a large file. */
  readonly sha1: string
  readonly fileId: string
  readonly fileInfo: Readonly<Record<string, string>>
  /** The parts of a large file in their order, with hashes of the bytes that came; absent for others. */
  readonly parts?: readonly { readonly sizeBytes: number; readonly sha1: string }[]
}

/** A running emulator. Operations are named without `b2_`: `upload_file`, `download_file_by_name`. */
export type Emulator = {
  /** `http://127.0.0.1:PORT`, or `https:` with a certificate: what clients authorize at. */
  readonly realm: string
  /** Where the control port listens; null without one. */
  readonly control: string | null
  readonly applicationKeyId: string
  readonly applicationKey: string
  readonly accountId: string
  /** The buckets there are at this moment, by name. */
  readonly buckets: readonly Bucket[]
  /**
   * Every finished call since the start or `clearCalls`, in the order of their ends; of more than 200,000 the newest, at
   * least 100,000.
   */
  readonly calls: readonly Call[]
  /** What clients did that B2 forbids, since the start or `clearCalls`. */
  readonly violations: readonly Violation[]
  /** How many calls have arrived and are not answered yet. */
  readonly inFlight: number
  /** How many connections there are; when none is left, all that was ever sent has been heard. */
  readonly connections: number
  clearCalls(): void

  createBucket(bucketName: string, bucketType?: BucketType): Bucket
  /** Removes a bucket with everything in it; throws when there is none of that name. */
  deleteBucket(bucketName: string): void
  createKey(options: KeyOptions): ApplicationKey
  /** Deletes a key: its tokens and upload URLs answer 401 `bad_auth_token` from then on. */
  revokeKey(applicationKeyId: string): void

  /** Moves the emulator's clock forward: tokens and keys run out, versions get older. */
  advanceClock(ms: number): void
  /** Applies the lifecycle rules of every bucket once, as B2 does about once a day. */
  runLifecycle(): LifecycleRun

  /** Makes every token issued so far answer 401 `expired_auth_token`; or only those of one kind. */
  expireTokens(kind?: 'account' | 'upload' | 'download'): void
  /**
   * Makes the next calls of an operation fail, or of any operation for `*`. Faults add up: a call meets one at most, the
   * one added first of those that are due.
   */
  failNext(operation: string, fault: Fault): void
  /** How many of the faults still wait for calls to meet. */
  readonly waitingFaults: number
  /** Forgets every fault that has not met its calls yet. */
  clearFaults(): void
  /**
   * A round trip: every call takes this much longer, and the first one on a connection twice as much. An upload waits
   * after its last byte, and is dropped if its client leaves meanwhile.
   */
  setLatency(latencyMs: number): void
  /**
   * How many bytes a second each connection carries, each way; undefined for no limit. Counts bodies and the heads of
   * requests. What a client has handed to the system is on its way: its own buffers come on top, as on a real line.
   */
  setBandwidth(bytesPerSecond: number | undefined): void
  /**
   * How many requests the account may make in any second; undefined for no limit. Those above it are answered 429 with
   * `Retry-After: 1`, uploads before they are read.
   */
  setRateLimit(requestsPerSecond: number | undefined): void
  /** False cuts all connections and refuses new ones, true listens again on the same port. Waits until it is so. */
  setReachable(isReachable: boolean): Promise<void>

  /** The current files of a bucket in B2's order; throws for an unknown bucket. */
  listVisible(bucketName: string, prefix?: string): readonly VisibleFile[]
  /** The content of a current file; throws when there is none. */
  readFile(bucketName: string, fileName: string): Promise<Buffer>
  /** The SHA-1 of the bytes that a version really has, also of a large file, whose record says `none`. */
  sha1Of(version: Pick<FileVersion, 'fileId' | 'contentSha1'>): string
  /** Every version, hide marker and unfinished large file of a bucket: names in order, newest first. */
  fileVersions(bucketName: string): readonly FileVersion[]
  /** The unfinished large files of a bucket, the one started first at the beginning. */
  unfinishedLargeFiles(bucketName: string): readonly FileVersion[]
  /** The parts of an unfinished large file by number; none for any other id. */
  parts(fileId: string): readonly Part[]

  /** Cuts all connections, closes the data folder, and removes it if it was temporary. Safe to call twice. */
  stop(): Promise<void>
}

/** The handle of what runs in `world`. `own` is the key it offers to clients, `stop` ends everything. */
export function handleOf(
  world: World,
  server: EmulatorServer,
  own: ApplicationKey,
  stop: () => Promise<void>,
): Emulator {
  const { store } = world
  const sha1s = new Map<string, string>()
  const bucketNamed = (bucketName: string): Bucket => {
    const bucket = store.findBucketByName(bucketName)
    if (bucket === undefined) throw new Error(`the emulator has no bucket named ${bucketName}`)
    return bucket
  }
  const visible = function* (bucketName: string): Generator<FileVersion> {
    const view = store.namesOf(bucketNamed(bucketName).bucketId).view()
    for (const name of view.names) {
      const version = view.currentOf(name)
      if (version?.action === 'upload') yield version
    }
  }
  return {
    realm: world.realm,
    get control() {
      return world.control
    },
    applicationKeyId: own.applicationKeyId,
    applicationKey: own.applicationKey,
    accountId: store.accountId,
    get buckets() {
      return store.buckets
    },
    calls: world.calls.kept,
    violations: world.violations,
    get inFlight() {
      return server.inFlight
    },
    get connections() {
      return server.connections
    },
    clearCalls: () => {
      world.calls.clear()
      world.violations.length = 0
    },
    createBucket: (bucketName, bucketType) => addBucket(store, bucketName, bucketType),
    deleteBucket: (bucketName) => {
      store.removeBucket(bucketNamed(bucketName).bucketId)
    },
    createKey: ({ capabilities, bucketIds, namePrefix, expiresAtMs }) => {
      const key = {
        ...fullKey(store, 'made-by-test'),
        capabilities,
        bucketIds: bucketIds ?? null,
        namePrefix: namePrefix ?? null,
        expirationTimestamp: expiresAtMs ?? null,
      }
      store.putKey(key)
      return key
    },
    revokeKey: (applicationKeyId) => {
      store.removeKey(applicationKeyId)
      world.tokens.forgetKey(applicationKeyId)
    },
    advanceClock: (ms) => {
      world.clockAheadMs += ms
    },
    runLifecycle: () => runLifecycle(store, world.now()),
    expireTokens: (kind) => {
      world.tokens.expire(kind)
    },
    failNext: (operation, fault) => {
      world.faults.add(operation, fault)
    },
    get waitingFaults() {
      return world.faults.waiting
    },
    clearFaults: () => {
      world.faults.clear()
    },
    setLatency: (latencyMs) => {
      world.latencyMs = latencyMs
    },
    setBandwidth: (bytesPerSecond = Infinity) => {
      world.bytesPerSecond = bytesPerSecond
    },
    setRateLimit: (requestsPerSecond = Infinity) => {
      world.rateLimit.set(requestsPerSecond)
    },
    setReachable: (isReachable) => (isReachable ? server.listen(0) : server.close()),
    listVisible: (bucketName, prefix = '') =>
      [...visible(bucketName)]
        .filter((version) => version.fileName.startsWith(prefix))
        .map(({ fileName, contentLength, contentSha1, fileId, fileInfo }) => {
          const parts = store.partsOfFinished(fileId).map((part) => ({
            sizeBytes: part.contentLength,
            sha1: part.contentSha1.replace('unverified:', ''),
          }))
          const file = { fileName, sizeBytes: contentLength, sha1: contentSha1, fileId, fileInfo }
          return parts.length === 0 ? file : { ...file, parts }
        }),
    readFile: async (bucketName, fileName) => {
      const version = store.namesOf(bucketNamed(bucketName).bucketId).currentOf(fileName)
      if (version?.action !== 'upload') throw new Error(`the emulator has no file ${fileName} in ${bucketName}`)
      const content = store.contentOf(version.fileId)
      if (content === null) throw new Error(`the emulator did not keep the content of ${fileName}`)
      return store.blobs.readAll(content)
    },
    sha1Of: ({ fileId, contentSha1 }) => {
      if (contentSha1 !== 'none') return contentSha1
      const sha1 = sha1s.get(fileId) ?? store.blobs.sha1(store.contentOf(fileId) ?? [])
      sha1s.set(fileId, sha1)
      return sha1
    },
    fileVersions: (bucketName) => [...store.namesOf(bucketNamed(bucketName).bucketId).all()],
    unfinishedLargeFiles: (bucketName) => store.unfinishedOf(bucketNamed(bucketName).bucketId),
    parts: (fileId) => store.partsOf(fileId),
    stop,
  }
}
