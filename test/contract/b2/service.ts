/**
 * What the contract is checked on: the emulator always, and the real service when a bucket for it is named by
 * `B2_TEST_APPLICATION_KEY_ID`, `B2_TEST_APPLICATION_KEY` and `B2_TEST_BUCKET` (`B2_TEST_REALM` for another realm).
 *
 * Every test file works below a name prefix of its own and removes all versions, unfinished large files and keys it
 * made there, also after failures, and touches nothing else.
 */
import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, describe, it } from 'vitest'
import { startEmulator } from '../../b2-emulator/emulator.ts'
import { connect, encodeName, send, uploadTo } from './wire.ts'
import type { Client, FileJson, Key, Reply, UploadUrl } from './wire.ts'
import type { OutgoingHttpHeaders } from 'node:http'

const REAL_REALM = 'https://api.backblazeb2.com'

/** A test makes tens of calls, and each takes about a fifth of a second over the internet. */
const TIMEOUT_MS = 180_000

/** B2's integration checklist: take this many upload URLs before an upload counts as failed. */
const UPLOAD_URLS = 5

/** Without these, what a test makes could not be found and removed again. */
const REQUIRED = ['listBuckets', 'listFiles', 'readFiles', 'writeFiles', 'deleteFiles']

/** A B2 to try things on, at one place in one bucket. */
export type B2 = {
  readonly isEmulator: boolean
  readonly realm: string
  readonly key: Key
  readonly client: Client
  readonly bucketId: string
  readonly bucketName: string
  /** All names of this test file begin with it; it ends with a slash. */
  readonly prefix: string
  /** A name nobody uses yet, with this end. */
  newName(end?: string): string
  /** Uploads with an upload URL that is used again by the next call; takes a new one when the server says 5xx. */
  upload(fileName: string, content?: Buffer | string, headers?: OutgoingHttpHeaders): Promise<Reply>
  /** Uploads, and throws unless that worked. */
  store(fileName: string, content?: Buffer | string, headers?: OutgoingHttpHeaders): Promise<FileJson>
  getUploadUrl(): Promise<UploadUrl>
  downloadUrlOf(fileName: string): string
  /** Downloads by name with the account token. */
  download(fileName: string, headers?: OutgoingHttpHeaders): Promise<Reply>
  /** Downloads one version with the account token. */
  downloadById(fileId: string, headers?: OutgoingHttpHeaders): Promise<Reply>
  /** Every version of one name, newest first, as a listing tells. */
  versionsOf(fileName: string): Promise<FileJson[]>
  /** Makes a key that is deleted when the file's tests end; throws when it is refused. */
  createKey(params: object): Promise<Key>
}

type Service = {
  readonly name: string
  readonly isEmulator: boolean
  start(): Promise<Place>
}
type Place = {
  readonly realm: string
  readonly key: Key
  readonly bucketName: string
  readonly stop: () => Promise<void>
}

const emulator: Service = {
  name: 'the emulator',
  isEmulator: true,
  start: async () => {
    const running = await startEmulator({ buckets: [{ bucketName: 'contract-tests' }] })
    return { realm: running.realm, key: running, bucketName: 'contract-tests', stop: () => running.stop() }
  },
}

function realService(): Service | undefined {
  const { B2_TEST_APPLICATION_KEY_ID, B2_TEST_APPLICATION_KEY, B2_TEST_BUCKET, B2_TEST_REALM } = process.env
  const given = [B2_TEST_APPLICATION_KEY_ID, B2_TEST_APPLICATION_KEY, B2_TEST_BUCKET]
  const [applicationKeyId = '', applicationKey = '', bucketName = ''] = given
  if (given.every((each) => (each ?? '') === '')) return undefined
  if (given.some((each) => (each ?? '') === '')) {
    throw new Error(
      'B2_TEST_APPLICATION_KEY_ID, B2_TEST_APPLICATION_KEY and B2_TEST_BUCKET belong together: set all three',
    )
  }
  const realm = B2_TEST_REALM ?? REAL_REALM
  const key = { applicationKeyId, applicationKey }
  return {
    name: 'the real service',
    isEmulator: false,
    start: async () => ({ realm, key, bucketName, stop: async () => {} }),
  }
}

/** Ends the test when the condition holds, and says on the terminal which test was not made and why. */
type Skip = (condition: boolean, reason: string) => void

/** Declares a test that gets the service to try things on. */
type Declare = (sentence: string, body: (b2: B2, skip: Skip) => Promise<void>) => void

/**
 * Declares the tests of one subject, for each service there is. They need these capabilities beyond those that all tests
 * need: with a real key that lacks one they are skipped, each by its name. The emulator's key has all.
 */
export function contract(subject: string, needs: readonly string[], declareTests: (test: Declare) => void): void {
  const services = [emulator, realService()].filter((each) => each !== undefined)
  describe.each(services)(`${subject}, on $name`, (service) => {
    let place: Place | undefined
    let b2: Prepared | undefined
    beforeAll(async () => {
      place = await service.start()
      b2 = await prepare(service, place)
    }, TIMEOUT_MS)
    afterAll(async () => {
      try {
        await b2?.removeEverything()
      } finally {
        await place?.stop()
      }
    }, TIMEOUT_MS)

    declareTests((sentence, body) => {
      it(sentence, { timeout: TIMEOUT_MS }, async (context) => {
        if (b2 === undefined) throw new Error('the service is not ready')
        const { capabilities } = b2.client
        const missing = needs.filter((capability) => !capabilities.includes(capability))
        const skip: Skip = (condition, reason) => {
          if (condition) console.warn(`not checked on ${service.name}: ${subject} ${sentence}: ${reason}`)
          context.skip(condition, reason)
        }
        skip(missing.length > 0, `the key lacks ${missing.join(', ')}`)
        await body(b2, skip)
      })
    })
  })
}

type Prepared = B2 & { removeEverything(): Promise<void> }

async function prepare(service: Service, { realm, key, bucketName }: Place): Promise<Prepared> {
  const client = await connect(realm, key)
  const missing = REQUIRED.filter((capability) => !client.capabilities.includes(capability))
  if (missing.length > 0) throw new Error(`the key cannot be used for these tests: it lacks ${missing.join(', ')}`)
  const bucketId = await findBucket(client, bucketName)
  const prefix = `${client.namePrefix}pail-contract-${Date.now()}-${randomBytes(6).toString('hex')}/`
  const headers = { Authorization: client.token }
  const keys: string[] = []
  let names = 0
  let current: UploadUrl | undefined

  const getUploadUrl = async (): Promise<UploadUrl> => succeed(await client.call('get_upload_url', { bucketId }))
  const upload: B2['upload'] = async (fileName, content = 'content', extra = {}) => {
    for (let attempt = 1; ; attempt++) {
      const url = (current ??= await getUploadUrl())
      const reply = await uploadTo(url, fileName, content, extra)
      // A URL that refused an upload takes no further one.
      if (reply.status !== 200) current = undefined
      if (reply.status < 500 || attempt === UPLOAD_URLS) return reply
    }
  }
  const downloadUrlOf = (fileName: string): string => `${client.downloadUrl}/file/${bucketName}/${encodeName(fileName)}`
  return {
    isEmulator: service.isEmulator,
    realm,
    key,
    client,
    bucketId,
    bucketName,
    prefix,
    newName: (end = '') => `${prefix}${++names}${end}`,
    upload,
    store: async (...args) => succeed(await upload(...args)),
    getUploadUrl,
    downloadUrlOf,
    download: (fileName, extra) => send(downloadUrlOf(fileName), { headers: { ...headers, ...extra } }),
    downloadById: (fileId, extra) => {
      const query = `fileId=${encodeURIComponent(fileId)}`
      const url = `${client.downloadUrl}/b2api/v4/b2_download_file_by_id?${query}`
      return send(url, { headers: { ...headers, ...extra } })
    },
    versionsOf: async (fileName) => {
      const all = await allVersions(client, bucketId, fileName)
      return all.filter((version) => version.fileName === fileName)
    },
    createKey: async (params) => {
      const made = succeed<Key>(await client.call('create_key', { accountId: client.accountId, ...params }))
      keys.push(made.applicationKeyId)
      return made
    },
    removeEverything: async () => {
      for (const { fileName, fileId } of await allVersions(client, bucketId, prefix)) {
        const reply = await client.call('delete_file_version', { fileName, fileId })
        if (reply.json['code'] !== 'file_not_present') succeed(reply)
      }
      // A test may have deleted its key itself.
      for (const applicationKeyId of keys) await client.call('delete_key', { applicationKeyId })
    },
  }
}

async function findBucket(client: Client, bucketName: string): Promise<string> {
  const reply = await client.call('list_buckets', { accountId: client.accountId, bucketName })
  const [bucket] = succeed<{ buckets: { bucketId: string }[] }>(reply).buckets
  if (bucket === undefined) throw new Error(`the account has no bucket named ${bucketName}`)
  return bucket.bucketId
}

async function allVersions(client: Client, bucketId: string, prefix: string): Promise<FileJson[]> {
  const all: FileJson[] = []
  let cursor = {}
  for (;;) {
    const reply = await client.call('list_file_versions', { bucketId, prefix, maxFileCount: 1000, ...cursor })
    const page = succeed<{ files: FileJson[]; nextFileName: string | null; nextFileId: string | null }>(reply)
    all.push(...page.files)
    if (page.nextFileName === null) return all
    cursor = { startFileName: page.nextFileName, startFileId: page.nextFileId }
  }
}

/** The JSON of an answer that must be a success; throws with the answer otherwise. */
export function succeed<T>(reply: Reply): T {
  if (reply.status !== 200) throw new Error(`expected a success, but was ${reply.status}: ${reply.body.toString()}`)
  return reply.json as T
}

/** The files of a listing's answer. */
export function filesOf(reply: Reply): FileJson[] {
  return succeed<{ files: FileJson[] }>(reply).files
}
