import { describe, expect, it } from 'vitest'
import type { AbsolutePath, RelativePath } from '../../../shared/ids.ts'
import { pathBelow } from './path-below.ts'

function below(relative: string): string | null {
  return pathBelow('/home/ada/Documents' as AbsolutePath, relative as RelativePath)
}

describe('pathBelow', () => {
  it.each(['report.pdf', 'a/b/c.txt', '..hidden', 'a..b/...', 'ünïcode 🪣/x', 'a:b'])(
    'finds %s below the root',
    (path) => {
      expect(below(path)).toBe(`/home/ada/Documents/${path}`)
    },
  )

  it.each(['..', '../x', 'a/../../x', 'a/..', './a', '/etc/passwd', 'a//b', 'a/', '', 'a\0b'])('refuses %j', (path) => {
    expect(below(path)).toBeNull()
  })
})
