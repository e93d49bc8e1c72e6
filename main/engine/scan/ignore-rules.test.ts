import { describe, expect, it } from 'vitest'
import type { AbsolutePath, RelativePath } from '../../../shared/ids.ts'
import { ignoreRuleFor, isJunk } from './ignore-rules.ts'

const file = (path: string) => isJunk(path as RelativePath, false)
const directory = (path: string) => isJunk(path as RelativePath, true)

describe('isJunk', () => {
  it.each([
    '.DS_Store',
    'Icon\r',
    'Thumbs.db',
    'THUMBS.DB',
    'ehthumbs.db',
    'desktop.ini',
    'Desktop.ini',
    '.directory',
    '.fuse_hidden0000000100000001',
    '.nfs000000000123456700000001',
    '~$Letter.docx',
    '~WRL0001.tmp',
    '.~lock.budget.ods#',
    '.#notes.txt',
    '.notes.txt.swp',
    '..bashrc.swo',
    '.main.cpp.kate-swp',
    '.goutputstream-ABC123',
    'film.mkv.part',
    'film.mkv.crdownload',
    'film.opdownload',
    'backup.zip.filepart',
    'x.partial',
  ])('leaves the file %j alone, at any depth', (name) => {
    expect([file(name), file(`a/b/${name}`)]).toEqual([true, true])
  })

  it.each([
    'notes.txt~',
    'letter.tmp',
    'work.temp',
    'macro.swp',
    'script.js.download',
    '4913',
    'part',
    'my.part.txt',
    'chapter.partly',
    'Thumbs.db.jpg',
    'thumbs',
    '~tilde',
    '$dollar',
    '.hidden',
    '.env',
    '.nfsrc',
    '.gitignore',
    '.git',
    'node_modules',
    'core',
    'a.log',
    'a.bak',
    'a.old',
    'a.lock',
    'cache',
    'desktop.ini.txt',
    'Icon',
    'Icon.png',
    'Trash',
    '.Trash-letters',
    '#autosave#',
    '._resource',
    '.swp',
    'line\nbreak',
    '!important',
    ' ',
    '*',
    '...',
    'a\\b',
    '\u{1f9fa}',
  ])('sends the file %j', (name) => {
    expect([file(name), file(`a/b/${name}`)]).toEqual([false, false])
  })

  it.each([
    '.AppleDouble',
    '.Spotlight-V100',
    '.DocumentRevisions-V100',
    '.Trashes',
    '.fseventsd',
    '.TemporaryItems',
    '$RECYCLE.BIN',
    '$Recycle.Bin',
    'System Volume Information',
    '.Trash-1000',
  ])('leaves the directory %j and all that is below it alone', (name) => {
    expect([directory(name), directory(`a/${name}/b`), file(`${name}/x`), file(`a/${name}/b/c/x`)]).toEqual([
      true,
      true,
      true,
      true,
    ])
  })

  it.each(['desktop.ini', '.DS_Store', 'film.part', '4913', '~$x', '.git', 'notes~', 'x.download'])(
    'sends what is in a directory that is called %j',
    (name) => {
      expect([directory(name), file(`${name}/x`), file(`a/${name}/b/x`)]).toEqual([false, false, false])
    },
  )

  it('sends a file that is called like a junk directory', () => {
    expect([file('.Trashes'), file('System Volume Information'), file('a/$RECYCLE.BIN')]).toEqual([false, false, false])
  })
})

describe('ignoreRuleFor', () => {
  const rule = ignoreRuleFor('/home/me' as AbsolutePath, '/home/me/.local/share/Pail' as AbsolutePath)

  it.each(['.local/share/Pail', '.local/share/Pail/pail.db', '.local/share/Pail/logs/engine.log'])(
    "leaves %s alone, which is Pail's own",
    (path) => {
      expect([rule(path as RelativePath, false), rule(path as RelativePath, true)]).toEqual([true, true])
    },
  )

  it.each(['.local/share/Pail2/x', '.local/share', '.local/share/Pailx', 'Pail', 'a/.local/share/Pail'])(
    'sends %s, which only looks like it',
    (path) => {
      expect([rule(path as RelativePath, false), rule(path as RelativePath, true)]).toEqual([false, false])
    },
  )

  it('leaves junk alone wherever the data folder is', () => {
    const elsewhere = ignoreRuleFor('/home/me' as AbsolutePath, '/var/pail' as AbsolutePath)
    expect([elsewhere('.DS_Store' as RelativePath, false), elsewhere('x' as RelativePath, false)]).toEqual([
      true,
      false,
    ])
  })
})
