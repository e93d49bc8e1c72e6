/** Sets up what a person would set up in the window: the key into the keychain, a folder into the state. */
import { createKeychainStore } from '../../main/engine/credentials/keychain-store.ts'
import { createEngine } from '../../main/engine/engine.ts'
import { systemClock } from '../../main/engine/lib/clock.ts'
import { silentLogger } from '../../main/engine/lib/logger.ts'
import { PRODUCT_VERSION } from '../../main/product.ts'
import { AbsolutePath } from '../../shared/ids.ts'
import type { Emulator } from '../b2-emulator/emulator.ts'

/** Does it with the engine itself, then lets go of the data folder for the app. */
export async function connectAndAddFolder(demo: {
  readonly emulator: Emulator
  readonly folder: string
  readonly dataFolder: string
  readonly bucketName: string
  readonly prefix: string
}): Promise<void> {
  const { realm, applicationKeyId, applicationKey, buckets } = demo.emulator
  const engine = createEngine({
    dataFolder: AbsolutePath.parse(demo.dataFolder),
    realm,
    version: PRODUCT_VERSION,
    clock: systemClock,
    random: Math.random,
    secrets: createKeychainStore(systemClock),
    logger: silentLogger,
  })
  try {
    await engine.api.connectAccount({ applicationKeyId, applicationKey })
    const bucketId = buckets.find((bucket) => bucket.bucketName === demo.bucketName)?.bucketId ?? ''
    // Paused, so that the app is seen doing the work.
    await engine.api.pause(undefined)
    await engine.api.addFolder({ root: AbsolutePath.parse(demo.folder), bucketId, prefix: demo.prefix })
    await engine.api.resume(undefined)
  } finally {
    await engine.stop()
  }
}

/** Takes every key of the made-up account out of the keychain again, also those that Pail made there. */
export async function forgetKeys({ accountId }: Emulator): Promise<void> {
  const secrets = createKeychainStore(systemClock)
  for (const id of await secrets.list()) {
    if (id.includes(accountId)) await secrets.delete(id)
  }
}
