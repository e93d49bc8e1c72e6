import { describe, expect, it, vi } from 'vitest'
import { EngineError } from '../../../shared/errors.ts'
import type { AbsolutePath, FolderId } from '../../../shared/ids.ts'
import type { Link, LinkAnswer, LinkRequest } from '../../../shared/model/link.ts'
import type { EngineSnapshot } from '../../../shared/model/snapshot.ts'
import type { News } from '../notifications/news.ts'
import type { RightClickRequest } from './request.ts'
import { RightClick } from './right-click.ts'

const siblings = { samples: ['docs/a.txt.old'], count: 1, isMore: false, hiddenCount: 0 }

/** Answers as the name of the file asks for. */
function answerFor(path: string): LinkAnswer {
  const name = path.slice(path.lastIndexOf('/') + 1)
  if (name.startsWith('outside')) return { kind: 'outside', sizeBytes: 5, bucketName: 'bucket' }
  if (name.startsWith('sibling')) return { kind: 'siblings', siblings, sharedName: name }
  if (name.startsWith('gone')) return { kind: 'refused', code: 'not_found', details: {} }
  const state = name.startsWith('waiting') ? 'promised' : 'ready'
  const link = { url: `https://b2/${name}`, shared: `docs/${name}`, state, expiresAt: 1, isFolder: false } as Link
  return { kind: state, link }
}

function setUp(createLinks?: (request: LinkRequest) => Promise<readonly LinkAnswer[]>) {
  const folders = [{ folderId: 3 as FolderId, root: '/home/docs' as AbsolutePath }]
  const seen = {
    snapshot: { folders } as EngineSnapshot | null,
    requests: [] as LinkRequest[],
    copied: [] as string[],
    told: [] as { news: News; isSuccess: boolean }[],
    calls: [] as unknown[],
  }
  const rightClick = new RightClick({
    snapshot: () => seen.snapshot,
    createLinks: async (request) => {
      seen.requests.push(request)
      if (createLinks !== undefined) return createLinks(request)
      return request.targets.map((target) => answerFor(target.kind === 'local' ? target.path : ''))
    },
    copy: async (text) => void seen.copied.push(text),
    tell: (news, isSuccess) => seen.told.push({ news, isSuccess }),
    openWindow: () => seen.calls.push('window'),
    showFiles: (files) => seen.calls.push(files),
    ask: (questions, links) => seen.calls.push({ questions, links }),
    log: { info: () => undefined, warn: () => undefined, error: () => undefined },
  })
  const take = (action: RightClickRequest['action'], names: readonly string[], unusable = 0): void => {
    const paths = names.map((name) => `/home/docs/${name}` as AbsolutePath)
    rightClick.take({ action, paths, unusable })
  }
  return { seen, rightClick, take }
}

describe('copying links', () => {
  it('asks for all at once, copies them one a line, and says so', async () => {
    const { seen, take } = setUp()
    take('copy-link', ['b.txt', 'a.txt'])
    await vi.waitFor(() => {
      expect(seen.told).toHaveLength(1)
    })
    expect(seen.copied).toEqual(['https://b2/b.txt\nhttps://b2/a.txt'])
    expect(seen.requests).toEqual([
      {
        targets: [
          { kind: 'local', path: '/home/docs/b.txt' },
          { kind: 'local', path: '/home/docs/a.txt' },
        ],
        copiedTo: 'file-manager',
        onSiblings: 'ask',
        onOutside: 'ask',
      },
    ])
    expect(seen.told[0]).toEqual({
      news: { title: '2 links copied', body: 'b.txt, a.txt', view: 'overview' },
      isSuccess: true,
    })
  })

  it.each([
    [['a.txt'], 'Link copied', 'a.txt - works for 7 days', true],
    [['waiting.txt'], 'Link copied', 'waiting.txt - works as soon as it is in B2', true],
    [['a', 'waiting'], '2 links copied', '1 works as soon as its file is in B2', true],
    [['gone'], 'No link to gone', /^Not there\. /, false],
    [['a', 'gone'], '1 of 2 links copied', /^No link to gone: /, false],
    [['a', 'outside'], '1 of 2 links copied', '1 file needs an answer in Pail', false],
    [['gone', 'outside'], 'No link was copied', /^1 file needs an answer in Pail\nNo link to gone: /, false],
  ])('says of %j: %s', async (names, title, body, isSuccess) => {
    const { seen, take } = setUp()
    take('copy-link', names)
    await vi.waitFor(() => {
      expect(seen.told).toHaveLength(1)
    })
    expect(seen.told[0]).toMatchObject({ news: { title }, isSuccess })
    expect(seen.told[0]?.news.body).toEqual(typeof body === 'string' ? body : expect.stringMatching(body))
  })

  it('has the window ask about what only a person can say, and lets it say all there is to say', async () => {
    const { seen, take } = setUp()
    take('copy-link', ['sibling', 'outside'])
    await vi.waitFor(() => {
      expect(seen.calls).toHaveLength(1)
    })
    expect(seen.calls).toEqual([
      {
        questions: [
          { kind: 'siblings', path: '/home/docs/sibling', siblings },
          { kind: 'outside', path: '/home/docs/outside', sizeBytes: 5, bucketName: 'bucket' },
        ],
        links: [],
      },
    ])
    expect([seen.copied, seen.told]).toEqual([[], []])
  })

  it('leaves the clipboard alone and says what to do when it fails', async () => {
    const { seen, take } = setUp(async () => {
      throw new EngineError('network_unreachable', 'no route')
    })
    take('copy-link', ['a', 'b'])
    await vi.waitFor(() => {
      expect(seen.told).toHaveLength(1)
    })
    expect(seen.copied).toEqual([])
    expect(seen.told[0]).toMatchObject({ news: { title: 'No link was copied' }, isSuccess: false })
  })

  it('makes no link to what is on no disk of this computer, and none to more than it can', () => {
    const { seen, take } = setUp()
    take('copy-link', [], 1)
    const many = Array.from({ length: 1001 }, (_, index) => String(index))
    take('copy-link', many)
    expect(seen.told.map(({ news }) => news.body)).toEqual([
      'Only files of this computer can be linked. Copy it into a folder here first.',
      'At most 1,000 at once. Select fewer, or their folder.',
    ])
    expect(seen.requests).toEqual([])
  })

  it('waits for the engine, and does in the end what was asked for last', async () => {
    const { seen, rightClick, take } = setUp()
    const { snapshot } = seen
    seen.snapshot = null
    take('copy-link', ['a'])
    take('copy-link', ['b'])
    expect(seen.requests).toEqual([])
    seen.snapshot = snapshot
    rightClick.goOn()
    rightClick.goOn()
    await vi.waitFor(() => {
      expect(seen.copied).toEqual(['https://b2/a', 'https://b2/b'])
    })
  })

  it('says that there is none when the engine does not start', () => {
    const { seen, rightClick, take } = setUp()
    seen.snapshot = null
    take('copy-link', ['a'])
    rightClick.engineStateChanged({ kind: 'failed', reason: { kind: 'crashed', exitCode: 1, signal: null } })
    expect(seen.told).toMatchObject([{ news: { title: 'No link was copied' }, isSuccess: false }])
    rightClick.goOn()
    expect(seen.requests).toEqual([])
  })
})

describe('showing files', () => {
  it('opens the window at once, and says where the files are when that is known', () => {
    const { seen, rightClick, take } = setUp()
    const { snapshot } = seen
    seen.snapshot = null
    take('show', ['inner/a.txt'])
    rightClick.take({ action: 'show', paths: ['/elsewhere' as AbsolutePath], unusable: 0 })
    expect(seen.calls).toEqual(['window', 'window'])
    seen.snapshot = snapshot
    rightClick.goOn()
    expect(seen.calls.slice(2)).toEqual([
      [{ path: '/home/docs/inner/a.txt', place: { folderId: 3, path: 'inner/a.txt' } }],
      [{ path: '/elsewhere', place: null }],
    ])
  })
})
