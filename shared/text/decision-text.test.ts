import { describe, expect, it } from 'vitest'
import { Decision, DecisionKind } from '../model/decision.ts'
import type { DeletionPolicy } from '../model/folder.ts'
import { decisionText } from './decision-text.ts'

function aDecision(kind: DecisionKind, files: number, totalFiles = 12_500): Decision {
  return Decision.parse({ kind, listId: 'x', files, totalFiles, bytes: 48_300_000_000, samples: ['a'] })
}

function words(kind: DecisionKind, files: number, policy: DeletionPolicy = { kind: 'hide' }, totalFiles?: number) {
  return decisionText(aDecision(kind, files, totalFiles), 'Documents', policy)
}

describe('decisionText', () => {
  it.each<[DecisionKind, number, DeletionPolicy, string, string]>([
    ['deleted', 12_431, { kind: 'hide' }, 'Keep 12,431 files in B2', 'Hide 12,431 files in B2'],
    ['deleted', 1, { kind: 'hide' }, 'Keep 1 file in B2', 'Hide 1 file in B2'],
    ['deleted', 80, { kind: 'hide-then-remove', days: 30 }, 'Keep 80 files in B2', 'Hide 80 files in B2'],
    ['deleted', 80, { kind: 'delete' }, 'Keep 80 files in B2', 'Delete 80 files from B2'],
    ['emptied', 447, { kind: 'hide' }, 'Keep what B2 has', 'Send 447 empty files'],
    ['emptied', 1, { kind: 'hide' }, 'Keep what B2 has', 'Send 1 empty file'],
    ['overwrite', 9, { kind: 'delete' }, 'Keep 9 files in B2', 'Replace 9 files in B2'],
  ])('names outcome and count on the buttons: %s, %d files, %j', (kind, files, policy, keep, apply) => {
    const text = words(kind, files, policy)
    expect([text.keep.label, text.apply.label]).toEqual([keep, apply])
  })

  it.each<[DeletionPolicy, string]>([
    [{ kind: 'hide' }, 'B2 no longer lists them; every version stays and can be brought back.'],
    [{ kind: 'hide-then-remove', days: 30 }, 'B2 no longer lists them and removes them for good after 30 days.'],
    [{ kind: 'hide-then-remove', days: 1 }, 'B2 no longer lists them and removes them for good after 1 day.'],
    [{ kind: 'delete' }, 'All versions of them are deleted for good.'],
  ])('says what becomes of files that are gone with %j', (policy, outcome) => {
    expect(words('deleted', 80, policy).apply.outcome).toBe(outcome)
  })

  it('says how many of how many, and says all when nothing is left', () => {
    const whats = [words('deleted', 80), words('deleted', 80, { kind: 'hide' }, 80), words('deleted', 1, undefined, 1)]
    expect(whats.map(({ what }) => what.slice(0, 37))).toEqual([
      '80 of 12,500 files are gone from this',
      'All 80 files are gone from this compu',
      'The only file is gone from this compu',
    ])
  })

  it.each(DecisionKind.options)('speaks of one file as of one, of several as of several: %s', (kind) => {
    const all = (files: number) => JSON.stringify(words(kind, files, { kind: 'delete' }))
    expect(all(1)).not.toMatch(/\b1 (empty )?files\b|\b1 file (are|have|stay)\b/)
    expect(all(2)).not.toMatch(/\b2 (empty )?file\b|\b2 files (is|has|stays)\b/)
  })

  it.each(DecisionKind.options)('says what happens to the files that are not in the list: %s', (kind) => {
    expect(words(kind, 80).others).toMatch(/exactly these files\b.+\. .+\.$|exactly these files\. .+\.$/)
  })
})
