import { describe, expect, it, vi } from 'vitest'
import type { AbsolutePath, FolderId } from '../../../shared/ids.ts'
import type { EngineSnapshot } from '../../../shared/model/snapshot.ts'
import type { WantedLinks } from '../links/copy-links.ts'
import type { News } from '../notifications/news.ts'
import type { RightClickRequest } from './request.ts'
import { RightClick } from './right-click.ts'

function setUp() {
  const folders = [{ folderId: 3 as FolderId, root: '/home/docs' as AbsolutePath }]
  const seen = {
    snapshot: { folders } as EngineSnapshot | null,
    wanted: [] as WantedLinks[],
    told: [] as News[],
    calls: [] as unknown[],
    /** Ends the copying that is under way. */
    copied: (): void => undefined,
  }
  const rightClick = new RightClick({
    snapshot: () => seen.snapshot,
    copyLinks: (wanted) => {
      seen.wanted.push(wanted)
      return new Promise((resolve) => {
        seen.copied = resolve
      })
    },
    tell: (news) => seen.told.push(news),
    openWindow: () => seen.calls.push('window'),
    showFiles: (files) => seen.calls.push(files),
  })
  const take = (action: RightClickRequest['action'], names: readonly string[], unusable = 0): void => {
    const paths = names.map((name) => `/home/docs/${name}` as AbsolutePath)
    rightClick.take({ action, paths, unusable })
  }
  return { seen, rightClick, take }
}

const wantedFor = (name: string, unusable = 0) => ({
  targets: [{ kind: 'local', path: `/home/docs/${name}` }],
  copiedTo: 'file-manager',
  unusable,
})

describe('copying links', () => {
  it('does one request after the other, so that the last one is in the clipboard in the end', async () => {
    const { seen, take } = setUp()
    take('copy-link', ['a'], 1)
    take('copy-link', ['b'])
    await vi.waitFor(() => {
      expect(seen.wanted).toEqual([wantedFor('a', 1)])
    })
    seen.copied()
    await vi.waitFor(() => {
      expect(seen.wanted).toEqual([wantedFor('a', 1), wantedFor('b')])
    })
  })

  it('waits for the engine, and does it once', async () => {
    const { seen, rightClick, take } = setUp()
    const { snapshot } = seen
    seen.snapshot = null
    take('copy-link', ['a'])
    expect(seen.wanted).toEqual([])
    seen.snapshot = snapshot
    rightClick.goOn()
    rightClick.goOn()
    await vi.waitFor(() => {
      expect(seen.wanted).toEqual([wantedFor('a')])
    })
  })

  it('says that there is none when the engine does not start, and does not do it later', () => {
    const { seen, rightClick, take } = setUp()
    const { snapshot } = seen
    seen.snapshot = null
    take('copy-link', ['a'])
    rightClick.engineStateChanged({ kind: 'failed', reason: { kind: 'crashed', exitCode: 1, signal: null } })
    expect(seen.told).toMatchObject([{ title: 'No link was copied' }])
    seen.snapshot = snapshot
    rightClick.goOn()
    expect(seen.wanted).toEqual([])
  })

  it('says why where nothing that was chosen is on this computer, and where it is too much', () => {
    const { seen, take } = setUp()
    take('copy-link', [], 1)
    take(
      'copy-link',
      Array.from({ length: 1001 }, (_, index) => String(index)),
    )
    take('show', [], 1)
    expect(seen.told.map(({ body }) => body)).toEqual([
      'There are links only to files of this computer. Copy others here first.',
      'At most 1,000 at once. Select fewer, or their folder.',
      'Pail shows only files of this computer.',
    ])
    expect(seen.wanted).toEqual([])
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
