import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import type { AbsolutePath, RelativePath } from '../../../shared/ids.ts'
import { tempFolder } from '../../../test/support/temp-folder.ts'
import { leftOutBelow, lookAtDropped } from './dropped-item.ts'

const path = (...parts: readonly string[]) => join(...parts) as AbsolutePath

it('tells files, folders, links and what is gone apart, and resolves what is above', () => {
  const home = tempFolder()
  const data = path(home, 'data')
  for (const name of ['real', 'data', '.pail-shares']) mkdirSync(path(home, name))
  writeFileSync(path(home, 'real/a.txt'), 'four')
  writeFileSync(path(home, 'data/pail.db'), '')
  symlinkSync('real', path(home, 'way'))
  symlinkSync('a.txt', path(home, 'real/link'))
  const look = (name: string) => lookAtDropped(path(home, name), data)
  const root = path(home, 'real')
  expect(look('real/a.txt')).toEqual({ root, path: 'a.txt', kind: 'file', sizeBytes: 4 })
  expect(look('way/a.txt')).toEqual({ root, path: 'a.txt', kind: 'file', sizeBytes: 4 })
  expect(look('real')).toMatchObject({ root: home, path: 'real', kind: 'folder' })
  for (const name of ['real/link', 'way', 'data', 'data/pail.db', '.pail-shares'])
    expect(look(name).kind).toBe('left-out')
  for (const name of ['real/none', 'none/a']) expect(look(name).kind).toBe('gone')
  expect(lookAtDropped('/' as AbsolutePath, data).kind).toBe('gone')
})

it('leaves junk, markers and the data folder out of a dropped folder', () => {
  const isLeftOut = leftOutBelow('/home' as AbsolutePath, '/home/x/data' as AbsolutePath)
  const leavesOut = (name: string, isDirectory = false) => isLeftOut(name as RelativePath, isDirectory)
  for (const name of ['x/Thumbs.db', 'x/.pail-folder', 'x/data/pail.db']) expect(leavesOut(name)).toBe(true)
  expect(leavesOut('x/data', true)).toBe(true)
  for (const name of ['x/a.txt', 'x/.pailignore', 'data/pail.db']) expect(leavesOut(name)).toBe(false)
})
