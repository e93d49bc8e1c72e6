import { describe, expect, it } from 'vitest'
import { Problem } from '../../../shared/model/problem.ts'
import { groupProblems, isNamedInAdvice } from './group-problems.ts'

const base = { scope: 'file', folderId: 1, path: 'a.txt', since: 1000, details: {} } as const

function aProblem(problemId: string, over: Record<string, unknown>): Problem {
  return Problem.parse({ ...base, problemId, ...over })
}

function idsOf(problems: readonly Problem[]): readonly (readonly string[])[] {
  return groupProblems(problems).map((group) => group.problems.map((problem) => problem.problemId))
}

describe('groupProblems', () => {
  it('puts the same cause together, the oldest first', () => {
    const groups = idsOf([
      aProblem('late', { code: 'file_unreadable', since: 3000 }),
      aProblem('early', { code: 'file_unreadable', since: 2000 }),
    ])
    expect(groups).toEqual([['early', 'late']])
  })

  it('keeps causes apart that are told in other words', () => {
    const groups = idsOf([
      aProblem('colon', { code: 'name_not_allowed', details: { reason: 'a control character' } }),
      aProblem('long', { code: 'name_not_allowed', details: { reason: 'longer than 1,024 bytes' } }),
    ])
    expect(groups).toEqual([['colon'], ['long']])
  })

  it('puts names together that are refused for the same reason, and says what they have in common', () => {
    const tabAt = (place: number) => `it contains the control character U+0009 at place ${place} of the file's name`
    const long = (bytes: string) => `with its folders it has ${bytes} bytes in UTF-8, more than 1,024`
    const groups = groupProblems([
      aProblem('tab', { code: 'name_not_allowed', details: { reason: tabAt(6) } }),
      aProblem('other tab', { code: 'name_not_allowed', details: { reason: tabAt(2) }, since: 2000 }),
      aProblem('long', { code: 'name_not_allowed', details: { reason: long('1,210') }, since: 3000 }),
      aProblem('longer', { code: 'name_not_allowed', details: { reason: long('1,444') }, since: 4000 }),
      aProblem('bell', { code: 'name_not_allowed', details: { reason: 'it is not valid UTF-8' }, since: 5000 }),
    ])
    expect(groups.map(({ problems, details }) => [problems.length, details['reason']])).toEqual([
      [2, 'it contains the control character U+0009'],
      [2, 'with its folders it has more than 1,024 bytes in UTF-8'],
      [1, 'it is not valid UTF-8'],
    ])
    const [alone] = groupProblems([aProblem('tab', { code: 'name_not_allowed', details: { reason: tabAt(6) } })])
    expect(alone?.details['reason']).toBe(tabAt(6))
  })

  it('asks for each folder by itself what has to be decided, in one card whatever the numbers', () => {
    const groups = idsOf([
      aProblem('one', { code: 'would_overwrite', folderId: 1, details: { bytes: 1 } }),
      aProblem('other', { code: 'would_overwrite', folderId: 2 }),
      aProblem('same', { code: 'would_overwrite', folderId: 1, details: { bytes: 2 } }),
    ])
    expect(groups).toEqual([['one', 'same'], ['other']])
  })

  it('puts the account above folders and folders above files, and what passes by itself last', () => {
    const groups = idsOf([
      aProblem('watch', { code: 'watch_limit_reached', scope: 'folder' }),
      aProblem('file', { code: 'file_unreadable' }),
      aProblem('root', { code: 'root_missing', scope: 'folder' }),
      aProblem('key', { code: 'key_rejected', scope: 'account' }),
    ])
    expect(groups).toEqual([['key'], ['root'], ['file'], ['watch']])
  })
})

describe('isNamedInAdvice', () => {
  it.each([
    ['root_missing', true],
    ['bucket_missing', false],
  ] as const)('knows whether the advice for %s has the folder in it', (code, expected) => {
    const details = { root: '/home/maria/Pictures', bucketName: 'holiday' }
    const [group] = groupProblems([aProblem('one', { code, scope: 'folder', path: null, details })])
    expect(group && isNamedInAdvice(group)).toBe(expected)
  })
})
