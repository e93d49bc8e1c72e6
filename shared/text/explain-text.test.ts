import { describe, expect, it } from 'vitest'
import { ErrorCode } from '../errors.ts'
import { UnixMs } from '../ids.ts'
import { IgnoreSource, SkipReason, type Explanation, type IgnoreReason } from '../model/explanation.ts'
import { explainSkipped, explainText, skippedWords } from './explain-text.ts'

const now = new Date(2026, 10, 22, 14, 0)
const at = (hours: number, minutes = 0) => UnixMs.parse(new Date(2026, 10, 22, hours, minutes).getTime())
const said = (explanation: Explanation) => explainText(explanation, now.getTime())
const rule = (source: IgnoreSource, line: number | null = null): IgnoreReason => ({ source, rule: '*.tmp', line })

describe('explainText', () => {
  it.each<[Explanation, string]>([
    [{ kind: 'in-sync', uploadedAt: null }, 'It is in B2 as it is here. There is nothing to do.'],
    [{ kind: 'in-sync', uploadedAt: at(9, 5) }, 'It is in B2 as it is here, since Sun 22 Nov, 09:05.'],
    [{ kind: 'ignored', reason: rule('built-in') }, 'temporary and system files: this one matches *.tmp.'],
    [{ kind: 'ignored', reason: rule('settings', 3) }, "The rule *.tmp (line 3 of this folder's ignore rules) leaves"],
    [{ kind: 'ignored', reason: rule('settings') }, "The rule *.tmp (this folder's ignore rules) leaves it out."],
    [{ kind: 'ignored', reason: rule('.pailignore', 2) }, 'The rule *.tmp (line 2 of .pailignore) leaves it out.'],
    [{ kind: 'skipped', reason: 'symlink' }, 'It is a symbolic link'],
    [{ kind: 'waiting', code: null, nextAttemptAt: null }, 'It waits for its turn and is sent by itself.'],
    [{ kind: 'waiting', code: 'timeout', nextAttemptAt: at(14, 1) }, 'tries again by itself. Next try in 1 min.'],
    [{ kind: 'waiting', code: 'timeout', nextAttemptAt: at(13, 59) }, 'B2 took too long to answer.'],
    [{ kind: 'put-off', until: at(14, 30) }, 'You left it for later: it waits until 14:30, or until it changes.'],
    [{ kind: 'put-off', until: at(13, 30) }, 'Its time has come'],
    [{ kind: 'blocked', code: 'file_unreadable' }, 'Pail may not read this file. Change its permissions'],
    [{ kind: 'out-of-hours', until: at(22) }, 'It waits until 22:00; nothing is lost.'],
    [{ kind: 'paused', until: null }, 'Pail is paused. Resume, and it is sent.'],
    [{ kind: 'paused', until: at(14, 30) }, 'Pail is paused until 14:30 and sends it then.'],
  ])('says for %j: %s', (explanation, part) => {
    expect(said(explanation)).toContain(part)
  })

  it('never promises a next try that is in the past', () => {
    expect(said({ kind: 'waiting', code: 'timeout', nextAttemptAt: at(13, 59) })).not.toContain('Next try')
  })

  const all: readonly Explanation[] = [
    { kind: 'in-sync', uploadedAt: at(9) },
    ...IgnoreSource.options.map((source): Explanation => ({ kind: 'ignored', reason: rule(source, 1) })),
    ...SkipReason.options.map((reason): Explanation => ({ kind: 'skipped', reason })),
    ...ErrorCode.options.map((code): Explanation => ({ kind: 'blocked', code })),
    { kind: 'settling', waiting: null },
    ...(['changing', 'restless'] as const).map((why): Explanation => ({
      kind: 'settling',
      waiting: { since: at(13), why, until: at(15), latest: at(16) },
    })),
    { kind: 'waiting', code: null, nextAttemptAt: null },
    { kind: 'sending' },
    { kind: 'put-off', until: at(15) },
    { kind: 'paused', until: at(15) },
    { kind: 'out-of-hours', until: at(15) },
    { kind: 'leaving' },
    { kind: 'kept' },
    { kind: 'directory' },
    { kind: 'not-there' },
    { kind: 'unknown' },
  ]
  it('has whole sentences, a different one for each answer', () => {
    const sentences = all.map(said)
    for (const sentence of sentences) expect(sentence).toMatch(/^[A-Z].{15,300}\.$/s)
    expect(new Set(sentences).size).toBe(all.length)
  })
})

describe('what is said of rows that are never sent', () => {
  it.each(SkipReason.options)('has a few words and a sentence for %s', (reason) => {
    const row = { path: 'a', reason, rule: null }
    expect(skippedWords(row)).toMatch(/^[A-Z].{4,25}$/)
    expect(explainSkipped(row)).toBe(said({ kind: 'skipped', reason }))
  })

  it.each([
    ['built-in', 'Temporary or system file'],
    ['own-data', 'Belongs to Pail'],
    ['settings', 'Rule *.tmp'],
    ['.pailignore', 'Rule *.tmp'],
  ] as const)('names the rule of a person, and says of one that is %s: %s', (source, words) => {
    const row = { path: 'a', reason: 'ignored', rule: rule(source, 4) } as const
    expect(skippedWords(row)).toBe(words)
    expect(explainSkipped(row)).toBe(said({ kind: 'ignored', reason: row.rule }))
  })
})
