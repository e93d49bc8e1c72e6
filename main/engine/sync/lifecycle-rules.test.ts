import { describe, expect, it } from 'vitest'
import { withRemoval } from './lifecycle-rules.ts'

const rule = (fileNamePrefix: string, days: number) => ({ fileNamePrefix, daysFromHidingToDeleting: days })
const theirs = rule('theirs/', 3)

describe('withRemoval', () => {
  it('adds a rule for exactly the place, changes it, and takes it away', () => {
    const added = withRemoval([theirs], 'p/', 30)
    expect(added).toEqual([theirs, rule('p/', 30)])
    const changed = withRemoval(added, 'p/', 7)
    expect(changed).toEqual([theirs, rule('p/', 7)])
    expect(withRemoval(changed, 'p/', null)).toEqual([theirs])
  })

  it.each([
    [[theirs, rule('p/', 30)], 30],
    [[theirs], null],
    [[{ fileNamePrefix: 'p/', daysFromUploadingToHiding: 4 }], null],
  ])('gives back the same rules when nothing changes: %j with %j', (rules, days) => {
    expect(withRemoval(rules, 'p/', days)).toBe(rules)
  })

  it('leaves what a rule for the same place says besides', () => {
    const cancels = { fileNamePrefix: 'p/', daysFromStartingToCancelingUnfinishedLargeFiles: 2 }
    const both = withRemoval([cancels], 'p/', 5)
    expect(both).toEqual([{ ...cancels, ...rule('p/', 5) }])
    expect(withRemoval(both, 'p/', null)).toMatchObject([cancels])
  })

  it.each(['', 'p/sub/', 'p'])('refuses where a rule for %j concerns the same files', (prefix) => {
    const conflict = expect.objectContaining({ code: 'lifecycle_rule_conflict', details: { prefix } }) as Error
    expect(() => withRemoval([rule(prefix, 1)], 'p/', 30)).toThrow(conflict)
  })

  it('may still be taken away where such a rule has come', () => {
    expect(withRemoval([rule('p/', 30), rule('', 1)], 'p/', null)).toEqual([rule('', 1)])
  })
})
