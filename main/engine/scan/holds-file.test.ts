import { mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import type { AbsolutePath } from '../../../shared/ids.ts'
import { tempFolder } from '../../../test/support/temp-folder.ts'
import { holdsFile } from './holds-file.ts'
import { MARKER_DRAFT_NAME, MARKER_NAME } from './root-marker.ts'

let root: AbsolutePath

beforeEach(() => {
  root = join(tempFolder(), 'root') as AbsolutePath
  mkdirSync(root)
})

const write = (path: string): void => {
  mkdirSync(dirname(join(root, path)), { recursive: true })
  writeFileSync(join(root, path), '')
}
const holds = () => holdsFile(root, (path) => path === 'ignored' || path.endsWith('.tmp'))

describe('a folder', () => {
  it('holds a file wherever that is below it', () => {
    expect(holds()).toBe(false)
    write('a')
    expect(holds()).toBe(true)
    rmSync(join(root, 'a'))
    expect(holds()).toBe(false)
    write('some/deep/er/file')
    expect(holds()).toBe(true)
  })

  it('holds none where there are only markers, ignored files, links and empty directories', () => {
    for (const path of [MARKER_NAME, MARKER_DRAFT_NAME, 'ignored/file', 'sub/x.tmp']) write(path)
    mkdirSync(join(root, 'empty/emptier'), { recursive: true })
    symlinkSync('sub/x.tmp', join(root, 'link'))
    symlinkSync('/', join(root, 'everything'))
    expect(holds()).toBe(false)
  })

  it('holds none where it is not there itself', () => {
    rmSync(root, { recursive: true })
    expect(holds()).toBe(false)
  })
})
