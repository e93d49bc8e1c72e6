/**
 * Starts the emulator in process.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { CallLog } from './calls.ts'
import { openControl } from './control.ts'
import type { Control } from './control.ts'
import { CursorWatch } from './cursor-watch.ts'
import { Faults } from './faults.ts'
import { handleOf } from './handle.ts'
import type { Emulator } from './handle.ts'
import type { ApplicationKey, BucketType } from './model.ts'
import { addBucket } from './operations/buckets.ts'
import { fullKey } from './operations/keys.ts'
import { seededRandom } from './random.ts'
import { RateLimit } from './rate-limit.ts'
import { EmulatorServer } from './server.ts'
import type { TlsOptions } from './server.ts'
import { Store } from './store.ts'
import { Tokens } from './tokens.ts'
import type { World } from './world.ts'

export type { Emulator } from './handle.ts'

/** The name of the key that `startEmulator` makes and finds again in its data folder. */
const OWN_KEY_NAME = 'emulator'

/** What the real service answers today, in bytes. */
const RECOMMENDED_PART_SIZE = 100_000_000
const ABSOLUTE_MINIMUM_PART_SIZE = 5_000_000
/** B2's documented maximum of `b2_copy_file` and `b2_copy_part`. */
const MAX_COPY_BYTES = 5_000_000_000

/** How an emulator starts. */
export type EmulatorOptions = {
  /** 0, the default, takes a free port. */
  readonly port?: number
  /** The port for other processes to control the emulator, 0 for a free one; there is none by default. */
  readonly controlPort?: number
  /** Where everything is kept. Without one, a temporary folder that `stop` removes. */
  readonly dataDirectory?: string
  /**
   * `files`, the default, keeps what is uploaded. `discard` keeps only its size and SHA-1, for benchmarks: downloads
   * answer 404, and there is no MD5.
   */
  readonly store?: 'files' | 'discard'
  /** Serves https instead of http; `makeCertificate` makes one for 127.0.0.1. */
  readonly tls?: TlsOptions
  /** Buckets to have; those that exist already are kept as they are. */
  readonly buckets?: readonly { readonly bucketName: string; readonly bucketType?: BucketType }[]
  /** The round trip of the emulated line, see `setLatency`; 0 by default. */
  readonly latencyMs?: number
  /** The bandwidth of each connection, see `setBandwidth`; unlimited by default. */
  readonly bytesPerSecond?: number
  /** Requests a second, see `setRateLimit`; unlimited by default. */
  readonly requestsPerSecond?: number
  /** What faults with a share, and everything else that happens by chance, are drawn from; 1 by default. */
  readonly seed?: number
  /** The full-access key; made up when absent. */
  readonly applicationKeyId?: string
  readonly applicationKey?: string
  /** The part size B2 recommends to clients, in bytes; 100,000,000 by default. */
  readonly recommendedPartSize?: number
  /** The least size of every part but the last, in bytes; 5,000,000 by default. */
  readonly absoluteMinimumPartSize?: number
  /** The largest copy in one call, in bytes; 5,000,000,000 by default. */
  readonly maxCopyBytes?: number
  /** Listings that skip this many hidden names end their page early; 10,000 by default. */
  readonly listScanLimit?: number
}

/** Starts an emulator; resolves once it listens. Throws when the port is taken or a bucket name is not allowed. */
export async function startEmulator(options: EmulatorOptions = {}): Promise<Emulator> {
  const isTemporary = options.dataDirectory === undefined
  const directory = options.dataDirectory ?? mkdtempSync(join(tmpdir(), 'b2-emulator-'))
  const store = new Store(directory, options.store !== 'discard')
  const random = seededRandom(options.seed ?? 1)
  const now = (): number => Date.now() + world.clockAheadMs
  const world: World = {
    store,
    tokens: new Tokens(now),
    faults: new Faults(random),
    random,
    now,
    clockAheadMs: 0,
    calls: new CallLog(),
    violations: [],
    cursors: new CursorWatch(),
    listScanLimit: options.listScanLimit ?? 10_000,
    partSizes: {
      recommended: options.recommendedPartSize ?? RECOMMENDED_PART_SIZE,
      absoluteMinimum: options.absoluteMinimumPartSize ?? ABSOLUTE_MINIMUM_PART_SIZE,
    },
    maxCopyBytes: options.maxCopyBytes ?? MAX_COPY_BYTES,
    latencyMs: options.latencyMs ?? 0,
    bytesPerSecond: options.bytesPerSecond ?? Infinity,
    rateLimit: new RateLimit(options.requestsPerSecond ?? Infinity),
    realm: '',
    control: null,
  }
  const server = new EmulatorServer(world, options.tls)
  let control: Control | undefined
  let stopped: Promise<void> | undefined
  const stop = async (): Promise<void> => {
    await control?.close()
    await server.close()
    store.close()
    if (isTemporary) rmSync(directory, { recursive: true, force: true })
  }
  try {
    const key = ownKey(store, options)
    for (const { bucketName, bucketType } of options.buckets ?? []) {
      if (store.findBucketByName(bucketName) === undefined) addBucket(store, bucketName, bucketType)
    }
    await server.listen(options.port ?? 0)
    const emulator = handleOf(world, server, key, () => (stopped ??= stop()))
    if (options.controlPort !== undefined) control = await openControl(emulator, world.calls, options.controlPort)
    world.control = control?.url ?? null
    return emulator
  } catch (error) {
    await stop()
    throw error
  }
}

function ownKey(store: Store, options: EmulatorOptions): ApplicationKey {
  const id = options.applicationKeyId
  const known = store.keys.find(
    (key) => key.keyName === OWN_KEY_NAME && key.applicationKeyId === (id ?? key.applicationKeyId),
  )
  if (known !== undefined && (options.applicationKey ?? known.applicationKey) === known.applicationKey) return known
  const key = {
    ...fullKey(store, OWN_KEY_NAME),
    ...(id === undefined ? {} : { applicationKeyId: id }),
    ...(options.applicationKey === undefined ? {} : { applicationKey: options.applicationKey }),
  }
  store.putKey(key)
  return key
}
