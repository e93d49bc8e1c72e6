import { describe, expect, it } from 'vitest'
import type { DirectoryPath } from '../lib/paths.ts'
import { HintBuffer } from './hint-buffer.ts'

function filled(...paths: readonly string[]): HintBuffer {
  const hints = new HintBuffer()
  for (const path of paths) hints.add(path as DirectoryPath, 0)
  return hints
}

describe('HintBuffer', () => {
  it('gives each path once, and is empty then', () => {
    const hints = filled('b', 'a', 'b', 'a/x')
    expect(hints.isEmpty).toBe(false)
    expect(hints.take()).toEqual({ kind: 'paths', paths: ['a', 'b'] })
    expect(hints.isEmpty).toBe(true)
    expect(hints.take()).toEqual({ kind: 'paths', paths: [] })
  })

  it('leaves out what is below another path, at any depth, but not what only looks like it', () => {
    expect(filled('dir/a/b/c', 'dir', 'dir2', 'dir-x/y', 'dirt').take()).toEqual({
      kind: 'paths',
      paths: ['dir', 'dir-x/y', 'dir2', 'dirt'],
    })
  })

  it('asks for everything when the root itself was hinted at', () => {
    const hints = filled('a', '', 'b')
    expect(hints.isEmpty).toBe(false)
    expect(hints.take()).toEqual({ kind: 'everything' })
    expect(hints.isEmpty).toBe(true)
  })

  it('asks for everything when there are more than 5,000 paths, and begins anew afterwards', () => {
    const hints = filled(...Array.from({ length: 5001 }, (_, i) => `f${i}`))
    expect(hints.take()).toEqual({ kind: 'everything' })
    hints.add('a' as DirectoryPath, 0)
    expect(hints.take()).toEqual({ kind: 'paths', paths: ['a'] })
  })

  it('wants to be taken when it was quiet for 250 ms, and after two seconds in any case', () => {
    const hints = new HintBuffer()
    expect(hints.dueAt).toBeNull()
    hints.add('a' as DirectoryPath, 1000)
    expect(hints.dueAt).toBe(1250)
    hints.add('b' as DirectoryPath, 2900)
    expect(hints.dueAt).toBe(3000)
    hints.restart(500)
    expect(hints.dueAt).toBe(750)
    hints.take()
    expect(hints.dueAt).toBeNull()
  })

  it('counts a path that is repeated only once', () => {
    const hints = filled(...Array.from({ length: 20_000 }, (_, i) => `f${i % 100}`))
    expect(hints.take().kind).toBe('paths')
  })
})
