/** A bucket for commands that need no engine. */
import { EngineError } from '../../shared/errors.ts'
import { UNLIMITED, type Bandwidth } from '../../shared/model/bandwidth.ts'
import { createB2Client, type B2Client } from '../engine/b2/client.ts'
import { systemClock } from '../engine/lib/clock.ts'
import { BandwidthKeeper, machineOffset } from '../engine/sync/bandwidth.ts'
import type { Credentials } from '../engine/sync/connection.ts'
import { PRODUCT_VERSION } from '../product.ts'

export type OpenBucket = { readonly b2: B2Client; readonly bucketId: string }

/**
 * Runs work with a client for a bucket, and closes it. Throws `capability_missing` for a key that lacks one of `needs`,
 * `bucket_missing`, and what the B2 client throws.
 */
export async function withBucket<T>(
  { realm, bucketName, needs, signal, findCredentials, limits = {} }: BucketOptions,
  work: (bucket: OpenBucket) => Promise<T>,
): Promise<T> {
  const userAgent = `Pail/${PRODUCT_VERSION}`
  const credentials = await findCredentials()
  const bandwidth = new BandwidthKeeper({
    // Nothing is remembered here: only what was said for this run counts.
    settings: { bandwidth: () => UNLIMITED, setBandwidth: () => undefined },
    transaction: (step) => step(),
    clock: systemClock,
    thisRun: limits,
    localOffset: machineOffset,
    onChange: () => undefined,
  })
  bandwidth.start()
  const { throttle } = bandwidth
  const b2 = createB2Client({ realm, ...credentials, userAgent, clock: systemClock, random: Math.random, throttle })
  try {
    const [capability] = await b2.missingCapabilities(needs, { signal })
    if (capability !== undefined) throw new EngineError('capability_missing', `The key lacks it`, { capability })
    const bucket = await b2.findBucketByName(bucketName, { signal })
    if (bucket === undefined) throw new EngineError('bucket_missing', `No bucket ${bucketName}`, { bucketName })
    return await work({ b2, bucketId: bucket.bucketId })
  } finally {
    await b2.close()
    await bandwidth.stop()
  }
}

export type BucketOptions = {
  readonly realm: string
  readonly bucketName: string
  readonly needs: readonly string[]
  readonly signal: AbortSignal
  readonly findCredentials: () => Promise<Credentials>
  /** What transfers keep to; no limit for a direction that is absent. */
  readonly limits?: Partial<Bandwidth>
}
