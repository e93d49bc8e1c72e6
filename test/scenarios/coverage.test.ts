/** The scenarios cover what is known to go wrong with clients like this, item by item. */
import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { allScenarios } from './index.ts'

/** The items of the list, 1 to 29: deletions and truncation, then seeing changes correctly. */
const ITEMS = Array.from({ length: 29 }, (_, i) => i + 1)

/**
 * Items that no scenario can show by itself, or not completely, with where the rest is tested. 1: drives that are really
 * unmounted. 4: disks that fill up; nothing is downloaded into a folder. 15 and 16: limits of watches. 26: placeholders,
 * which Linux does not have.
 */
const ELSEWHERE: Readonly<Record<number, readonly string[]>> = {
  1: ['test/integration/engine-unmount.test.ts'],
  4: ['test/integration/engine-full-disk.test.ts'],
  15: ['test/integration/watch-limit.test.ts'],
  16: ['test/integration/watch-limit.test.ts'],
  26: ['main/engine/scan/stat-path.test.ts'],
}

describe('the scenarios', () => {
  it.each(ITEMS)('cover item %i, or another test does', (item) => {
    const covering = allScenarios.filter(({ covers }) => covers.includes(item))
    expect(covering.length + (ELSEWHERE[item]?.length ?? 0)).toBeGreaterThan(0)
  })

  it.each(Object.values(ELSEWHERE).flat())('find %s where they say it is', (file) => {
    expect(existsSync(resolve(import.meta.dirname, '../..', file))).toBe(true)
  })

  it('are at least sixty, each with a name of its own', () => {
    const names = allScenarios.map(({ name }) => name)
    expect(names.length).toBeGreaterThanOrEqual(60)
    expect(new Set(names).size).toBe(names.length)
  })
})
