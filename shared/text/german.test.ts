import { commonReason } from './name-reason.ts'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { checkRemoteName } from '../../main/engine/b2/names.ts'
import { ErrorCode } from '../errors.ts'
import type { UnixMs } from '../ids.ts'
import { setLanguage } from '../language.ts'
import { Decision, DecisionKind } from '../model/decision.ts'
import { IgnoreSource, SkipReason, type Explanation } from '../model/explanation.ts'
import type { Status } from '../model/status.ts'
import { decisionText } from './decision-text.ts'
import { explainSkipped, explainText, skippedWords } from './explain-text.ts'
import { pauseChoices } from './pause-text.ts'
import { problemText } from './problem-text.ts'
import { statusText, statusWords } from './status-text.ts'

const NOW = new Date(2026, 10, 22, 14, 0).getTime() as UnixMs

beforeEach(() => {
  setLanguage('de')
})

afterEach(() => {
  setLanguage('en')
})

/** What stays as it is in every language. */
const left = /undefined|null|NaN|\[object|\b(the|is|are|and|files?|folder|your)\b/

describe('problemText in German', () => {
  it.each(ErrorCode.options)('says of %s in plain words what it is and what to do, with no details known', (code) => {
    const { title, advice } = problemText(code)
    expect(title).toMatch(/^[A-ZÄÖÜ][^.!]{3,48}$/)
    expect(advice).toMatch(/^[A-ZÄÖÜ].{15,330}\.$/s)
    expect(`${title} ${advice}`).not.toMatch(left)
  })

  it('has a sentence of its own for every code', () => {
    expect(new Set(ErrorCode.options.map((code) => problemText(code).advice)).size).toBe(ErrorCode.options.length)
  })

  it.each([
    [
      'capability_missing',
      { capability: 'writeFiles' },
      'darf nicht Dateien hochladen: Ihm fehlt das Recht writeFiles.',
    ],
    ['root_missing', { root: '/mnt/usb' }, 'Der Ordner /mnt/usb ist nicht da.'],
    ['root_emptied', { root: '/mnt/usb', files: 12 }, 'Der Ordner /mnt/usb enthielt 12 Dateien'],
    ['mass_deletion', { root: '/mnt/usb', files: 1200 }, '1.200 Dateien sind auf einmal weg aus /mnt/usb'],
    ['mass_deletion', { root: '/mnt/usb', files: 1 }, '1 Datei ist weg aus /mnt/usb, darum hat Pail angehalten.'],
    ['mass_emptied', { files: 12 }, '12 Dateien wurden auf einmal leer in diesem Ordner'],
    [
      'watch_limit_reached',
      { root: '/f', folders: 1203, sample: 'a' },
      '1.203 Ordner in /f (etwa a) werden stattdessen',
    ],
  ] as const)('works the details of %s into its sentence', (code, details, part) => {
    expect(problemText(code, details).advice).toContain(part)
  })

  it.each(['', '/a', 'a/', 'a//b', 'a/../b', 'bell\u0007', 'x\ud800/y', 'x'.repeat(300), 'abc/'.repeat(300) + 'a'])(
    'says in German why the name %j is refused',
    (name) => {
      const reason = checkRemoteName(name) ?? ''
      const { advice } = problemText('name_not_allowed', { reason })
      expect(reason).not.toBe('')
      expect(advice).not.toContain(reason)
      expect(advice).not.toMatch(/\b(it|one|with|of|place|its|bytes in UTF-8, more)\b/)
      const common = problemText('name_not_allowed', { reason: commonReason(reason) }).advice
      expect(common).not.toContain(commonReason(reason))
      expect(common).not.toMatch(/\b(it|one|with|of|place|its|more|undefined)\b/)
    },
  )

  it('leaves in its own words what B2 says about a name', () => {
    expect(problemText('name_not_allowed', { reason: 'Bad file name' }).advice).toContain(': Bad file name.')
  })
})

describe('statusText in German', () => {
  it.each<[Status, string]>([
    [{ kind: 'not-set-up', missing: 'account' }, 'Noch nicht mit B2 verbunden'],
    [
      { kind: 'up-to-date', files: 12_431, checkedAt: (NOW - 120_000) as UnixMs },
      'Aktuell - 12.431 Dateien - geprüft vor 2 Min.',
    ],
    [{ kind: 'checking', filesSeen: 1 }, 'Wird geprüft - 1 Datei gesehen'],
    [
      { kind: 'sending', files: 214, bytes: 1, bytesPerSecond: 18_000_000, secondsLeft: 180 },
      '214 Dateien werden hochgeladen - noch 3 Min. - 18 MB/s',
    ],
    [
      { kind: 'waiting', files: 2, code: 'timeout', nextAttemptAt: (NOW + 20_000) as UnixMs },
      'B2 antwortet nicht - 2 Dateien warten - nächster Versuch in 20 Sek.',
    ],
    [
      { kind: 'waiting', files: 2, code: null, nextAttemptAt: (NOW + 600_000) as UnixMs, isPutOff: true },
      '2 Dateien auf später verschoben - nächster Versuch in 10 Min.',
    ],
    [
      { kind: 'waiting', files: 2, code: null, nextAttemptAt: (NOW + 1_800_000) as UnixMs, isOutOfHours: true },
      'Wartet bis 14:30 - 2 Dateien warten',
    ],
    [{ kind: 'paused', files: 2, until: (NOW + 1_800_000) as UnixMs }, 'Pausiert bis 14:30 - 2 Dateien warten'],
    [{ kind: 'offline', since: NOW, files: 1 }, 'Keine Verbindung zu B2 seit 14:00 - 1 Datei wartet'],
    [{ kind: 'held', code: 'root_emptied' }, 'Zur Sicherheit angehalten - Der Ordner ist plötzlich leer'],
    [{ kind: 'problem', problems: 3, code: 'key_rejected' }, 'Eingriff nötig - 3 Probleme'],
  ])('says for %j: %s', (status, text) => {
    expect(statusText(status, NOW)).toBe(text)
  })

  it('has a word for every state', () => {
    expect(Object.values(statusWords()).every((word) => word.length <= 18)).toBe(true)
  })
})

describe('explainText in German', () => {
  const rule = (source: IgnoreSource) => ({ source, rule: '*.tmp', line: 3 })
  const at = (NOW + 60_000) as UnixMs
  const all: readonly Explanation[] = [
    { kind: 'in-sync', uploadedAt: NOW },
    ...IgnoreSource.options.map((source): Explanation => ({ kind: 'ignored', reason: rule(source) })),
    ...SkipReason.options.map((reason): Explanation => ({ kind: 'skipped', reason })),
    { kind: 'settling', waiting: null },
    ...(['changing', 'restless'] as const).map((why): Explanation => ({
      kind: 'settling',
      waiting: { since: NOW, why, until: at, latest: at },
    })),
    { kind: 'waiting', code: null, nextAttemptAt: at },
    { kind: 'sending' },
    { kind: 'put-off', until: at },
    { kind: 'put-off', until: NOW },
    { kind: 'paused', until: at },
    { kind: 'out-of-hours', until: at },
    { kind: 'paused', until: null },
    { kind: 'leaving' },
    { kind: 'kept' },
    { kind: 'directory' },
    { kind: 'not-there' },
    { kind: 'unknown' },
  ]

  it('has whole sentences, a different one for each answer', () => {
    const sentences = all.map((explanation) => explainText(explanation, NOW))
    for (const sentence of sentences) {
      expect(sentence).toMatch(/^[A-ZÄÖÜ].{15,300}\.$/s)
      expect(sentence).not.toMatch(left)
    }
    expect(new Set(sentences).size).toBe(all.length)
  })

  it.each(SkipReason.options)('has a few words and a sentence for %s', (reason) => {
    const row = { path: 'a', reason, rule: null }
    expect(skippedWords(row)).toMatch(/^[A-ZÄÖÜ].{4,25}$/)
    expect(explainSkipped(row)).toBe(explainText({ kind: 'skipped', reason }, NOW))
  })
})

describe('decisionText in German', () => {
  const words = (kind: DecisionKind, files: number) =>
    decisionText(
      Decision.parse({ kind, listId: 'x', files, totalFiles: 12_500, bytes: 48_300_000_000, samples: ['a'] }),
      'Dokumente',
      { kind: 'hide-then-remove', days: 30 },
    )

  it.each<[DecisionKind, number, string, string]>([
    ['deleted', 12_431, '12.431 Dateien in B2 behalten', '12.431 Dateien in B2 ausblenden'],
    ['deleted', 1, '1 Datei in B2 behalten', '1 Datei in B2 ausblenden'],
    ['emptied', 447, 'Behalten, was B2 hat', '447 leere Dateien hochladen'],
    ['overwrite', 9, '9 Dateien in B2 behalten', '9 Dateien in B2 ersetzen'],
  ])('names outcome and count on the buttons: %s, %d files', (kind, files, keep, apply) => {
    const text = words(kind, files)
    expect([text.keep.label, text.apply.label]).toEqual([keep, apply])
  })

  it.each(DecisionKind.options)('speaks of one file as of one, of several as of several: %s', (kind) => {
    const all = (files: number) => JSON.stringify(words(kind, files))
    expect(all(1)).not.toMatch(/\b1 (leere )?Dateien\b|\b1 Datei (sind|haben|bleiben|werden|fehlen)\b/)
    expect(all(2)).not.toMatch(/\b2 (leere )?Datei\b|\b2 Dateien (ist|hat|bleibt|wird|fehlt)\b/)
    expect(all(2)).not.toMatch(left)
  })

  it('says for how long hidden files stay', () => {
    expect(words('deleted', 80).apply.outcome).toContain('nach 30 Tagen endgültig')
  })
})

describe('pauseChoices in German', () => {
  it('offers the same choices', () => {
    expect(pauseChoices().map(({ label }) => label)).toEqual([
      'Für 30 Minuten',
      'Für 2 Stunden',
      'Bis morgen, 08:00',
      'Bis ich fortsetze',
    ])
  })
})
