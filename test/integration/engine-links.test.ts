/** Share links of the engine: what they open, what they do not, and what becomes of them. */
import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { promisify } from 'node:util'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { Sha1Hex } from '../../shared/ids.ts'
import type { Link } from '../../shared/model/link.ts'
import { createB2Client, type B2Client } from '../../main/engine/b2/client.ts'
import { systemClock } from '../../main/engine/lib/clock.ts'
import { LINK_INFO } from '../../main/engine/model/link.ts'
import { SHARE_FOLDER } from '../../main/engine/model/share-place.ts'
import { askForLink, fileTarget, linkTo, registered } from '../support/links.ts'
import { BUCKET, bucketIdOf, openBench, type Bench, type BenchOptions } from '../support/test-bench.ts'
import { createTravelClock, type TravelClock } from '../support/travel-clock.ts'
import { waitFor } from '../support/wait-for.ts'

let bench: Bench
let clock: TravelClock
let others: B2Client
beforeEach(() => {
  clock = createTravelClock(10)
})
afterEach(async () => {
  await others.close()
  await bench.close()
})

/** A bench whose time can be moved, and another program with a key of its own. */
async function open(options: BenchOptions = {}): Promise<void> {
  bench = await openBench({ clock, ...options })
  const { realm, applicationKeyId, applicationKey } = bench.emulator
  others = createB2Client({ realm, applicationKeyId, applicationKey, clock: systemClock, random: Math.random })
}

/** For everybody. */
function travel(byMs: number): void {
  bench.emulator.advanceClock(byMs)
  clock.travel(byMs)
}

/** Files in a folder below `place/`, and in the bucket. */
async function begin(files: readonly string[], options: BenchOptions = {}): Promise<void> {
  await open({ prefix: 'place/', ...options })
  for (const name of files) bench.write(name, `content of ${name}`)
  await bench.begin()
}
const ask = (path: string, wish = {}) => askForLink(bench.engine, fileTarget(bench.folderId, path), wish)
const link = (path: string, wish = {}) => linkTo(bench.engine, fileTarget(bench.folderId, path), wish)
const made = () => bench.emulator.fileVersions(BUCKET).filter(({ fileName }) => fileName.includes(`${SHARE_FOLDER}/`))
const bucketId = () => bucketIdOf(bench.emulator, BUCKET)
const put = (fileName: string) => {
  const content = Buffer.from('x')
  const sha1 = Sha1Hex.parse(createHash('sha1').update(content).digest('hex'))
  return others.uploadFile({ bucketId: bucketId(), fileName, srcLastModifiedMillis: 0, content, sha1 })
}

/** What another program gets: status, bytes, type and name. */
async function curl(url: string) {
  const { stdout } = await promisify(execFile)('curl', ['-s', '-i', '--max-time', '10', url])
  const [head = '', ...body] = stdout.split('\r\n\r\n')
  const header = (name: string) => new RegExp(`^${name}: (.*)$`, 'im').exec(head)?.[1]?.trim()
  return {
    status: Number(/^HTTP\/\S+ (\d+)/.exec(head)?.[1]),
    body: body.join('\r\n\r\n'),
    type: header('content-type'),
    disposition: header('content-disposition'),
  }
}

describe('a link', () => {
  it('is opened by another program, which gets the bytes, the name and the type', async () => {
    await begin(['notes.txt', 'Bücher & "Ideen" +1 #2 100%.md', 'page.html'])
    expect(await curl((await link('notes.txt')).url)).toEqual({
      status: 200,
      body: 'content of notes.txt',
      type: 'text/plain; charset=utf-8',
      disposition: 'inline; filename="notes.txt"',
    })
    const odd = await curl((await link('Bücher & "Ideen" +1 #2 100%.md')).url)
    expect([odd.status, odd.type, odd.disposition]).toEqual([200, 'text/plain; charset=utf-8', 'inline'])
    // A page that is shown could do things in the name of B2's own host.
    expect((await curl((await link('page.html')).url)).disposition).toBe('attachment; filename="page.html"')
  })

  it('opens nothing else: not once expired, not another name, not what is hidden or deleted', async () => {
    await begin(['a.txt', 'b.txt', 'c.txt'])
    const { url } = await link('a.txt')
    expect((await curl(url)).status).toBe(200)
    expect((await curl(url.replace('a.txt?', 'b.txt?'))).status).toBe(401)
    expect((await curl(url.replace('filename%3D%22a', 'filename%3D%22b'))).status).toBe(401)
    bench.emulator.expireTokens('download')
    expect((await curl(url)).status).toBe(401)

    const hidden = await link('b.txt')
    bench.remove('b.txt')
    await bench.untilInSync()
    expect((await curl(hidden.url)).status).toBe(404)
    const deleted = await link('c.txt')
    const [version] = bench.emulator.fileVersions(BUCKET).filter(({ fileName }) => fileName === 'place/c.txt')
    await others.deleteFileVersion('place/c.txt', version?.fileId ?? '')
    expect((await curl(deleted.url)).status).toBe(404)
  })

  it('opens for as long as was asked for, by the clock of B2, and no longer', async () => {
    await begin(['a.txt', 'album/b'])
    const hour = { validSeconds: 3600 }
    const [file, page] = [await link('a.txt', hour), await link('album', hour)]
    const [, below = ''] = /href="([^"]+)"/.exec((await curl(page.url)).body) ?? []
    const statuses = () =>
      Promise.all([file.url, below.replaceAll('&amp;', '&')].map(async (url) => (await curl(url)).status))
    bench.emulator.advanceClock(3_500_000)
    expect(await statuses()).toEqual([200, 200])
    bench.emulator.advanceClock(200_000)
    expect(await statuses()).toEqual([401, 401])
  })

  it('is given for many at once, in their order, and what is refused concerns no other', async () => {
    await begin(['a', 'b'])
    const targets = ['b', 'gone', 'a'].map((path) => fileTarget(bench.folderId, path))
    const answers = await bench.engine.api.createLinks({
      ...{ targets, copiedTo: 'file-manager', onSiblings: 'ask', onOutside: 'ask' },
    })
    expect(answers.map(({ kind }) => kind)).toEqual(['ready', 'refused', 'ready'])
    const links = await bench.engine.api.listLinks({ which: 'active', limit: 10 })
    expect(links.map(({ shared, copiedTo }) => [shared, copiedTo])).toEqual([
      ['place/a', 'file-manager'],
      ['place/b', 'file-manager'],
    ])
  })

  it('is given for a path on this machine and for an object, with the same address but for the token', async () => {
    await begin(['dir/a b'])
    const plain = (url: string) => url.replace(/\?.*/, '')
    const first = await link('dir/a b')
    const local = await linkTo(bench.engine, { kind: 'local', path: bench.path('dir/a b') as never })
    const object = await linkTo(bench.engine, { kind: 'object', url: `b2://${BUCKET}/place/dir/a b` })
    expect([plain(local.url), plain(object.url)]).toEqual([plain(first.url), plain(first.url)])
    expect([local.path, object.path]).toEqual(['dir/a b', null])
    expect(await askForLink(bench.engine, { kind: 'object', url: 'b2://no-such-bucket/x' })).toMatchObject({
      ...{ kind: 'refused', code: 'bucket_missing' },
    })
  })
})

describe('names that begin alike', () => {
  it.each([
    ['a longer name', ['report', 'report-private.pdf'], 'place/report-private.pdf', 0],
    ['another ending', ['report', 'report.pdf'], 'place/report.pdf', 0],
    ['a folder with the same stem', ['report', 'report-old/secret'], 'place/report-old/secret', 0],
  ] as const)('are asked about: %s', async (_, files, sample, hiddenCount) => {
    await begin(files)
    const siblings = { samples: [sample], count: 1, isMore: false, hiddenCount }
    expect(await ask('report')).toEqual({ kind: 'siblings', siblings, sharedName: 'place/report' })
    expect(await bench.engine.api.listLinks({ which: 'active', limit: 10 })).toEqual([])
  })

  it('are asked about where they are hidden, not finished, or still to be sent', async () => {
    await begin(['report', 'report-hidden'])
    bench.remove('report-hidden')
    await bench.untilInSync()
    await bench.engine.api.pause(undefined)
    bench.write('report-coming', 'x')
    await bench.untilSnapshot('the job', ({ transfers }) => transfers.waitingCount === 1)
    await others.startLargeFile({
      ...{ bucketId: bucketId(), fileName: 'place/report-unfinished' },
      srcLastModifiedMillis: 0,
    })
    const answer = await ask('report')
    if (answer.kind !== 'siblings') throw new Error(answer.kind)
    expect(answer.siblings).toMatchObject({ count: 3, hiddenCount: 3 })
    expect(answer.siblings.samples.toSorted()).toEqual([
      'place/report-coming',
      'place/report-hidden',
      'place/report-unfinished',
    ])
  })

  it('are none of those that only contain the name, come before it, or differ in case', async () => {
    await begin(['report', 'my report', 'repor', 'Report2', 'dir/report-x'])
    expect((await ask('report')).kind).toBe('ready')
  })

  it('do not matter in a bucket where everything is open', async () => {
    await open()
    const bucket = bench.emulator.createBucket('public-files', 'allPublic')
    bench.write('report', 'x')
    bench.write('report2', 'x')
    await bench.connect()
    bench.engine.start()
    await bench.addFolder(bench.root, 'p', bucket.bucketName)
    await bench.untilStatus('up-to-date')
    expect(await link('report')).toMatchObject({ expiresAt: null, isPublic: true, behind: 'original' })
  })

  it('are opened where a person wants it anyway, and that is on record', async () => {
    await begin(['report', 'report2'])
    const anyway = await link('report', { onSiblings: 'anyway' })
    expect(anyway).toMatchObject({ behind: 'original', isAccepted: true, opensToo: { count: 1 } })
    expect((await curl(anyway.url.replaceAll('report', 'report2').replace('%22report2', '%22report'))).status).toBe(200)
    expect(bench.problems()).toEqual([])
  })

  it('that come later are a problem, until a person says that they are meant', async () => {
    await begin(['report'])
    const { linkId } = await link('report')
    bench.write('report-private', 'later')
    const told = await bench.untilSnapshot('the problem', ({ problems }) => problems.length === 1)
    expect(told.problems[0]).toMatchObject({
      ...{ code: 'link_opens_more', scope: 'link' },
      details: { linkId, name: 'report', sample: 'place/report-private' },
    })
    await bench.engine.api.acceptSiblings({ linkId })
    expect(bench.problems()).toEqual([])
    bench.write('report-more', 'later still')
    await bench.untilSnapshot('another problem', ({ problems }) => problems.length === 1)
    await bench.engine.api.endLink({ linkId })
    expect(bench.problems()).toEqual([])
  })

  it('that others bring are found by asking, and the problem is over when they are gone', async () => {
    await begin(['report'])
    const { linkId } = await link('report')
    const { fileId } = await put('place/report-theirs')
    travel(7 * 3_600_000)
    await bench.untilSnapshot('the problem', ({ problems }) => problems.some(({ code }) => code === 'link_opens_more'))
    await others.deleteFileVersion('place/report-theirs', fileId)
    travel(600_000)
    await bench.untilSnapshot('its end', ({ problems }) => problems.length === 0)
    expect(linkId).toBeGreaterThan(0)
  })
})

describe('a copy', () => {
  it('is under a name that nobody can guess, opens alone, and goes when the link ends', async () => {
    await begin(['dir/report', 'dir/report2'])
    const copy = await link('dir/report', { onSiblings: 'copy' })
    expect(copy).toMatchObject({ state: 'ready', behind: 'copy', outlivesEnd: false, opensToo: null })
    expect(new URL(copy.url).pathname).toMatch(/\/\.pail-shares\/[\w-]{22}\/report$/)
    expect((await curl(copy.url)).body).toBe('content of dir/report')
    expect((await curl(copy.url.replace(/\/\.pail-shares[^?]+/, '/place/dir/report2'))).status).toBe(401)
    expect(made()).toHaveLength(1)
    const ended = await bench.engine.api.endLink({ linkId: copy.linkId })
    expect(ended.state).toBe('ended')
    expect(made()).toEqual([])
    expect((await curl(copy.url)).status).toBe(404)
    expect(bench.remote()['dir/report']).toBeDefined()
  })

  it('is all that Pail makes and removes for links', async () => {
    await begin(['report', 'report2', 'album/a'], { isWitnessed: true })
    const [copy, page] = [await link('report', { onSiblings: 'copy' }), await link('album')]
    await bench.engine.api.renewLink({ linkId: page.linkId })
    await bench.engine.api.renewLink({ linkId: copy.linkId })
    for (const { linkId } of [copy, page]) await bench.engine.api.endLink({ linkId })
    await waitFor('all of it to go', () => made().length === 0)
    bench.expectInvariants()
  })

  it('goes when its time is over, also after a start, and nothing else under its place goes with it', async () => {
    await begin(['report', 'report2'])
    const copy = await link('report', { onSiblings: 'copy', validSeconds: 3600 })
    const other = await put(`${SHARE_FOLDER}/other/report`)
    const version = made().find(({ fileId }) => fileId !== other.fileId)
    // Somebody else's version of the very name: it is not what the register says.
    const foreign = await put(version?.fileName ?? '')
    await bench.stopEngine()
    travel(3_700_000)
    bench.restartEngine()
    await waitFor('the copy to go', () => !made().some(({ fileId }) => fileId === version?.fileId))
    expect(
      made()
        .map(({ fileId }) => fileId)
        .toSorted(),
    ).toEqual([other.fileId, foreign.fileId].toSorted())
    expect((await registered(bench.engine, copy)).state).toBe('expired')
  })

  it('whose answer was lost is found by its mark and removed', async () => {
    await begin(['report', 'report2'])
    bench.emulator.failNext('copy_file', { kind: 'cut-after', count: 20 })
    const answer = await ask('report', { onSiblings: 'copy' })
    expect(['ready', 'promised']).toContain(answer.kind)
    if (!('link' in answer)) throw new Error('no link')
    await bench.engine.api.endLink({ linkId: answer.link.linkId })
    travel(2 * 3_600_000)
    await waitFor('everything of it to go', () => made().length === 0)
  })

  it('is only hidden by a key that may not delete, and deleted once a key may', async () => {
    await open({ prefix: 'place/' })
    for (const name of ['report', 'report2']) bench.write(name, name)
    const capabilities = ['listBuckets', 'listFiles', 'readFiles', 'writeFiles', 'shareFiles']
    await bench.connect(bench.emulator.createKey({ capabilities }))
    bench.engine.start()
    await bench.addFolder()
    await bench.untilInSync()
    const copy = await link('report', { onSiblings: 'copy' })
    await bench.engine.api.endLink({ linkId: copy.linkId })
    expect((await curl(copy.url)).status).toBe(404)
    expect(
      made()
        .map(({ action }) => action)
        .toSorted(),
    ).toEqual(['hide', 'upload'])
    await bench.stopEngine()
    bench.restartEngine()
    await bench.connect()
    await waitFor('the version to go', () => !made().some(({ action }) => action === 'upload'))
  })

  it('lies where the key may write, and neither listings nor the disk take it for a file of the folder', async () => {
    await open({ prefix: 'place/' })
    for (const name of ['report', 'report2']) bench.write(name, name)
    const capabilities = ['listBuckets', 'listFiles', 'readFiles', 'writeFiles', 'shareFiles', 'deleteFiles']
    const bucketIds = [bucketId()]
    await bench.connect(bench.emulator.createKey({ capabilities, bucketIds, namePrefix: 'place/' }))
    bench.engine.start()
    await bench.addFolder()
    await bench.untilInSync()
    const copy = await link('report', { onSiblings: 'copy' })
    expect(made()[0]?.fileName).toMatch(/^place\/\.pail-shares\//)
    bench.write(`${SHARE_FOLDER}/mine`, 'never sent')
    const { storage } = bench.engine.snapshot()
    await bench.engine.api.checkNow({})
    await bench.untilSnapshot('the check', ({ status }) => status.kind === 'up-to-date')
    expect(bench.engine.snapshot().storage.current).toEqual(storage.current)
    expect(made()).toHaveLength(1)
    expect((await curl(copy.url)).status).toBe(200)
    const why = await bench.engine.api.explainPath({
      folderId: bench.folderId,
      path: `${SHARE_FOLDER}/mine` as never,
    })
    expect(why).toMatchObject({ kind: 'ignored', reason: { source: 'own-data' } })
  })

  it('carries no mark of the folder, and one of its own', async () => {
    await begin(['report', 'report2'])
    await link('report', { onSiblings: 'copy' })
    expect(Object.keys(made()[0]?.fileInfo ?? {})).toContain(LINK_INFO)
    expect(Object.keys(made()[0]?.fileInfo ?? {})).not.toContain('pail_root')
  })
})

describe('a link to what is on its way', () => {
  it('is copied at once, goes before all others, and works the moment the upload ends', async () => {
    await begin(['first'], { emulator: { absoluteMinimumPartSize: 100_000, recommendedPartSize: 200_000 } })
    await bench.engine.api.pause(undefined)
    for (let i = 0; i < 30; i++) bench.write(`small-${i}`, `small ${i}`)
    bench.write('big', Buffer.alloc(3_000_000, 1))
    await bench.untilSnapshot('the jobs', ({ transfers }) => transfers.waitingCount === 31)
    const promised = await ask('big')
    expect(promised).toMatchObject({ kind: 'promised', link: { state: 'promised' } })
    const { link: got } = promised as { link: Link }
    expect((await curl(got.url)).status).toBe(404)
    expect((await bench.rows()).waiting[0]).toMatchObject({ path: 'big', isAsked: true })
    expect(bench.engine.snapshot().links).toMatchObject({ active: 1, promised: 1, news: [] })
    bench.emulator.setBandwidth(2_000_000)
    await bench.engine.api.resume(undefined)
    const arrived = await waitFor('the upload', () => bench.remote()['big'] !== undefined)
    expect(arrived).toBe(true)
    expect((await fetch(got.url)).status).toBe(200)
    const { links } = await bench.untilSnapshot('the news', ({ links: { news } }) => news.length === 1)
    expect(links.news[0]).toMatchObject({ kind: 'ready', name: 'big', linkId: got.linkId })
    expect((await registered(bench.engine, got)).state).toBe('ready')
  })

  it('is copied in the middle of the upload, which goes on, and works the moment that ends', async () => {
    await begin(['first'], { emulator: { absoluteMinimumPartSize: 100_000, recommendedPartSize: 200_000 } })
    bench.emulator.setBandwidth(1_000_000)
    bench.write('big', Buffer.alloc(3_000_000, 1))
    await bench.untilSnapshot('the middle', ({ transfers: { sending } }) => (sending[0]?.sentBytes ?? 0) > 500_000)
    const promised = await ask('big')
    expect(promised.kind).toBe('promised')
    const { link: got } = promised as { link: Link }
    expect((await curl(got.url)).status).toBe(404)
    await waitFor('the upload', () => bench.remote()['big'] !== undefined)
    expect((await fetch(got.url)).status).toBe(200)
    const starts = bench.emulator.calls.filter(({ operation }) => operation === 'start_large_file')
    expect(starts).toHaveLength(1)
  })

  it('works also where another that was asked for with it met what concerns all', async () => {
    await begin(['first'])
    await bench.engine.api.pause(undefined)
    for (const name of ['one', 'two']) bench.write(name, name)
    await bench.untilSnapshot('the jobs', ({ transfers }) => transfers.waitingCount === 2)
    bench.emulator.failNext('list_file_versions', { kind: 'cap', code: 'transaction_cap_exceeded' })
    const targets = ['one', 'two'].map((path) => fileTarget(bench.folderId, path))
    const wish = { copiedTo: 'window', onSiblings: 'ask', onOutside: 'ask' } as const
    await expect(bench.engine.api.createLinks({ targets, ...wish })).rejects.toMatchObject({
      code: 'transaction_cap_exceeded',
    })
    await bench.untilSnapshot('the other', ({ links: { promised } }) => promised === 1)
    await waitFor('its file to go before others', async () =>
      (await bench.rows()).waiting.some(({ isAsked }) => isAsked),
    )
  })

  it('is told to fail where its file goes before it came', async () => {
    await begin(['first'])
    await bench.engine.api.pause(undefined)
    bench.write('short-lived', 'x')
    await bench.untilSnapshot('the job', ({ transfers }) => transfers.waitingCount === 1)
    const promised = await link('short-lived')
    bench.remove('short-lived')
    await bench.engine.api.resume(undefined)
    await bench.untilSnapshot('the news', ({ links: { news } }) => news.at(-1)?.kind === 'failed')
    expect(await registered(bench.engine, promised)).toMatchObject({ state: 'failed', code: 'not_found' })
  })
})

describe('a link to a folder', () => {
  it('opens a page without scripts that lists it, from which each file opens and nothing beside the folder', async () => {
    await begin(['album/a <b>&"\'.txt', 'album/deep/c', 'album-private/d', 'e'])
    const folder = await link('album')
    expect(folder).toMatchObject({ isFolder: true, behind: 'index', shared: 'place/album/', state: 'ready' })
    const page = await curl(folder.url)
    expect([page.status, page.type]).toEqual([200, 'text/html; charset=utf-8'])
    expect(page.body).not.toMatch(/<script/i)
    expect(page.body).toContain('a &lt;b&gt;&amp;&quot;&#39;.txt')
    const urls = [...page.body.matchAll(/href="([^"]+)"/g)].map(([, url = '']) => url.replaceAll('&amp;', '&'))
    expect(await Promise.all(urls.map(async (url) => (await curl(url)).body))).toEqual([
      `content of album/a <b>&"'.txt`,
      'content of album/deep/c',
    ])
    const [first = ''] = urls
    expect((await curl(first.replace(/album\/[^?]+/, 'album-private/d'))).status).toBe(401)
    expect((await curl(first.replace(/album\/[^?]+/, 'e'))).status).toBe(401)
    await bench.engine.api.endLink({ linkId: folder.linkId })
    expect((await curl(folder.url)).status).toBe(404)
    expect(made()).toEqual([])
  })

  it('is refused for a whole bucket, an empty folder, and a directory that is not synced', async () => {
    await begin(['a'])
    const whole = await askForLink(bench.engine, { kind: 'object', url: `b2://${BUCKET}/` })
    expect(whole).toMatchObject({ kind: 'refused', code: 'link_too_wide' })
    const nothing = await askForLink(bench.engine, { kind: 'object', url: `b2://${BUCKET}/none/` })
    expect(nothing).toMatchObject({ kind: 'refused', code: 'not_found' })
    const outside = await askForLink(bench.engine, { kind: 'local', path: bench.home as never })
    expect(outside).toMatchObject({ kind: 'refused', code: 'link_outside' })
  })

  it('is renewed with a page of what the folder holds by then', async () => {
    await begin(['album/a'])
    const folder = await link('album', { validSeconds: 3600 })
    bench.write('album/b', 'new')
    await bench.untilStatus('up-to-date')
    await waitFor('b', () => bench.remote()['album/b'] !== undefined)
    expect((await curl(folder.url)).body).not.toContain('>b<')
    const renewed = await bench.engine.api.renewLink({ linkId: folder.linkId, validSeconds: 86_400 })
    expect((await curl(renewed.url)).body).toContain('>b<')
    expect(renewed.expiresAt).toBeGreaterThan(folder.expiresAt ?? 0)
    await waitFor('the old page to go', () => made().length === 1)
  })
})

describe('what is in no folder', () => {
  it('is offered to be sent, opens as it was then, and goes when the link ends', async () => {
    await begin(['a'])
    const path = `${bench.home}/outside ü.txt`
    writeFileSync(path, 'from elsewhere')
    const target = { kind: 'local', path: path as never } as const
    expect(await askForLink(bench.engine, target)).toEqual({ kind: 'outside', sizeBytes: 14, bucketName: BUCKET })
    const sent = await linkTo(bench.engine, target, { onOutside: 'upload' })
    expect(sent).toMatchObject({ behind: 'upload', state: 'ready', shared: path })
    expect(await curl(sent.url)).toMatchObject({ status: 200, body: 'from elsewhere' })
    await bench.engine.api.endLink({ linkId: sent.linkId })
    expect(made()).toEqual([])
  })
})

describe('a link that ends while something is made for it', () => {
  it('has what is being sent broken off, and nothing is left of it', async () => {
    await begin(['a'])
    const path = `${bench.home}/large`
    writeFileSync(path, Buffer.alloc(3_000_000, 1))
    bench.emulator.failNext('upload_file', { kind: 'stall-midway' })
    const sent = await linkTo(bench.engine, { kind: 'local', path: path as never }, { onOutside: 'upload' })
    expect(sent.state).toBe('promised')
    await waitFor('what is sent to be under way', () => bench.emulator.inFlight > 0)
    await bench.engine.api.endLink({ linkId: sent.linkId })
    await waitFor('the end of the call', () => bench.emulator.inFlight === 0)
    const uploads = () =>
      bench.emulator.calls.filter((call) => call.operation === 'upload_file' && call.fileName?.includes(SHARE_FOLDER))
    expect(uploads().map(({ status }) => status)).not.toContain(200)
    expect(made()).toEqual([])
  })

  it('is not brought back by a renewal that was under way, nor leaves a page behind', async () => {
    await begin(['report', 'report2', 'album/a'])
    for (const got of [await link('report', { onSiblings: 'copy' }), await link('album')]) {
      const faults = () => bench.emulator.calls.filter(({ fault }) => fault !== undefined).length
      const before = faults()
      bench.emulator.failNext('get_download_authorization', { status: 503, retryAfter: 4 })
      const renewal = bench.engine.api.renewLink({ linkId: got.linkId })
      await waitFor('the renewal', () => faults() > before)
      await bench.engine.api.endLink({ linkId: got.linkId })
      await renewal
      expect((await registered(bench.engine, got)).state).toBe('ended')
    }
    await waitFor('all of it to go', () => made().length === 0)
  })
})

describe('a link to a folder, made with a clock that is set back after', () => {
  it('comes all the same, and lasts no longer than B2 allows', async () => {
    await begin(['album/a'])
    await bench.engine.api.pause(undefined)
    const folder = await link('album')
    expect(folder.state).toBe('promised')
    clock.travel(-600_000)
    await bench.engine.api.resume(undefined)
    await waitFor('the page', () => made().length === 1)
    await bench.untilSnapshot('the news', ({ links: { news } }) => news.length === 1)
    expect((await registered(bench.engine, folder)).state).toBe('ready')
  })
})

describe('a link whose file goes', () => {
  const untilGone = (got: Link, isGone: boolean) =>
    waitFor(`${got.shared} to be ${isGone ? 'gone' : 'back'}`, async () => {
      return (await registered(bench.engine, got)).isGone === isGone
    })

  it('is said to open nothing as soon as Pail has hidden the file, and to work again once that is back', async () => {
    await begin(['a.txt', 'b.txt'])
    const got = await link('a.txt')
    expect(got.isGone).toBe(false)
    for (const content of ['again', 'once more']) {
      bench.remove('a.txt')
      await untilGone(got, true)
      expect((await curl(got.url)).status).toBe(404)
      bench.write('a.txt', content)
      await untilGone(got, false)
      expect((await curl(got.url)).body).toBe(content)
    }
  })

  it('is said to open nothing where others have hidden it, and is not renewed before it is back', async () => {
    await begin(['a.txt'])
    await put('elsewhere/x')
    const got = await linkTo(bench.engine, { kind: 'object', url: `b2://${BUCKET}/elsewhere/x` })
    await others.hideFile(bucketId(), 'elsewhere/x')
    travel(7 * 3_600_000)
    await untilGone(got, true)
    await expect(bench.engine.api.renewLink({ linkId: got.linkId })).rejects.toMatchObject({ code: 'not_found' })
    await put('elsewhere/x')
    await bench.engine.api.renewLink({ linkId: got.linkId })
    await untilGone(got, false)
  })
})

describe('the register', () => {
  it('reminds once before a link ends, renews it, and keeps what is over', async () => {
    await begin(['a'])
    const week = await link('a')
    travel(6.5 * 86_400_000)
    const { links } = await bench.untilSnapshot('the reminder', ({ links: { news } }) => news.length === 1)
    expect(links).toMatchObject({ active: 1, expiresSoon: 1, news: [{ kind: 'expires-soon', name: 'a' }] })
    const soon = () => bench.engine.api.listLinks({ which: 'expires-soon', limit: 10 })
    expect(await soon()).toMatchObject([{ shared: 'place/a' }])
    const renewed = await bench.engine.api.renewLink({ linkId: week.linkId })
    expect(renewed.url).not.toBe(week.url)
    expect(bench.engine.snapshot().links).toMatchObject({ active: 1, expiresSoon: 0 })
    expect(await soon()).toEqual([])
    const ended = await bench.engine.api.endLink({ linkId: week.linkId })
    expect(ended).toMatchObject({ state: 'ended', outlivesEnd: true })
    // Honest: B2 takes no token back.
    expect((await curl(ended.url)).status).toBe(200)
    expect(await bench.engine.api.listLinks({ which: 'active', limit: 10 })).toEqual([])
    expect(await bench.engine.api.listLinks({ which: 'over', text: 'PLACE', limit: 10 })).toHaveLength(1)
    expect(await bench.engine.api.listLinks({ which: 'over', text: 'nowhere', limit: 10 })).toEqual([])
  })
})
