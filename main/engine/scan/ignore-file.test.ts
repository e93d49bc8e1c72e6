import { execFileSync } from 'node:child_process'
import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { AbsolutePath } from '../../../shared/ids.ts'
import { asOrdinaryUser, hasNoPermissions } from '../../../test/support/permissions.ts'
import { tempFolder } from '../../../test/support/temp-folder.ts'
import { readIgnoreFile } from './ignore-file.ts'

const unreadable = expect.objectContaining({ name: 'EngineError', code: 'ignore_rules_unreadable' }) as Error

describe('readIgnoreFile', () => {
  it('gives the text as it is', () => {
    const root = tempFolder()
    writeFileSync(join(root, '.pailignore'), '\uFEFFa\r\nä\n')
    expect(readIgnoreFile(root)).toBe('\uFEFFa\r\nä\n')
  })

  it('gives an empty text for an empty file, and null for none', () => {
    const root = tempFolder()
    expect(readIgnoreFile(root)).toBeNull()
    writeFileSync(join(root, '.pailignore'), '')
    expect(readIgnoreFile(root)).toBe('')
    expect(readIgnoreFile(join(root, 'missing') as AbsolutePath)).toBeNull()
  })

  it('takes a megabyte and no more', () => {
    const root = tempFolder()
    writeFileSync(join(root, '.pailignore'), 'x'.repeat(1_048_576))
    expect(readIgnoreFile(root)).toHaveLength(1_048_576)
    writeFileSync(join(root, '.pailignore'), 'x'.repeat(1_048_577))
    expect(() => readIgnoreFile(root)).toThrow(unreadable)
  })

  it.each([
    ['a directory', (path: string) => mkdirSync(path)],
    ['a link to rules', (path: string) => symlinkSync('rules', path)],
    ['a link to nothing', (path: string) => symlinkSync('nothing', path)],
    ['a pipe', (path: string) => execFileSync('mkfifo', [path])],
  ])('does not take %s for no rules', (_, make) => {
    const root = tempFolder()
    writeFileSync(join(root, 'rules'), 'x')
    make(join(root, '.pailignore'))
    expect(() => readIgnoreFile(root)).toThrow(unreadable)
  })

  it.skipIf(hasNoPermissions)('does not take rules that may not be read for no rules', async () => {
    const root = tempFolder()
    writeFileSync(join(root, '.pailignore'), 'x', { mode: 0 })
    await asOrdinaryUser([root], async () => expect(() => readIgnoreFile(root)).toThrow(unreadable))
    chmodSync(root, 0)
    await asOrdinaryUser([root], async () => expect(() => readIgnoreFile(root)).toThrow(unreadable))
    chmodSync(root, 0o755)
  })
})
