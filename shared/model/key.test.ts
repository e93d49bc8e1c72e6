import { describe, expect, it } from 'vitest'
import { DEFAULT_FOLDER_SETTINGS, type DeletionPolicy } from './folder.ts'
import { folderOverAll, isMasterKey, keyLimits, placesMeet, USED_CAPABILITIES } from './key.ts'

const folder = (prefix: string, deletionPolicy: DeletionPolicy = { kind: 'hide' }, bucketId = 'b1') => ({
  bucketId,
  prefix,
  settings: { ...DEFAULT_FOLDER_SETTINGS, deletionPolicy },
})

describe('keyLimits', () => {
  it.each([
    [['photos/'], 'photos/'],
    [['mac/photos/', 'mac/docs/'], 'mac/'],
    [['mac/photos/', 'mac/photos-old/'], 'mac/'],
    [['photos/', 'photos-old/'], ''],
    [['a/b/c/', 'a/b/'], 'a/b/'],
    [['a/', 'b/'], ''],
    [['a/', ''], ''],
    [['ä/ö/', 'ä/ü/'], 'ä/'],
  ])('limits a key for %j to names below %j', (places, namePrefix) => {
    const folders = places.map((place) => folder(place))
    expect(keyLimits(folders, 'places')).toMatchObject({ namePrefix, bucketIds: ['b1'] })
    expect(keyLimits(folders, 'buckets').namePrefix).toBe('')
  })

  it.each<[DeletionPolicy, readonly string[]]>([
    [{ kind: 'keep' }, []],
    [{ kind: 'hide' }, []],
    [{ kind: 'hide-then-remove', days: 30 }, ['readBuckets', 'writeBuckets']],
    [{ kind: 'delete' }, ['deleteFiles']],
  ])('lets it do what Pail uses, and for %j besides %j', (policy, extra) => {
    expect(keyLimits([folder('a/', policy)], 'places').capabilities).toEqual([...USED_CAPABILITIES, ...extra])
  })

  it('serves all folders with one key', () => {
    const folders = [folder('a/', { kind: 'delete' }), folder('b/', { kind: 'delete' }, 'b2'), folder('c/')]
    expect(keyLimits(folders, 'places')).toEqual({
      capabilities: [...USED_CAPABILITIES, 'deleteFiles'],
      bucketIds: ['b1', 'b2'],
      namePrefix: '',
    })
  })
})

describe('isMasterKey', () => {
  const all = {
    accountId: 'a',
    applicationKeyId: 'a',
    realm: 'https://api.backblazeb2.com',
    capabilities: ['writeKeys', 'writeFiles'],
    missingCapabilities: [],
    allowedBuckets: null,
    namePrefix: '',
    expiresAt: null,
  }
  it.each([
    ['one that reaches everything and makes keys', {}, true],
    ['one that cannot make keys', { capabilities: ['writeFiles'] }, false],
    ['one for certain buckets', { allowedBuckets: [{ bucketId: 'b', bucketName: 'b' }] }, false],
    ['one for names below a prefix', { namePrefix: 'a/' }, false],
  ])('is asked about %s', (_, change, expected) => {
    expect(isMasterKey({ ...all, ...change })).toBe(expected)
  })
})

describe('placesMeet', () => {
  it.each([
    ['a/', 'a/', true],
    ['a/', 'a/b/', true],
    ['a/b/', 'a/', true],
    ['', 'a/', true],
    ['a/', 'ab/', false],
    ['a/b/', 'a/c/', false],
  ])('compares %j with %j', (a, b, expected) => {
    expect(placesMeet(a, b)).toBe(expected)
  })
})

describe('folderOverAll', () => {
  it.each([
    ['photos/', 'b1', 'photos/', true],
    ['photos/', 'b1', 'photos/2026/', true],
    ['', 'b1', '', true],
    ['', 'b1', 'photos/', true],
    ['photos/', 'b1', '', false],
    ['photos/', 'b1', 'photos-old/', false],
    ['photos/', 'b2', 'photos/', false],
  ])('a folder at "%s" of b1 leaves no room in %s to a key for "%s": %s', (prefix, bucketId, namePrefix, isOver) => {
    const synced = folder(prefix)
    expect(folderOverAll([synced], bucketId, namePrefix)).toBe(isOver ? synced : undefined)
  })
})
