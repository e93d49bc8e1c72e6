import { beforeEach, describe, expect, it, vi } from 'vitest'
import { LinkId, type Link, type LinkQuery } from '../../../shared/model/link.ts'
import { LinkList } from './link-list.ts'
import { linkOf } from '../../components/data/sample-link.ts'

/** The engine's side: ids of the register, and the questions that were asked. */
let ids: number[]
let asked: LinkQuery[]
let failure: Error | null
let list: LinkList

beforeEach(() => {
  ids = Array.from({ length: 450 }, (_, index) => 450 - index)
  asked = []
  failure = null
  list = new LinkList({ which: 'active', text: 'tax' }, { ask, textOf: () => ({ title: 'Trouble', advice: 'Wait.' }) })
})

function ask(query: LinkQuery): Promise<readonly Link[]> {
  asked.push(query)
  if (failure !== null) return Promise.reject(failure)
  const { before = Infinity, limit } = query
  const page = ids.filter((id) => id < before).slice(0, limit)
  return Promise.resolve(page.map((id) => linkOf({ linkId: LinkId.parse(id) })))
}

const settled = (count: number) => vi.waitUntil(() => list.state().links.length === count)
const shownIds = () => list.state().links.map(({ linkId }) => Number(linkId))

describe('LinkList', () => {
  it('loads a page when it is first looked at, and more as one scrolls, to the end', async () => {
    list.look(1)
    await settled(200)
    expect(list.state()).toMatchObject({ isLoaded: true, hasMore: true, failure: null })
    list.more()
    await settled(400)
    list.more()
    await settled(450)
    expect(list.state().hasMore).toBe(false)
    list.more()
    expect(asked.map(({ which, text, before }) => [which, text, Number(before ?? 0)])).toEqual([
      ['active', 'tax', 0],
      ['active', 'tax', 251],
      ['active', 'tax', 51],
    ])
    expect(shownIds()).toEqual(ids)
  })

  it('asks anew for all that is known when the register has changed, and only then', async () => {
    list.look(1)
    await settled(200)
    list.more()
    await settled(400)
    list.look(1)
    expect(asked).toHaveLength(2)
    ids = [451, ...ids.filter((id) => id !== 300)]
    list.look(2)
    await vi.waitUntil(() => shownIds()[0] === 451)
    expect(shownIds()).toEqual(ids.slice(0, 400))
  })

  it('keeps what says the same as it was', async () => {
    list.look(1)
    await settled(200)
    const [first] = list.state().links
    list.look(2)
    await vi.waitUntil(() => asked.length === 2)
    expect(list.state().links[0]).toBe(first)
  })

  it('takes a change that comes while it asks into account', async () => {
    list.look(1)
    ids = [7]
    list.look(2)
    await vi.waitUntil(() => shownIds()[0] === 7)
    expect(shownIds()).toEqual([7])
  })

  it('says why nothing came, does not ask on by itself, and goes on when it is told to', async () => {
    failure = new Error('no engine')
    list.look(1)
    await vi.waitUntil(() => list.state().failure !== null)
    expect(list.state()).toMatchObject({ isLoaded: false, failure: { title: 'Trouble' } })
    list.more()
    expect(asked).toHaveLength(1)
    failure = null
    list.renew()
    await settled(200)
    expect(list.state().failure).toBeNull()
  })

  it('tells its listeners until they leave', async () => {
    const listener = vi.fn()
    const leave = list.subscribe(listener)
    list.look(1)
    await settled(200)
    expect(listener).toHaveBeenCalledTimes(1)
    leave()
    list.look(2)
    await vi.waitUntil(() => asked.length === 2)
    expect(listener).toHaveBeenCalledTimes(1)
  })
})
