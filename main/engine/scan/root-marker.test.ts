import { chmodSync, existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { AbsolutePath } from '../../../shared/ids.ts'
import { asOrdinaryUser, hasNoPermissions } from '../../../test/support/permissions.ts'
import { tempFolder } from '../../../test/support/temp-folder.ts'
import { MARKER_DRAFT_NAME, MARKER_NAME, readMarker, writeMarker } from './root-marker.ts'

const ID = '01234567-89ab-4cde-8f01-23456789abcd'

function folderWith(content: string | Buffer): AbsolutePath {
  const root = tempFolder()
  writeFileSync(join(root, MARKER_NAME), content)
  return root
}

describe('a marker', () => {
  it('comes back as it was written, with a word to whoever finds it, and leaves no draft', () => {
    const root = tempFolder()
    expect(writeMarker(root, ID)).toBe(ID)
    expect(readMarker(root)).toBe(ID)
    expect(readFileSync(join(root, MARKER_NAME), 'utf8')).toContain('Please leave it here')
    expect(existsSync(join(root, MARKER_DRAFT_NAME))).toBe(false)
  })

  it('has an id of its own when none is given', () => {
    const ids = [tempFolder(), tempFolder()].map((root) => writeMarker(root))
    expect(new Set(ids).size).toBe(2)
    for (const id of ids) expect(id).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/)
  })

  it('takes the place of one that cannot be read', () => {
    const root = folderWith('nonsense')
    writeMarker(root, ID)
    expect(readMarker(root)).toBe(ID)
  })

  it.each<[string, string | Buffer]>([
    ['is empty', ''],
    ['says something else', 'hello'],
    ['has an id cut short', `id = ${ID.slice(0, 35)}\n`],
    ['has an id that is too long', `id = ${ID}0\n`],
    ['has its id within a line', `no id = ${ID}\n`],
    ['is far too long', Buffer.concat([Buffer.from(`id = ${ID}\n`), Buffer.alloc(5000)])],
  ])('that %s is none', (_, content) => {
    expect(readMarker(folderWith(content))).toBeNull()
  })

  it.each([`id = ${ID}`, `id = ${ID}\n`, `# a comment\nid = ${ID}\nlater = more\n`])('may read %j', (content) => {
    expect(readMarker(folderWith(content))).toBe(ID)
  })

  it('that is no file is none: a link may lead anywhere', () => {
    const [links, directories] = [tempFolder(), tempFolder()]
    writeFileSync(join(links, 'elsewhere'), `id = ${ID}\n`)
    symlinkSync('elsewhere', join(links, MARKER_NAME))
    mkdirSync(join(directories, MARKER_NAME))
    expect([links, directories, tempFolder()].map((root) => readMarker(root))).toEqual([null, null, null])
    // And cannot be written where a directory has its name.
    expect(writeMarker(directories, ID)).toBeNull()
  })

  it.skipIf(hasNoPermissions)('is none where the folder cannot be written to', async () => {
    const root = tempFolder()
    await asOrdinaryUser([root], async () => {
      chmodSync(root, 0o555)
      expect(writeMarker(root, ID)).toBeNull()
    })
    expect(existsSync(join(root, MARKER_DRAFT_NAME))).toBe(false)
  })
})
