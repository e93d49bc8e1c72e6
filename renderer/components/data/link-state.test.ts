import { afterEach, describe, expect, it } from 'vitest'
import type { UnixMs } from '../../../shared/ids.ts'
import type { Link, Siblings } from '../../../shared/model/link.ts'
import { speak } from '../../i18n/texts.ts'
import { actionsOf, leftWords, nameOf, opensMore, placeOf, wordsOf } from './link-state.ts'
import { linkOf } from './sample-link.ts'

const HOUR = 3_600_000
const DAY = 24 * HOUR

const now = new Date(2026, 10, 22, 14, 0).getTime()
const at = (ms: number) => (now + ms) as UnixMs
const siblings: Siblings = { samples: ['Taxes/2025.pdf.old'], count: 1, isMore: false, hiddenCount: 0 }

afterEach(() => {
  speak('en')
})

describe('leftWords', () => {
  it.each([
    [7 * DAY - 1000, '7 days left'],
    [2 * DAY, '2 days left'],
    [2 * DAY - 1000, '47 h left'],
    [HOUR, '1 h left'],
    [HOUR - 1000, '59 min left'],
    [30_000, 'less than a minute left'],
    [-5, 'less than a minute left'],
  ])('says of %d ms "%s"', (ms, words) => {
    expect(leftWords(now + ms, now)).toBe(words)
  })

  it('is German in German', () => {
    speak('de')
    expect(leftWords(now + 5 * HOUR, now)).toBe('noch 5 Std.')
  })
})

describe('wordsOf', () => {
  const say = (part: Partial<Link>) => {
    const { tone, words, note, left } = wordsOf(linkOf(part), now)
    return [tone, words, note, left]
  }

  it('says how long a link works, and stands out when that is less than a day', () => {
    expect(say({ expiresAt: at(3.5 * DAY) })).toEqual(['plain', '4 days left', null, 0.5])
    expect(say({ expiresAt: at(DAY - 1) }).slice(0, 3)).toEqual(['wait', '23 h left', null])
    expect(wordsOf(linkOf({ expiresAt: at(5 * HOUR) }), now).title).toMatch(/^Works until Sun 22 Nov, 19:00\./)
  })

  it('knows no end of a link to a public bucket', () => {
    expect(say({ expiresAt: null, isPublic: true })).toEqual(['plain', 'No end', null, null])
  })

  it('says that a link opens nothing while its file is gone', () => {
    expect(say({ isGone: true, expiresAt: at(5 * HOUR) })).toEqual(['wait', 'Opens nothing', 'gone from B2', null])
    expect(wordsOf(linkOf({ isGone: true, expiresAt: at(5 * HOUR) }), now).title).toMatch(/until Sun 22 Nov, 19:00\.$/)
    expect(wordsOf(linkOf({ isGone: true, expiresAt: null, isPublic: true }), now).title).toMatch(/is back\.$/)
  })

  it('says what a promised link waits for', () => {
    expect(say({ state: 'promised', expiresAt: at(DAY) })).toEqual([
      'plain',
      'Works once it is uploaded',
      'until Mon 23 Nov, 14:00',
      null,
    ])
    expect(say({ state: 'promised', behind: 'copy', expiresAt: at(DAY) })[1]).toBe('Being made in B2')
  })

  it('says why a promise was not kept', () => {
    expect(say({ state: 'failed', code: 'file_unreadable' })).toEqual([
      'danger',
      'Will not work',
      'May not be read',
      null,
    ])
  })

  it('says when a link was over', () => {
    expect(say({ state: 'expired', expiresAt: at(-3 * HOUR) })).toEqual(['muted', 'Time is over', '3 h ago', null])
    expect(say({ state: 'ended', behind: 'copy', endedAt: at(-2 * DAY), expiresAt: at(DAY) })).toEqual([
      'muted',
      'Ended by you',
      '2 days ago',
      null,
    ])
  })

  it('does not say that an address is dead which opens the file still', () => {
    const ended = { state: 'ended', endedAt: at(-HOUR) } as const
    expect(say({ ...ended, expiresAt: at(DAY) })).toEqual(['wait', 'Opens still', 'until Mon 23 Nov, 14:00', null])
    expect(say({ ...ended, expiresAt: null, isPublic: true })).toEqual(['wait', 'Opens still', 'as before', null])
    expect(say({ ...ended, expiresAt: at(-1) })).toEqual(['muted', 'Ended by you', '1 h ago', null])
  })
})

describe('actionsOf', () => {
  it.each<[string, Partial<Link>, readonly string[]]>([
    ['a link that works', {}, ['copy', 'renew', 'end', 'show']],
    ['one to a public bucket', { isPublic: true, expiresAt: null }, ['copy', 'end', 'show']],
    ['one whose file is gone', { isGone: true }, ['copy', 'end', 'show']],
    ['one in no folder', { folderId: null, path: null }, ['copy', 'renew', 'end']],
    ['one whose time is over', { state: 'expired' }, ['again', 'show']],
    ['one to a public bucket that was ended', { state: 'ended', isPublic: true }, ['show']],
  ])('offers for %s what is possible', (_, part, actions) => {
    expect(actionsOf(linkOf(part))).toEqual(actions)
  })
})

describe('opensMore', () => {
  it('is true until a person has said that this is meant, or the link is over', () => {
    expect(opensMore(linkOf())).toBe(false)
    expect(opensMore(linkOf({ opensToo: siblings }))).toBe(true)
    expect(opensMore(linkOf({ opensToo: siblings, isAccepted: true }))).toBe(false)
    expect(opensMore(linkOf({ opensToo: siblings, state: 'expired' }))).toBe(false)
  })
})

describe('what a link is called and where it is', () => {
  it.each<[Partial<Link>, string, string]>([
    [{}, '2025.pdf', 'maria-backup/Taxes'],
    [{ shared: 'Photos/Summer/', isFolder: true, behind: 'index' }, 'Summer', 'maria-backup/Photos'],
    [{ shared: 'top.txt' }, 'top.txt', 'maria-backup'],
    [{ shared: '/home/maria/Desk/plan.odt', behind: 'upload' }, 'plan.odt', '/home/maria/Desk'],
  ])('%j', (part, name, place) => {
    expect([nameOf(linkOf(part)), placeOf(linkOf(part))]).toEqual([name, place])
  })
})
