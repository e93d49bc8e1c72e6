import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { AbsolutePath, FolderId } from '../../../shared/ids.ts'
import { placeOf } from './place-of.ts'

let top = ''

beforeAll(() => {
  top = realpathSync(mkdtempSync(join(tmpdir(), 'pail-place-')))
  mkdirSync(join(top, 'docs/inner'), { recursive: true })
  mkdirSync(join(top, 'docs-private'))
  writeFileSync(join(top, 'elsewhere'), 'x')
  symlinkSync(join(top, 'docs/inner'), join(top, 'shortcut'))
  symlinkSync(join(top, 'elsewhere'), join(top, 'docs/link'))
})

afterAll(() => {
  rmSync(top, { recursive: true, force: true })
})

it.each([
  ['docs/a.txt', 'a.txt'],
  ['docs/inner/b', 'inner/b'],
  ['docs/..b', '..b'],
  ['docs', null],
  ['shortcut/b', 'inner/b'],
  ['docs/link', 'link'],
])('finds %s in its sync folder', (path, place) => {
  const folders = [{ folderId: 7 as FolderId, root: join(top, 'docs') as AbsolutePath }]
  expect(placeOf(join(top, path) as AbsolutePath, folders)).toEqual({ folderId: 7, path: place })
})

it.each(['', 'docs-private/a', 'docs-privat', 'elsewhere', 'gone/a'])('finds "%s" outside of it', (path) => {
  const folders = [{ folderId: 7 as FolderId, root: join(top, 'docs') as AbsolutePath }]
  expect(placeOf(join(top, path) as AbsolutePath, folders)).toBeNull()
})
