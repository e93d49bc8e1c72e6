import { mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest'
import { connect } from '../../../test/b2-emulator/test-client.ts'
import { BUCKET, bucketIdOf, openBench, writeFile, type Bench } from '../../../test/support/test-bench.ts'
import type { DeletionPolicy, FolderSettingsChange } from '../../../shared/model/folder.ts'
import type { AbsolutePath } from '../../../shared/ids.ts'

const OTHER = 'pail-others'

let bench: Bench

beforeEach(async () => {
  bench = await openBench({ prefix: 'p/' })
  onTestFinished(() => bench.close())
  bench.emulator.createBucket(OTHER)
  await bench.connect()
  bench.engine.start()
})

const api = () => bench.engine.api
const folders = () => bench.engine.listFolders().map(({ root, prefix }) => [root, prefix])
const refusal = (code: string) => expect.objectContaining({ code }) as Error
const settings = () => bench.engine.listFolders()[0]?.settings
const verbs = async () => (await api().listActivity({ limit: 20 })).map(({ verb }) => verb)
const update = (change: FolderSettingsChange, confirmation?: string) =>
  api().updateFolder({ folderId: bench.folderId, settings: change, confirmation })
const setPolicy = (deletionPolicy: DeletionPolicy, confirmation?: string) => update({ deletionPolicy }, confirmation)
function makeRoot(path: string): AbsolutePath {
  const root = join(bench.home, path)
  mkdirSync(root, { recursive: true })
  return root as AbsolutePath
}

describe('a folder that is added', () => {
  it.each<[string, string, string, string, string | null]>([
    ['is the root of another', 'root', 'q/', BUCKET, 'folder_overlaps'],
    ['lies within another', 'root/sub', 'q/', BUCKET, 'folder_overlaps'],
    ['has another within', '', 'q/', BUCKET, 'folder_overlaps'],
    ['only begins with the same letters', 'root-of-another', 'q/', BUCKET, null],
    ['has the prefix of another', 'new', 'p/', BUCKET, 'folder_overlaps'],
    ['has a prefix within that of another', 'new', 'p/sub/', BUCKET, 'folder_overlaps'],
    ['has a prefix that the other one is within', 'new', '', BUCKET, 'folder_overlaps'],
    ['has a prefix that only begins with the same letters', 'new', 'p-of-another/', BUCKET, null],
    ['has the same prefix in another bucket', 'new', 'p/', OTHER, null],
    ['lies within Pail’s own data', 'data/sub', 'q/', BUCKET, 'folder_overlaps'],
    ['is Pail’s own data', 'data', 'q/', BUCKET, 'folder_overlaps'],
    ['has a prefix that B2 does not take', 'new', 'a//b/', BUCKET, 'prefix_not_allowed'],
    ['has a prefix that leaves no room for names', 'new', `${'x'.repeat(1030)}/`, BUCKET, 'prefix_not_allowed'],
  ])('and %s', async (_, path, prefix, bucketName, code) => {
    await bench.addFolder()
    const before = folders()
    const root = makeRoot(path)
    const adding = api().addFolder({ root, bucketId: bucketIdOf(bench.emulator, bucketName), prefix })
    if (code === null) {
      await adding
      expect(folders()).toEqual([...before, [root, prefix]])
    } else {
      await expect(adding).rejects.toEqual(refusal(code))
      expect(folders()).toEqual(before)
    }
  })
})

describe('changes at the same time', () => {
  const asksB2 = { deletionPolicy: { kind: 'hide-then-remove', days: 7 } } as const

  it('add only one of two folders for the same place', async () => {
    const bucketId = bucketIdOf(bench.emulator, BUCKET)
    const add = (path: string) => api().addFolder({ root: makeRoot(path), bucketId, prefix: 'same/', settings: asksB2 })
    const [first, second] = await Promise.allSettled([add('one'), add('two')])
    expect(first.status).toBe('fulfilled')
    expect(second).toMatchObject({ status: 'rejected', reason: refusal('folder_overlaps') })
    expect(folders()).toHaveLength(1)
  })

  it('forget none of two settings', async () => {
    await bench.addFolder()
    await Promise.all([update(asksB2), update({ gateFiles: 7 })])
    expect(settings()).toMatchObject({ ...asksB2, gateFiles: 7 })
    await bench.engine.stop()
  })
})

describe('a folder that is removed', () => {
  it('leaves everything where it is, on both sides, and may be added again', async () => {
    bench.write('a', 'a')
    await bench.addFolder()
    await bench.untilInSync()
    await api().pause({ folderId: bench.folderId })
    await api().removeFolder({ folderId: bench.folderId })
    await api().removeFolder({ folderId: bench.folderId })
    expect([folders(), Object.keys(bench.remote()), readdirSync(bench.root).includes('a')]).toEqual([[], ['a'], true])
    expect((await verbs()).filter((verb) => verb === 'folder-removed')).toHaveLength(1)
    await bench.addFolder()
    await bench.untilInSync()
    expect([bench.uploads(), bench.hides()]).toEqual([['p/a'], []])
  })
})

describe('the policy for what is deleted', () => {
  beforeEach(() => bench.addFolder())

  it('deletes every version only when the bucket’s name is typed', async () => {
    for (const confirmation of [undefined, '', `${BUCKET} `, OTHER]) {
      await expect(setPolicy({ kind: 'delete' }, confirmation)).rejects.toEqual(refusal('confirmation_wrong'))
    }
    expect(settings()?.deletionPolicy).toEqual({ kind: 'hide' })
    const added = bench.engine.api.addFolder({
      root: makeRoot('new'),
      bucketId: bucketIdOf(bench.emulator, OTHER),
      prefix: 'q/',
      settings: { deletionPolicy: { kind: 'delete' } },
    })
    await expect(added).rejects.toEqual(refusal('confirmation_wrong'))
    await setPolicy({ kind: 'delete' }, BUCKET)
    expect(settings()?.deletionPolicy).toEqual({ kind: 'delete' })
    // What else is changed needs no word about it.
    await update({ gateFiles: 7 })
    expect(settings()).toMatchObject({ gateFiles: 7, deletionPolicy: { kind: 'delete' } })
  })

  it('is in force at once, outlives a restart, and leaves the other settings alone', async () => {
    await update({ ignoreRules: '*.tmp', gatePercent: 10 })
    await setPolicy({ kind: 'keep' })
    const wanted = { ignoreRules: '*.tmp', gatePercent: 10, gateFiles: 50, deletionPolicy: { kind: 'keep' } }
    expect(settings()).toMatchObject(wanted)
    await bench.stopEngine()
    bench.restartEngine()
    expect(settings()).toMatchObject(wanted)
    expect((await verbs()).filter((verb) => verb === 'folder-changed')).toHaveLength(2)
  })
})

describe('the lifecycle rule', () => {
  type Rule = Record<string, string | number | null>
  const rules = (): readonly Rule[] => {
    const bucket = bench.emulator.buckets.find(({ bucketName }) => bucketName === BUCKET)
    return (bucket?.lifecycleRules ?? []).map((rule) =>
      Object.fromEntries(Object.entries(rule).filter(([, value]) => value !== null)),
    )
  }
  async function setRules(...lifecycleRules: readonly Rule[]): Promise<void> {
    const client = await connect(bench.emulator)
    const bucketId = bucketIdOf(bench.emulator, BUCKET)
    const { status } = await client.call('update_bucket', { accountId: client.accountId, bucketId, lifecycleRules })
    expect(status).toBe(200)
    bench.emulator.clearCalls()
  }
  const calls = () => bench.emulator.calls.filter(({ operation }) => operation === 'update_bucket').length
  const theirs = { fileNamePrefix: 'theirs/', daysFromHidingToDeleting: 3 }
  const near = { fileNamePrefix: 'p2/', daysFromHidingToDeleting: 4 }
  const mine = (days: number) => ({ fileNamePrefix: 'p/', daysFromHidingToDeleting: days })

  it('is set for exactly the folder’s prefix, changed and taken away, and those of others stay', async () => {
    await setRules(theirs, near)
    await bench.addFolder()
    await setPolicy({ kind: 'hide-then-remove', days: 30 })
    expect(rules()).toEqual([theirs, near, mine(30)])
    await setPolicy({ kind: 'hide-then-remove', days: 7 })
    expect(rules()).toEqual([theirs, near, mine(7)])
    await setPolicy({ kind: 'hide' })
    expect(rules()).toEqual([theirs, near])
  })

  it('is set with a folder that begins with that policy', async () => {
    await setRules(theirs)
    const bucketId = bucketIdOf(bench.emulator, BUCKET)
    const deletionPolicy = { kind: 'hide-then-remove' as const, days: 5 }
    await api().addFolder({ root: bench.root as AbsolutePath, bucketId, prefix: 'p/', settings: { deletionPolicy } })
    expect(rules()).toEqual([theirs, mine(5)])
  })

  it('leaves what a rule for the same prefix says besides', async () => {
    const cancels = { fileNamePrefix: 'p/', daysFromStartingToCancelingUnfinishedLargeFiles: 2 }
    await setRules(cancels, theirs)
    await bench.addFolder()
    await setPolicy({ kind: 'hide-then-remove', days: 30 })
    expect(rules()).toEqual([theirs, { ...cancels, ...mine(30) }])
    await setPolicy({ kind: 'keep' })
    expect(rules()).toEqual([theirs, cancels])
  })

  it('is nobody’s concern under other policies', async () => {
    await setRules(mine(9))
    await bench.addFolder()
    for (const policy of [{ kind: 'keep' }, { kind: 'hide' }] as const) await setPolicy(policy)
    await setPolicy({ kind: 'delete' }, BUCKET)
    await update({ gateFiles: 9 })
    expect([rules(), calls()]).toEqual([[mine(9)], 0])
  })

  it('is not in force when B2 does not take it: then nothing has changed', async () => {
    // Two rules may not concern the same files.
    const all = { fileNamePrefix: '', daysFromHidingToDeleting: 1 }
    await setRules(all)
    await bench.addFolder()
    await expect(setPolicy({ kind: 'hide-then-remove', days: 30 })).rejects.toThrow()
    expect([rules(), settings()?.deletionPolicy]).toEqual([[all], { kind: 'hide' }])
  })

  it('goes with the folder to another prefix', async () => {
    await setRules(theirs)
    await bench.addFolder()
    await setPolicy({ kind: 'hide-then-remove', days: 30 })
    await api().changePrefix({ folderId: bench.folderId, prefix: 'q/' })
    expect(rules()).toContainEqual({ fileNamePrefix: 'q/', daysFromHidingToDeleting: 30 })
    expect(rules()).toContainEqual(theirs)
  })
})

describe('another place in the bucket', () => {
  it('gets every file; what is at the old one stays', async () => {
    bench.write('a', 'a')
    await bench.addFolder()
    await bench.untilInSync()
    await api().changePrefix({ folderId: bench.folderId, prefix: 'p/q' })
    await bench.untilSnapshot('the files there', () => bench.remote()['q/a'] !== undefined)
    await bench.untilStatus('up-to-date')
    expect([folders(), Object.keys(bench.remote()).sort(), bench.hides()]).toEqual([
      [[bench.root, 'p/q/']],
      ['a', 'q/a'],
      [],
    ])
  })

  it('may not be that of another folder', async () => {
    await bench.addFolder()
    await bench.addFolder(makeRoot('second'), 'second/')
    await expect(api().changePrefix({ folderId: bench.folderId, prefix: 'p/' })).rejects.toEqual(
      refusal('folder_overlaps'),
    )
    expect(folders()[1]).toEqual([join(bench.home, 'second'), 'second/'])
  })

  it('that is the same changes nothing', async () => {
    bench.write('a', 'a')
    await bench.addFolder()
    await bench.untilInSync()
    await api().changePrefix({ folderId: bench.folderId, prefix: '/p/' })
    expect([bench.status().kind, (await verbs()).includes('folder-changed')]).toEqual(['up-to-date', false])
  })
})

describe('another place on disk', () => {
  beforeEach(async () => {
    for (const name of ['a', 'b', 'c']) bench.write(name, name)
    await bench.addFolder()
    await bench.untilInSync()
  })

  it('sends nothing again of what is there too, and asks about what is not', async () => {
    const root = makeRoot('moved')
    for (const name of ['a', 'b']) writeFile(join(root, name), name)
    await update({ deleteDelaySeconds: 1 })
    await api().moveFolder({ folderId: bench.folderId, root })
    await bench.untilStatus('held')
    expect(folders()).toEqual([[root, 'p/']])
    expect(bench.engine.snapshot().folders[0]?.decisions).toMatchObject([{ kind: 'deleted', files: 1, samples: ['c'] }])
    expect([bench.uploads().length, bench.hides()]).toEqual([3, []])
  })

  it('may be where the root was moved to, with nothing to ask', async () => {
    const root = join(bench.home, 'moved') as AbsolutePath
    renameSync(bench.root, root)
    await api().moveFolder({ folderId: bench.folderId, root })
    await bench.untilInSync(root)
    expect([bench.uploads().length, bench.hides()]).toEqual([3, []])
  })

  it('may not be that of another folder, nor nowhere', async () => {
    const second = makeRoot('second')
    await api().addFolder({ root: second, bucketId: bucketIdOf(bench.emulator, BUCKET), prefix: 's/' })
    const moving = (root: string) => api().moveFolder({ folderId: bench.folderId, root: root as AbsolutePath })
    await expect(moving(second)).rejects.toEqual(refusal('folder_overlaps'))
    await expect(moving(join(bench.home, 'nowhere'))).rejects.toEqual(refusal('root_missing'))
    rmSync(second, { recursive: true })
    expect(folders()[0]).toEqual([bench.root, 'p/'])
  })
})

describe('a folder that is not known', () => {
  it('can be neither changed nor moved', async () => {
    await bench.addFolder()
    const { folderId } = bench
    await api().removeFolder({ folderId })
    const root = makeRoot('moved')
    for (const change of [
      () => api().updateFolder({ folderId, settings: { gateFiles: 1 } }),
      () => api().moveFolder({ folderId, root }),
      () => api().changePrefix({ folderId, prefix: 'q/' }),
    ]) {
      await expect(change()).rejects.toEqual(refusal('not_found'))
    }
  })
})
