/** The set-up as the window does it: a key looked at, a master key lent, several folders added at once. */
import { mkdirSync, readdirSync, readFileSync, statSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest'
import { createB2Client } from '../../main/engine/b2/client.ts'
import { createMemoryStore } from '../../main/engine/credentials/memory-store.ts'
import type { SecretStore } from '../../main/engine/credentials/secret-store.ts'
import { createFileLogger } from '../../main/engine/lib/logger.ts'
import { MasterKey } from '../../main/engine/sync/master-key.ts'
import { EngineError } from '../../shared/errors.ts'
import { FolderId, type AbsolutePath } from '../../shared/ids.ts'
import type { DeletionPolicy } from '../../shared/model/folder.ts'
import { USED_CAPABILITIES, type KeyReach } from '../../shared/model/key.ts'
import { FakeClock } from '../support/fake-clock.ts'
import { tempFolder } from '../support/temp-folder.ts'
import { BUCKET, bucketIdOf, openBench, remoteTree, localTree, writeFile, type Bench } from '../support/test-bench.ts'
import { waitFor } from '../support/wait-for.ts'

const HIDE: DeletionPolicy = { kind: 'hide' }

let bench: Bench
let secrets: SecretStore
beforeEach(async () => {
  secrets = createMemoryStore()
  await open({ secrets })
})

async function open(options: Parameters<typeof openBench>[0]): Promise<void> {
  const opened = await openBench(options)
  bench = opened
  onTestFinished(() => opened.close())
  bench.engine.start()
}

const api = () => bench.engine.api
const master = () => ({
  applicationKeyId: bench.emulator.applicationKeyId,
  applicationKey: bench.emulator.applicationKey,
})
const keysOf = (made: Bench) =>
  made.emulator.calls.filter((call) => call.operation === 'create_key' && call.status === 200).length
const refusal = (code: string) => expect.objectContaining({ code }) as Error

function makeRoot(name: string, ...files: readonly string[]): AbsolutePath {
  const root = join(bench.home, name)
  mkdirSync(root, { recursive: true })
  for (const file of files) writeFile(join(root, file), `${name} ${file}`)
  return root as AbsolutePath
}

type Wanted = readonly (readonly [root: AbsolutePath, prefix: string])[]

function addFolders(
  wanted: Wanted,
  limitedKey: KeyReach | null,
  deletionPolicy: DeletionPolicy = HIDE,
  confirmation?: string,
) {
  const bucketId = bucketIdOf(bench.emulator, BUCKET)
  const folders = wanted.map(([root, prefix]) => ({ root, bucketId, prefix }))
  return api().addFolders({ folders, deletionPolicy, confirmation, limitedKey })
}

function connected() {
  const { account } = bench.engine.snapshot()
  return account.kind === 'connected' ? account.account : null
}

async function untilInBucket(root: AbsolutePath, prefix: string): Promise<void> {
  await waitFor('the bucket to hold the folder', () => {
    const remote = remoteTree(bench.emulator, BUCKET, prefix)
    return JSON.stringify(remote) === JSON.stringify(localTree(root))
  })
}

/** Every byte below a folder, by file. */
function everyFile(folder: string): Map<string, Buffer> {
  const paths = readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((name) => join(folder, name))
  return new Map(paths.filter((path) => statSync(path).isFile()).map((path) => [path, readFileSync(path)]))
}

describe('a key that is looked at', () => {
  it('is told with its buckets, its prefix and its end, and kept nowhere', async () => {
    const bucketId = bucketIdOf(bench.emulator, BUCKET)
    const expiresAtMs = Date.now() + 3_600_000
    const key = bench.emulator.createKey({
      capabilities: ['listFiles', 'readFiles'],
      bucketIds: [bucketId],
      namePrefix: 'mine/',
      expiresAtMs,
    })
    expect(await api().checkKey(key)).toMatchObject({
      applicationKeyId: key.applicationKeyId,
      capabilities: ['listFiles', 'readFiles'],
      missingCapabilities: ['writeFiles'],
      allowedBuckets: [{ bucketId, bucketName: BUCKET }],
      namePrefix: 'mine/',
      expiresAt: expiresAtMs,
    })
    expect([bench.engine.snapshot().account, await secrets.list()]).toEqual([{ kind: 'none' }, []])
  })

  it('is refused when B2 does not know it', async () => {
    const wrong = { ...master(), applicationKey: 'K002wrong' }
    await expect(api().checkKey(wrong)).rejects.toEqual(refusal('key_rejected'))
  })
})

describe('a master key', () => {
  it('makes a limited key that syncs, and is found nowhere afterwards', async () => {
    const logs = tempFolder()
    const logger = createFileLogger(logs)
    logger.level = 'trace'
    await open({ secrets, logger })
    const said: string[] = []
    bench.engine.subscribe((snapshot) => said.push(JSON.stringify(snapshot)))
    const root = makeRoot('photos', 'a.jpg', 'deep/b.jpg')

    const seen = await api().holdMasterKey(master())
    const buckets = await api().listBuckets({ key: 'master' })
    expect(await secrets.list()).toEqual([])
    const added = await addFolders([[root, 'photos/']], 'places')
    said.push(JSON.stringify([seen, buckets, added]))
    await expect(api().listBuckets({ key: 'master' })).rejects.toEqual(refusal('master_key_gone'))
    await untilInBucket(root, 'photos/')

    const limited = connected()
    expect(limited).toMatchObject({
      capabilities: [...USED_CAPABILITIES],
      missingCapabilities: [],
      allowedBuckets: [{ bucketId: bucketIdOf(bench.emulator, BUCKET), bucketName: BUCKET }],
      namePrefix: 'photos/',
      expiresAt: null,
    })
    expect(await secrets.list()).toEqual([limited?.applicationKeyId])
    // It works after a restart, too, where it can come from the keychain alone.
    await bench.stopEngine()
    bench.restartEngine()
    writeFile(join(root, 'c.jpg'), 'later')
    await untilInBucket(root, 'photos/')
    logger.info('the last line')
    await bench.stopEngine()
    await waitFor('the log', () => [...everyFile(logs).values()].some((bytes) => bytes.includes('the last line')))

    const { applicationKeyId, applicationKey } = master()
    const basic = Buffer.from(`${applicationKeyId}:${applicationKey}`).toString('base64')
    const stored = await Promise.all((await secrets.list()).map((id) => secrets.get(id)))
    const files = new Map([...everyFile(bench.dataFolder), ...everyFile(logs)])
    for (const secret of [applicationKey, basic.slice(20, -4)]) {
      expect([...files].filter(([, bytes]) => bytes.includes(secret)).map(([path]) => path)).toEqual([])
      expect([...said, ...stored].filter((text) => text?.includes(secret))).toEqual([])
    }
    // Nor is its id: nothing of Pail's own says that it was ever there.
    expect([...files].filter(([, bytes]) => bytes.includes(applicationKeyId)).map(([path]) => path)).toEqual([])
    expect([...files.values()].some((bytes) => bytes.includes(limited?.applicationKeyId ?? '?'))).toBe(true)
  })

  it.each<[DeletionPolicy, readonly string[]]>([
    [{ kind: 'keep' }, []],
    [{ kind: 'hide-then-remove', days: 30 }, ['readBuckets', 'writeBuckets']],
    [{ kind: 'delete' }, ['deleteFiles']],
  ])('makes a key that may do what %j needs', async (policy, extra) => {
    await api().holdMasterKey(master())
    const [folder] = await addFolders([[makeRoot('a'), 'a/']], 'places', policy, BUCKET)
    expect(folder?.settings.deletionPolicy).toEqual(policy)
    expect(connected()?.capabilities).toEqual([...USED_CAPABILITIES, ...extra])
  })

  it('sets the rule for the places alone, and the key that it makes can change it later', async () => {
    await api().holdMasterKey(master())
    const roots = [makeRoot('a'), makeRoot('b')] as const
    const policy: DeletionPolicy = { kind: 'hide-then-remove', days: 30 }
    const [folder] = await addFolders([[roots[0], 'pc/a/'], [roots[1], 'pc/b/']], 'places', policy) // prettier-ignore
    const rules = () => bench.emulator.buckets[0]?.lifecycleRules ?? []
    const rule = (fileNamePrefix: string, daysFromHidingToDeleting: number) => ({
      fileNamePrefix,
      daysFromHidingToDeleting,
    })
    expect(rules()).toMatchObject([rule('pc/a/', 30), rule('pc/b/', 30)])
    expect(connected()?.namePrefix).toBe('pc/')
    if (folder === undefined) throw new Error('no folder')
    await api().updateFolder({
      folderId: FolderId.parse(folder.folderId),
      settings: { deletionPolicy: { kind: 'hide-then-remove', days: 7 } },
    })
    expect(rules()).toMatchObject([rule('pc/b/', 30), rule('pc/a/', 7)])
  })

  it('makes a key for all of the bucket when that is wished', async () => {
    await api().holdMasterKey(master())
    await addFolders([[makeRoot('a'), 'a/']], 'buckets')
    expect(connected()).toMatchObject({ namePrefix: '', allowedBuckets: [{ bucketName: BUCKET }] })
    await addFolders([[makeRoot('b'), 'b/']], null)
    expect(bench.engine.listFolders()).toHaveLength(2)
  })

  it('makes a key for the folders that are synced already, too', async () => {
    const other = bench.emulator.createBucket('pail-others')
    await bench.connect()
    await bench.addFolder(makeRoot('first'), 'first/', other.bucketName)
    await api().holdMasterKey(master())
    await addFolders([[makeRoot('second'), 'second/']], 'places')
    expect(connected()?.allowedBuckets?.map(({ bucketName }) => bucketName)).toEqual(['pail-others', BUCKET])
    expect(await secrets.list()).toEqual([connected()?.applicationKeyId])
    await bench.untilStatus('up-to-date')
  })

  it('takes the place of a key that no longer works, without a new folder', async () => {
    const key = bench.emulator.createKey({ capabilities: USED_CAPABILITIES })
    await bench.connect(key)
    const root = makeRoot('a', 'one')
    await bench.addFolder(root, 'a/')
    await untilInBucket(root, 'a/')
    bench.emulator.revokeKey(key.applicationKeyId)
    writeFile(join(root, 'two'), '2')
    await bench.untilSnapshot('the rejection', ({ problems }) => problems.some(({ code }) => code === 'key_rejected'))
    await api().holdMasterKey(master())
    await addFolders([], 'places')
    await untilInBucket(root, 'a/')
    expect(connected()?.namePrefix).toBe('a/')
  })

  it('makes no key when there is nothing to make it for, or it is not there any more', async () => {
    await expect(addFolders([[makeRoot('a'), 'a/']], 'places')).rejects.toEqual(refusal('master_key_gone'))
    await expect(api().listBuckets({ key: 'master' })).rejects.toEqual(refusal('master_key_gone'))
    await api().holdMasterKey(master())
    await expect(addFolders([], 'places')).rejects.toEqual(refusal('bad_request'))
    await api().forgetMasterKey(undefined)
    await expect(addFolders([[makeRoot('a'), 'a/']], 'places')).rejects.toEqual(refusal('master_key_gone'))
    expect([keysOf(bench), bench.engine.listFolders(), connected()]).toEqual([0, [], null])
  })

  it('makes no key for folders that cannot be added, and may be used for others then', async () => {
    await api().holdMasterKey(master())
    const root = makeRoot('a')
    const twice = addFolders([[root, 'a/'], [makeRoot('a/b'), 'b/']], 'places') // prettier-ignore
    await expect(twice).rejects.toEqual(refusal('folder_overlaps'))
    await expect(addFolders([[root, 'a//b/']], 'places')).rejects.toEqual(refusal('prefix_not_allowed'))
    const deleting = addFolders([[root, 'a/']], 'places', { kind: 'delete' }, 'another-name')
    await expect(deleting).rejects.toEqual(refusal('confirmation_wrong'))
    expect([keysOf(bench), bench.engine.listFolders()]).toEqual([0, []])
    await addFolders([[root, 'a/']], 'places')
    expect(keysOf(bench)).toBe(1)
  })

  it('ends the key that it has made when the keychain does not take it, and may be used again', async () => {
    const locked = new EngineError('keychain_unavailable', 'locked')
    let isLocked = true
    await open({
      secrets: { ...secrets, set: (id, key) => (isLocked ? Promise.reject(locked) : secrets.set(id, key)) },
    })
    const root = makeRoot('a', 'one')
    await api().holdMasterKey(master())
    await expect(addFolders([[root, 'a/']], 'places')).rejects.toEqual(refusal('keychain_unavailable'))
    const ended = bench.emulator.calls.filter((call) => call.operation === 'delete_key' && call.status === 200)
    expect([keysOf(bench), ended.length, bench.engine.listFolders(), connected()]).toEqual([1, 1, [], null])
    isLocked = false
    await addFolders([[root, 'a/']], 'places')
    await untilInBucket(root, 'a/')
  })

  it('is not what an ordinary key is taken for', async () => {
    const key = bench.emulator.createKey({ capabilities: USED_CAPABILITIES })
    await expect(api().holdMasterKey(key)).rejects.toEqual(refusal('capability_missing'))
    await expect(api().listBuckets({ key: 'master' })).rejects.toEqual(refusal('master_key_gone'))
  })

  it('is forgotten after an hour', async () => {
    const clock = new FakeClock()
    const { realm } = bench.emulator
    const held = new MasterKey({
      clock,
      createClient: (key) => createB2Client({ realm, ...key, clock, random: () => 0 }),
    })
    await held.hold(master())
    clock.advance(3_599_000)
    expect((await held.client.listBuckets()).map(({ bucketName }) => bucketName)).toEqual([BUCKET])
    clock.advance(1000)
    await waitFor('it is gone', () => {
      expect(() => held.client).toThrow(refusal('master_key_gone'))
      return true
    })
    expect(clock.sleeping).toBe(0)
  })
})

describe('several folders', () => {
  beforeEach(() => bench.connect())

  it('are added together, and each goes to its place', async () => {
    const wanted = ['one', 'two', 'three'].map((name) => [makeRoot(name, 'file'), `${name}/`] as const)
    await addFolders(wanted, null)
    for (const [root, prefix] of wanted) await untilInBucket(root, prefix)
    expect(keysOf(bench)).toBe(0)
  })

  it('are added all or not at all', async () => {
    const [a, b] = [makeRoot('a'), makeRoot('b')]
    for (const [wanted, code] of [
      [
        [
          [a, 'a/'],
          [b, 'a/b/'],
        ],
        'folder_overlaps',
      ],
      [
        [
          [a, 'a/'],
          [join(bench.home, 'nowhere') as AbsolutePath, 'c/'],
        ],
        'root_missing',
      ],
      [
        [
          [a, 'a/'],
          [b, 'bell\u0007/'],
        ],
        'prefix_not_allowed',
      ],
    ] as const) /* prettier-ignore */ {
      await expect(addFolders(wanted, null)).rejects.toEqual(refusal(code))
    }
    expect(bench.engine.listFolders()).toEqual([])
  })

  it('are not added where the bucket has a rule of its own for their place', async () => {
    const policy: DeletionPolicy = { kind: 'hide-then-remove', days: 30 }
    const root = makeRoot('a')
    const [first] = await addFolders([[root, 'a/']], null, policy)
    await expect(addFolders([[makeRoot('b'), '']], null, policy)).rejects.toEqual(refusal('folder_overlaps'))
    if (first === undefined) throw new Error('no folder')
    await api().removeFolder({ folderId: FolderId.parse(first.folderId) })
    const within = addFolders([[root, 'a/b/']], null, policy)
    await expect(within).rejects.toMatchObject({ code: 'lifecycle_rule_conflict', details: { prefix: 'a/' } })
    expect(bench.engine.listFolders()).toEqual([])
    await addFolders([[root, 'a/b/']], null, HIDE)
  })
})

describe('a folder that is looked at', () => {
  it('is told by its real path, or why it cannot be synced', async () => {
    await bench.connect()
    await addFolders([[makeRoot('synced'), 'synced/']], null)
    const root = makeRoot('plain', 'file')
    symlinkSync(root, join(bench.home, 'link'))
    const check = (path: string, ...besides: AbsolutePath[]) =>
      Promise.resolve().then(() => api().checkFolder({ root: join(bench.home, path) as AbsolutePath, besides }))
    expect([await check('plain'), await check('link')]).toEqual([{ root }, { root }])
    await expect(check('synced')).rejects.toMatchObject({
      code: 'folder_overlaps',
      details: { root: join(bench.home, 'synced') },
    })
    await expect(check('plain', root)).rejects.toMatchObject({ code: 'folder_overlaps', details: { root } })
    await expect(check('.')).rejects.toEqual(refusal('folder_overlaps'))
    await expect(check('data')).rejects.toEqual(refusal('folder_overlaps'))
    for (const path of ['plain/file', 'nowhere']) await expect(check(path)).rejects.toEqual(refusal('root_missing'))
  })

  it('is counted with what its own rules leave out', async () => {
    const root = makeRoot('plain', 'a.txt', 'b.log', 'Thumbs.db')
    writeFile(join(root, '.pailignore'), '*.log')
    expect(await api().previewFolder({ root })).toEqual({
      files: 2,
      bytes: 'plain a.txt'.length + '*.log'.length,
      skipped: expect.toSatisfy((kinds: { source: string; samples: string[] }[]) =>
        kinds.every(({ source, samples }) => samples[0] === (source === 'built-in' ? 'Thumbs.db' : 'b.log')),
      ),
      complete: true,
    })
  })
})

describe('a bucket that is made', () => {
  it('is private and encrypted, where the key may set that', async () => {
    await bench.connect()
    const made = await api().createBucket({ bucketName: 'pail-new-one' })
    expect(made).toMatchObject({ bucketType: 'allPrivate', isEncrypted: true })
    const bucket = bench.emulator.buckets.find(({ bucketName }) => bucketName === 'pail-new-one')
    expect(bucket?.defaultServerSideEncryption).toEqual({ mode: 'SSE-B2', algorithm: 'AES256' })
    expect(await api().listBuckets(undefined)).toEqual(expect.arrayContaining([made]))
  })

  it('says that it is not encrypted, or that nobody may see it', async () => {
    const may = ['listBuckets', 'writeBuckets', 'listFiles', 'writeFiles']
    await bench.connect(bench.emulator.createKey({ capabilities: [...may, 'readBucketEncryption'] }))
    expect(await api().createBucket({ bucketName: 'pail-plain' })).toMatchObject({ isEncrypted: false })
    await bench.connect(bench.emulator.createKey({ capabilities: may }))
    expect(await api().createBucket({ bucketName: 'pail-unknown' })).toMatchObject({ isEncrypted: null })
  })

  it('is made with the master key that is held, before any other key is there', async () => {
    await api().holdMasterKey(master())
    const { bucketId, bucketName } = await api().createBucket({ bucketName: 'pail-of-master', key: 'master' })
    const root = makeRoot('a', 'one')
    const folders = [{ root, bucketId, prefix: 'a/' }]
    await api().addFolders({ folders, deletionPolicy: HIDE, limitedKey: 'places' })
    await waitFor('the file', () => bench.emulator.listVisible(bucketName, 'a/').length === 1)
  })
})
