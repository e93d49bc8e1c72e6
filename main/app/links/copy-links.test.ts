import { describe, expect, it } from 'vitest'
import { EngineError } from '../../../shared/errors.ts'
import type { AbsolutePath } from '../../../shared/ids.ts'
import type { Link, LinkAnswer, LinkRequest, LinkTarget } from '../../../shared/model/link.ts'
import { formatMoment } from '../../../shared/format/moment.ts'
import type { News } from '../notifications/news.ts'
import { copyLinks } from './copy-links.ts'

const expiresAt = Date.parse('2026-12-01T10:00:00Z')

/** Answers as the name of the file asks for. */
function answerFor(target: LinkTarget): LinkAnswer {
  const name = (target.kind === 'object' ? target.url : target.path).replace(/.*\//, '')
  const siblings = { samples: ['docs/a.txt.old'], count: 1, isMore: false, hiddenCount: 0 }
  if (name.startsWith('outside')) return { kind: 'outside', sizeBytes: 5, bucketName: 'bucket' }
  if (name.startsWith('sibling')) return { kind: 'siblings', siblings, sharedName: name }
  if (name.startsWith('gone')) return { kind: 'refused', code: 'not_found', details: {} }
  const state = name.startsWith('waiting') ? 'promised' : 'ready'
  const end = name.startsWith('public') ? null : expiresAt
  return { kind: state, link: { url: `https://b2/${name}`, shared: `docs/${name}`, state, expiresAt: end } as Link }
}

async function copy(
  names: readonly string[],
  { unusable = 0, isNewsWanted = true, failure = null as Error | null } = {},
) {
  const seen = { requests: [] as LinkRequest[], copied: [] as string[], told: [] as News[], asked: [] as unknown[] }
  const targets = names.map((name) => ({ kind: 'local', path: `/home/docs/${name}` as AbsolutePath }) as const)
  await copyLinks(
    { targets, copiedTo: 'file-manager', unusable },
    {
      createLinks: async (request) => {
        seen.requests.push(request)
        if (failure !== null) throw failure
        return request.targets.map(answerFor)
      },
      writeText: (text) => void seen.copied.push(text),
      tell: (news) => seen.told.push(news),
      isNewsWanted: () => isNewsWanted,
      askInWindow: (question) => seen.asked.push(question),
      log: { info: () => undefined, warn: () => undefined, error: () => undefined },
    },
  )
  return seen
}

describe('copyLinks', () => {
  it('asks for all at once and copies them one a line, in their order', async () => {
    const { requests, copied, told, asked } = await copy(['b.txt', 'a.txt'])
    expect(requests).toEqual([
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
    expect(copied).toEqual(['https://b2/b.txt\nhttps://b2/a.txt'])
    expect(told).toEqual([{ title: '2 links copied', body: 'b.txt, a.txt', view: 'links' }])
    expect(asked).toEqual([])
  })

  it.each([
    [['a.txt'], 'Link copied', `a.txt - works until ${formatMoment(new Date(expiresAt))}`],
    [['public.txt'], 'Link copied', 'public.txt - works as long as the file is there'],
    [['waiting.txt'], 'Link copied', 'waiting.txt - works as soon as it is in B2'],
    [['a', 'waiting'], '2 links copied', '1 works as soon as its file is in B2'],
    [['a', 'b', 'c', 'd'], '4 links copied', 'a, b, c, ...'],
    [['gone'], 'No link to gone', /^Not there\. /],
    [['a', 'gone'], '1 of 2 links copied', /^No link to gone: Not there\. /],
    [['gone 1', 'gone 2'], 'No link was copied', /^No link to gone 1: /],
  ])('says of %j: %s', async (names, title, body) => {
    const { told } = await copy(names)
    expect(told).toHaveLength(1)
    expect(told[0]?.title).toBe(title)
    expect(told[0]?.body).toEqual(typeof body === 'string' ? body : expect.stringMatching(body))
  })

  it('says what there can be no link to, beside those that there are', async () => {
    const { copied, told } = await copy(['a'], { unusable: 2 })
    expect(copied).toEqual(['https://b2/a'])
    expect(told).toMatchObject([
      { title: '1 of 3 links copied', body: expect.stringMatching(/^There are links only to/) },
    ])
  })

  it('says nothing of links that were copied to who does not want to hear it, and always what went wrong', async () => {
    expect((await copy(['a'], { isNewsWanted: false })).told).toEqual([])
    expect((await copy(['a', 'gone'], { isNewsWanted: false })).told).toHaveLength(1)
  })

  it('hands all of them with their answers to the window where a person has to be asked', async () => {
    const { copied, told, asked } = await copy(['a', 'sibling', 'outside'])
    expect(asked).toMatchObject([
      {
        targets: [{ path: '/home/docs/a' }, { path: '/home/docs/sibling' }, { path: '/home/docs/outside' }],
        answers: [{ kind: 'ready' }, { kind: 'siblings' }, { kind: 'outside' }],
        copiedTo: 'file-manager',
      },
    ])
    expect([copied, told]).toEqual([[], []])
  })

  it('leaves the clipboard alone and says what to do when it fails', async () => {
    const failure = new EngineError('network_unreachable', 'no route')
    expect((await copy(['a'], { failure })).told).toMatchObject([{ title: 'No link to a' }])
    const { copied, told } = await copy(['a', 'b'], { failure })
    expect(copied).toEqual([])
    expect(told).toMatchObject([{ title: 'No link was copied', body: expect.stringMatching(/\S/) }])
  })
})
