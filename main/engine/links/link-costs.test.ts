/** What links cost while nobody does anything: calls to B2, and looks at the register. */
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest'
import { EngineError } from '../../../shared/errors.ts'
import type { UnixMs } from '../../../shared/ids.ts'
import { BUCKET, startB2Bench, type B2Bench } from '../../../test/support/b2-bench.ts'
import { anEntry, openStateBench, relative, type StateBench } from '../../../test/support/state-bench.ts'
import { BRIEF } from '../b2/retry.ts'
import { InTurn } from '../lib/in-turn.ts'
import { silentLogger } from '../lib/logger.ts'
import type { NewLink, StoredLink } from '../model/link.ts'
import { LinkHouse } from './link-house.ts'
import { LinkPromises } from './link-promises.ts'
import type { LinkWork } from './link-work.ts'
import { NewsList } from './register-view.ts'

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS

let b2Bench: B2Bench
let bench: StateBench
let isOpen: boolean

beforeEach(async () => {
  b2Bench = await startB2Bench()
  onTestFinished(() => b2Bench.close())
  bench = openStateBench()
  isOpen = true
})

const now = (): UnixMs => b2Bench.clock.now()

/** A link to a file itself, in a private bucket. */
function aLink(name: string, more: Partial<NewLink> = {}): StoredLink {
  const { bucketId } = b2Bench
  const place = { bucketId, bucketName: BUCKET, isPublic: false, name, shared: name, isFolder: false }
  const times = { createdAt: now(), validSeconds: 604_800, expiresAt: (now() + 7 * DAY_MS) as UnixMs }
  const whence = { behind: 'original', folderId: null, path: null, url: 'https://x', copiedTo: 'window' } as const
  const link = { ...place, ...times, ...whence, isPromised: false, opensToo: null, accepted: null }
  return bench.state.transaction(() => bench.state.links.add({ state: 'ready', ...link, ...more }))
}

function open(isFailing: () => boolean = () => false) {
  const { state } = bench
  const b2 = b2Bench.connect()
  const sources = { state, explain: () => ({ kind: 'unknown' }) as const, originFor: () => null }
  const { clock } = b2Bench
  const work: LinkWork = { state, sources, clock, b2, call: { patience: BRIEF } }
  const nothing = (): void => undefined
  const shared = { state, clock, logger: silentLogger, news: new NewsList(clock), onChange: nothing }
  const house = new LinkHouse({
    ...shared,
    isOpen: () => isOpen,
    isAtWork: () => false,
    work: () => (isFailing() ? Promise.reject(new EngineError('timeout', 'Nobody answers')) : Promise.resolve(work)),
    onDone: nothing,
  })
  return { house, shared }
}

const asked = (): number => b2Bench.countOf('list_file_versions')

describe('the bucket is asked for names beside links', () => {
  it('a hundred times in six hours, however many links there are, those first that were not asked about for longest', async () => {
    for (let at = 0; at < 150; at++) aLink(`file ${String(at).padStart(3, '0')}.`)
    const { house } = open()
    b2Bench.clock.advance(7 * HOUR_MS)
    house.keep()
    await house.ended()
    expect(asked()).toBe(100)
    expect(house.keep()).toBe(now() + 6 * HOUR_MS)
    b2Bench.clock.advance(6 * HOUR_MS)
    house.keep()
    await house.ended()
    expect(asked()).toBe(200)
    const checked = Array.from({ length: 150 }, (_, at) => bench.state.links.find((at + 1) as never)?.siblingsCheckedAt)
    expect(Math.min(...checked.map((at) => at ?? 0))).toBeGreaterThan(7 * HOUR_MS)
  })

  it('not while everything is paused, and after that', async () => {
    aLink('file')
    const { house } = open()
    b2Bench.clock.advance(7 * HOUR_MS)
    isOpen = false
    expect(house.keep()).toBeGreaterThan(now())
    await house.ended()
    expect(asked()).toBe(0)
    isOpen = true
    house.keep()
    await house.ended()
    expect(asked()).toBe(1)
  })

  it('a minute after it could not be asked, or at once where the clock was set back meanwhile', async () => {
    aLink('file')
    let isFailing = true
    const { house } = open(() => isFailing)
    b2Bench.clock.advance(7 * HOUR_MS)
    house.keep()
    await house.ended()
    expect(house.keep()).toBe(now() + 60_000)
    isFailing = false
    b2Bench.clock.advance(-3 * 60_000)
    house.keep()
    await house.ended()
    expect(asked()).toBe(1)
  })

  it('the more seldom the longer nobody minds a name that is in the way', () => {
    const { links } = bench.state
    const { linkId } = aLink('file')
    const since = now()
    const set = (checkedAt: number) => bench.state.transaction(() => links.setOpensToo(linkId, null, since, checkedAt))
    set(since)
    const waits: number[] = []
    for (let at: number = since; at < since + DAY_MS;) {
      const next = links.nextToAskAbout() ?? Infinity
      waits.push(next - at)
      at = next
      set(at)
    }
    expect(waits.slice(0, 4)).toEqual([300_000, 300_000, 600_000, 1_200_000])
    expect(waits.at(-1)).toBe(6 * HOUR_MS)
    expect(waits.length).toBeLessThan(15)
  })
})

describe('a file that records and bucket tell differently', () => {
  it('is asked about once, and once more when the records say something else', async () => {
    const { state } = bench
    const { folderId } = bench.addFolder('/root', 'place/')
    const { linkId } = aLink('place/a', { folderId, path: relative('a') })
    await b2Bench.connect().uploadFile(b2Bench.aKnownUpload('place/a', 'a'))
    const { house } = open()
    const keep = async (): Promise<number> => {
      house.keep()
      await house.ended()
      return asked()
    }
    // It is there, whatever the records say.
    expect([await keep(), await keep(), state.links.find(linkId)?.goneSince]).toEqual([1, 1, null])
    bench.agree(folderId, anEntry('a'))
    expect(await keep()).toBe(1)
    state.transaction(() => state.links.setGone(linkId, now()))
    expect([await keep(), await keep(), state.links.find(linkId)?.goneSince]).toEqual([2, 2, null])
  })
})

describe('the register', () => {
  it('finds the links beside which records know of names, by the places of their folders', () => {
    const { state } = bench
    const folder = bench.addFolder('/root', 'place/')
    const of = { bucketId: folder.bucketId }
    const record = (path: string) => bench.agree(folder.folderId, anEntry(path))
    for (const path of ['report', 'ordner/ä', 'alone']) record(path)
    const wide = aLink('pla', of)
    const report = aLink('place/report', of)
    const umlaut = aLink('place/ordner/ä', of)
    const others = [aLink('place/alone', of), aLink('elsewhere/report', of), aLink('place/report')]
    const found = () => state.links.listWithLongerNames().map(({ linkId }) => linkId)
    expect(found()).toEqual([wide.linkId])
    record('report-2')
    record('ordner/ä😀')
    expect(found()).toEqual([wide, report, umlaut].map(({ linkId }) => linkId))
    expect(found()).not.toContain(others[0]?.linkId)
  })
})

describe('what failed for a reason that passes', () => {
  it('is tried again at once where the clock was set back far', async () => {
    const { shared } = open()
    let tried = 0
    const promises = new LinkPromises({
      ...shared,
      turns: new InTurn(),
      work: () => {
        tried += 1
        return Promise.reject(new EngineError('timeout', 'Nobody answers'))
      },
      isOpen: () => isOpen,
      hurry: () => undefined,
      onDue: () => undefined,
    })
    aLink('.pail-shares/x/report', { state: 'promised', behind: 'copy' })
    const keep = async (): Promise<number> => {
      promises.keepAll()
      await promises.settled()
      return tried
    }
    expect([await keep(), await keep()]).toEqual([1, 1])
    b2Bench.clock.advance(-DAY_MS)
    expect(await keep()).toBe(2)
  })

  it('is waited for only as long as the link is promised', async () => {
    const { shared } = open()
    const promises = new LinkPromises({
      ...shared,
      turns: new InTurn(),
      work: () => Promise.reject(new EngineError('timeout', 'Nobody answers')),
      isOpen: () => isOpen,
      hurry: () => undefined,
      onDue: () => undefined,
    })
    const { linkId } = aLink('.pail-shares/x/report', { state: 'promised', behind: 'copy' })
    await promises.attempt(linkId)
    expect(promises.nextAt).toBeGreaterThan(now())
    expect(promises.nextAt).toBeLessThan(Infinity)
    // Tried again while everything is paused: there is no time to wait for.
    isOpen = false
    b2Bench.clock.advance(DAY_MS)
    promises.keepAll()
    await promises.settled()
    expect(promises.nextAt).toBe(Infinity)
    isOpen = true
    await promises.attempt(linkId)
    expect(promises.nextAt).toBeLessThan(Infinity)
    bench.state.transaction(() => bench.state.links.setState(linkId, 'ended', null, now()))
    promises.keepAll()
    expect(promises.nextAt).toBe(Infinity)
  })
})
