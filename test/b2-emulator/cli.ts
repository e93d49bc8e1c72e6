/**
 * The emulator as a program. Prints one JSON line on stdout once it listens and nothing else there; SIGTERM and SIGINT
 * stop it with exit code 0.
 */
import { Command, Option, InvalidArgumentError } from 'commander'
import { startEmulator } from './emulator.ts'
import type { EmulatorOptions } from './emulator.ts'
import type { BucketType } from './model.ts'

type BucketOption = { readonly bucketName: string; readonly bucketType: BucketType }

type Flags = {
  readonly port: number
  readonly bucket: readonly BucketOption[]
  readonly data?: string
  readonly store: 'files' | 'discard'
  readonly latency: number
  readonly partSize?: number
  readonly minimumPartSize?: number
  readonly bandwidth?: number
  readonly rateLimit?: number
  readonly control?: number
  readonly seed?: number
  readonly keyId?: string
  readonly key?: string
}

const program = new Command('emulator')
  .description('A B2 server on this machine, for tests and for trying things out. Listens on 127.0.0.1 only.')
  .option('--port <number>', 'port to listen on; 0 takes a free one', wholeNumber, 0)
  .option('--bucket <name[:public]>', 'a bucket to have; may be given several times', addBucketOption, [])
  .option('--data <folder>', 'where to keep everything; a temporary folder when absent')
  .addOption(
    new Option('--store <what>', 'discard keeps sizes and hashes only, for benchmarks')
      .choices(['files', 'discard'])
      .default('files'),
  )
  .option('--latency <ms>', 'the round trip of the emulated line', wholeNumber, 0)
  .option(
    '--bandwidth <bytes>',
    'bytes a second of each connection, each way, such as 10M; no limit when absent',
    byteCount,
  )
  .option(
    '--rate-limit <requests>',
    'requests a second; what is above is answered 429; no limit when absent',
    someNumber,
  )
  .option('--control <port>', 'also listen here for control by other programs; 0 takes a free port', wholeNumber)
  .option('--seed <number>', 'what everything that happens by chance is drawn from; 1 when absent', wholeNumber)
  .option('--part-size <bytes>', 'the recommended part size; 100000000 when absent', wholeNumber)
  .option('--minimum-part-size <bytes>', 'the least size of every part but the last; 5000000 when absent', wholeNumber)
  .option('--key-id <id>', 'id of the full-access key; made up when absent')
  .option('--key <key>', 'the full-access key; made up when absent')

const flags = program.parse().opts<Flags>()

// Before the start, so that a signal during it is not lost. Only the first one counts.
const asked = new Promise<void>((resolve) => {
  process.on('SIGTERM', resolve)
  process.on('SIGINT', resolve)
})

try {
  const emulator = await startEmulator(optionsOf(flags))
  const { realm, applicationKeyId, applicationKey } = emulator
  const control = emulator.control === null ? {} : { control: emulator.control }
  const buckets = emulator.buckets.map(({ bucketId, bucketName, bucketType }) => ({ bucketId, bucketName, bucketType }))
  process.stdout.write(`${JSON.stringify({ realm, applicationKeyId, applicationKey, buckets, ...control })}\n`)
  await asked
  await emulator.stop()
} catch (error) {
  process.stderr.write(`emulator: ${error instanceof Error ? error.message : String(error)}\n`)
  process.exitCode = 1
}
process.exit()

function optionsOf(given: Flags): EmulatorOptions {
  return {
    port: given.port,
    buckets: given.bucket,
    store: given.store,
    latencyMs: given.latency,
    ...(given.data === undefined ? {} : { dataDirectory: given.data }),
    ...(given.partSize === undefined ? {} : { recommendedPartSize: given.partSize }),
    ...(given.minimumPartSize === undefined ? {} : { absoluteMinimumPartSize: given.minimumPartSize }),
    ...(given.bandwidth === undefined ? {} : { bytesPerSecond: given.bandwidth }),
    ...(given.rateLimit === undefined ? {} : { requestsPerSecond: given.rateLimit }),
    ...(given.control === undefined ? {} : { controlPort: given.control }),
    ...(given.seed === undefined ? {} : { seed: given.seed }),
    ...(given.keyId === undefined ? {} : { applicationKeyId: given.keyId }),
    ...(given.key === undefined ? {} : { applicationKey: given.key }),
  }
}

function addBucketOption(text: string, before: readonly BucketOption[]): readonly BucketOption[] {
  const [bucketName = '', suffix] = text.split(':')
  if (suffix !== undefined && suffix !== 'public') throw new InvalidArgumentError('write NAME or NAME:public')
  return [...before, { bucketName, bucketType: suffix === 'public' ? 'allPublic' : 'allPrivate' }]
}

/** A number of bytes, also in thousands, millions or thousands of millions: 500K, 10M, 1G. */
function byteCount(text: string): number {
  const [, digits, unit = ''] = /^(\d+)([KMG]?)$/i.exec(text) ?? []
  const bytes = Number(digits) * 1000 ** ['', 'K', 'M', 'G'].indexOf(unit.toUpperCase())
  if (!(bytes > 0)) throw new InvalidArgumentError('write a number of bytes such as 500K or 10M')
  return bytes
}

function someNumber(text: string): number {
  const number = wholeNumber(text)
  if (number === 0) throw new InvalidArgumentError('write a number above 0')
  return number
}

function wholeNumber(text: string): number {
  if (!/^\d+$/.test(text)) throw new InvalidArgumentError('write a whole number')
  return Number(text)
}
