import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { AbsolutePath } from '../../../shared/ids.ts'
import { asOrdinaryUser, hasNoPermissions } from '../../../test/support/permissions.ts'
import { tempFolder } from '../../../test/support/temp-folder.ts'
import { isJunk } from './ignore-rules.ts'
import { checkRoot } from './root-check.ts'

const held = (code: string) => ({ kind: 'held', code })
const ok = { kind: 'ok' }

describe('checkRoot', () => {
  it('accepts a folder with a file, at any depth', () => {
    const root = tempFolder()
    mkdirSync(join(root, 'a/b/c'), { recursive: true })
    writeFileSync(join(root, 'a/b/c/file'), '')
    expect(checkRoot(root, 5, isJunk)).toEqual(ok)
  })

  it('accepts an empty folder of which nothing was ever sent', () => {
    expect(checkRoot(tempFolder(), 0, isJunk)).toEqual(ok)
  })

  it('holds a folder that had files and has none', () => {
    expect(checkRoot(tempFolder(), 1, isJunk)).toEqual(held('root_emptied'))
  })

  it('counts neither directories, junk nor links as files', () => {
    const root = tempFolder()
    mkdirSync(join(root, 'empty/too'), { recursive: true })
    writeFileSync(join(root, '.DS_Store'), '')
    mkdirSync(join(root, '.Trashes'))
    writeFileSync(join(root, '.Trashes/old'), '')
    symlinkSync('/etc/hostname', join(root, 'link'))
    expect(checkRoot(root, 1, isJunk)).toEqual(held('root_emptied'))
  })

  it('holds a folder that is not there, or is a file', () => {
    const root = tempFolder()
    writeFileSync(join(root, 'file'), '')
    expect(checkRoot(join(root, 'missing') as AbsolutePath, 0, isJunk)).toEqual(held('root_missing'))
    expect(checkRoot(join(root, 'file') as AbsolutePath, 1, isJunk)).toEqual(held('root_missing'))
    expect(checkRoot(join(root, 'file/below') as AbsolutePath, 1, isJunk)).toEqual(held('root_missing'))
  })

  it.skipIf(hasNoPermissions)('holds a folder that may not be read', async () => {
    const root = tempFolder()
    mkdirSync(join(root, 'secret'), { mode: 0 })
    await asOrdinaryUser([root], async () => {
      expect(checkRoot(join(root, 'secret') as AbsolutePath, 1, isJunk)).toEqual(held('root_unreadable'))
    })
  })

  it.skipIf(hasNoPermissions)('does not call a folder empty into which it cannot look completely', async () => {
    const root = tempFolder()
    mkdirSync(join(root, 'secret'), { mode: 0 })
    await asOrdinaryUser([root], async () => expect(checkRoot(root, 1, isJunk)).toEqual(ok))
    chmodSync(join(root, 'secret'), 0o755)
  })
})
