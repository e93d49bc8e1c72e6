import { Command } from 'commander'
import { describe, expect, it } from 'vitest'
import type { BandwidthRule } from '../../shared/model/bandwidth.ts'
import { limitsOf } from './limit-flags.ts'
import { addSyncFlags, answerOf, assertConfirmed, settingsOf, type SyncFlags } from './sync-flags.ts'

function parse(...args: readonly string[]): SyncFlags {
  const command = addSyncFlags(new Command('sync'))
    .exitOverride()
    .configureOutput({ writeErr: () => {} })
  return command.parse(args, { from: 'user' }).opts<SyncFlags>()
}

describe('the flags of pail sync', () => {
  it('change no setting that was not named', () => {
    expect([settingsOf(parse()), answerOf(parse())]).toEqual([{}, null])
  })

  it('gather rules, one a line, in their order', () => {
    const flags = parse('--ignore', '*.tmp', '--ignore', '!keep.tmp', '--ignore', '/build dir/')
    expect(settingsOf(flags)).toEqual({ ignoreRules: '*.tmp\n!keep.tmp\n/build dir/' })
  })

  it.each([
    ['keep', { kind: 'keep' }],
    ['hide', { kind: 'hide' }],
    ['hide:30', { kind: 'hide-then-remove', days: 30 }],
    ['delete', { kind: 'delete' }],
  ])('read --deletions %s', (text, deletionPolicy) => {
    expect(settingsOf(parse('--deletions', text))).toEqual({ deletionPolicy })
  })

  it.each([
    '',
    'remove',
    'hide:',
    'hide:0',
    'hide:1.5',
    'hide:3651',
    'hide:x',
    'keep:3',
    'delete:1',
    'hide-then-remove',
  ])('refuse --deletions %j', (text) => {
    expect(() => parse('--deletions', text)).toThrow(/It is keep, hide, hide:DAYS/)
  })

  it.each([
    ['1', 1],
    ['2.5', 2.5],
    ['604800', 604_800],
  ])('read --delete-delay %s', (text, deleteDelaySeconds) => {
    expect(settingsOf(parse('--delete-delay', text))).toEqual({ deleteDelaySeconds })
  })

  it.each(['', '0', '-1', '604801', 'soon'])('refuse --delete-delay %j', (text) => {
    expect(() => parse('--delete-delay', text)).toThrow(/number of seconds/)
  })

  it.each([
    ['10000', 10_000],
    ['500k', 500_000],
    ['500K', 500_000],
    ['2M', 2_000_000],
    ['1.5m', 1_500_000],
    ['1.5 MB/s', 1_500_000],
    ['20kB', 20_000],
    ['1g', 1_000_000_000],
    ['none', null],
  ])('read --limit-up %j, and --limit-down alike', (text, rate) => {
    expect(limitsOf(parse('--limit-up', text))).toEqual({ up: rate })
    expect(limitsOf(parse('--limit-down', text))).toEqual({ down: rate })
  })

  it.each(['', '0', '9999', '2 Mbit', '2Mb/h', '-1M', '2T', '1e6', 'M', 'fast', '9999G', '1,5M', 'NaN'])(
    'refuse --limit-up %j',
    (text) => {
      expect(() => parse('--limit-up', text)).toThrow(/bytes a second, from 10k on/)
    },
  )

  it('limit nothing that was not named', () => {
    expect(limitsOf(parse())).toEqual({})
    expect(limitsOf(parse('--limit-up', '1M', '--limit-down', 'none'))).toEqual({ up: 1_000_000, down: null })
  })

  it.each<[text: string, rule: Partial<BandwidthRule>]>([
    [
      'mon-fri 08:00-18:00 500k',
      { days: ['mon', 'tue', 'wed', 'thu', 'fri'], from: '08:00', to: '18:00', up: 500_000 },
    ],
    ['sat,sun 22:00-6:00 none', { days: ['sat', 'sun'], from: '22:00', to: '06:00', up: null }],
    ['Fri-Mon  9:30-12:00  1.5 MB/s', { days: ['fri', 'sat', 'sun', 'mon'], from: '09:30', up: 1_500_000 }],
    ['12:00-13:00 2M', { days: ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'], up: 2_000_000, down: 2_000_000 }],
    ['mon,mon-tue 00:00-00:00 20k', { days: ['mon', 'tue'], from: '00:00', to: '00:00' }],
  ])('read --limit-at %j', (text, rule) => {
    expect(limitsOf(parse('--limit-at', text)).rules).toEqual([expect.objectContaining(rule)])
  })

  it('gather rules for the week in their order', () => {
    const { rules } = limitsOf(parse('--limit-at', 'mon 08:00-09:00 1M', '--limit-at', '08:00-18:00 2M'))
    expect(rules?.map(({ up }) => up)).toEqual([1_000_000, 2_000_000])
  })

  it.each(['', '500k', '08:00-18:00', 'monday 08:00-18:00 1M', 'mon- 08:00-18:00 1M', '25:00-26:00 1M', 'mon 8-18 1M'])(
    'refuse --limit-at %j',
    (text) => {
      expect(() => parse('--limit-at', text)).toThrow(/looks like 'mon-fri/)
    },
  )

  it.each([
    ['1', 1],
    ['128', 128],
    ['auto', 'auto'],
  ])('read --transfers %s', (text, transfers) => {
    expect(parse('--transfers', text).transfers).toBe(transfers)
  })

  it.each(['', '0', '129', '2.5', 'many'])('refuse --transfers %j', (text) => {
    expect(() => parse('--transfers', text)).toThrow(/from 1 to 128, or auto/)
  })

  it('name one list and one answer to it', () => {
    expect([answerOf(parse('--apply', 'a1')), answerOf(parse('--keep', 'b2'))]).toEqual([
      { listId: 'a1', answer: 'apply' },
      { listId: 'b2', answer: 'keep' },
    ])
    expect(() => parse('--apply', 'a1', '--keep', 'a1')).toThrow(/cannot be used with/)
  })

  it.each([
    [['--deletions', 'delete'], false],
    [['--deletions', 'delete', '--confirm', 'Photos'], false],
    [['--deletions', 'delete', '--confirm', 'photos'], true],
    [['--deletions', 'hide'], true],
    [[], true],
  ])('%j is confirmed for the bucket photos: %s', (args, isConfirmed) => {
    const check = () => {
      assertConfirmed(parse(...args), 'photos')
    }
    if (isConfirmed) expect(check).not.toThrow()
    else expect(check).toThrow(expect.objectContaining({ code: 'confirmation_wrong' }))
  })
})
