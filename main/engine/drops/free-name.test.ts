import { describe, expect, it } from 'vitest'
import { freeNames } from './free-name.ts'

describe('freeNames', () => {
  it.each([
    ['photo.jpg', 'photo (2).jpg', 'photo (3).jpg'],
    ['a.b/photo', 'a.b/photo (2)', 'a.b/photo (3)'],
    ['dir/.bashrc', 'dir/.bashrc (2)', 'dir/.bashrc (3)'],
    ['dir/notes.tar.gz', 'dir/notes.tar (2).gz', 'dir/notes.tar (3).gz'],
    ['photo (2).jpg', 'photo (2) (2).jpg', 'photo (2) (3).jpg'],
  ])('numbers %s', (...names) => {
    expect([...freeNames(names[0])].slice(0, 3)).toEqual(names)
  })

  it('ends after a hundred', () => {
    expect([...freeNames('a')].at(-1)).toBe('a (100)')
  })
})
