import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { AbsolutePath, RelativePath } from '../../../shared/ids.ts'
import { createIgnoreRules, rulesForNewRoot } from './ignore-rules.ts'

const isJunk = createIgnoreRules({ settings: '', file: null, own: null }).isIgnored
const file = (path: string) => isJunk(path as RelativePath, false)
const directory = (path: string) => isJunk(path as RelativePath, true)

describe('built-in rules', () => {
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

describe('rulesForNewRoot', () => {
  const rule = rulesForNewRoot('/home/me' as AbsolutePath, '/home/me/.local/share/Pail' as AbsolutePath, null).isIgnored

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

  it('knows the rules that are in the folder before it is added', () => {
    const withFile = rulesForNewRoot('/home/me' as AbsolutePath, '/var/pail' as AbsolutePath, '*.log').isIgnored
    expect([withFile('a.log' as RelativePath, false), rule('a.log' as RelativePath, false)]).toEqual([true, false])
  })

  it('leaves junk alone wherever the data folder is', () => {
    const elsewhere = rulesForNewRoot('/home/me' as AbsolutePath, '/var/pail' as AbsolutePath, null).isIgnored
    expect([elsewhere('.DS_Store' as RelativePath, false), elsewhere('x' as RelativePath, false)]).toEqual([
      true,
      false,
    ])
  })
})

/** Rules that are asked about paths as people write them: a directory ends with a slash. */
function rulesOf({
  settings = '',
  file = null,
  own = null,
}: {
  settings?: string
  file?: string | null
  own?: string | null
}) {
  const rules = createIgnoreRules({ settings, file, own: own as RelativePath | null })
  const ask = (path: string): [RelativePath, boolean] => [path.replace(/\/$/, '') as RelativePath, path.endsWith('/')]
  return {
    ignores: (path: string) => rules.isIgnored(...ask(path)),
    explain: (path: string) => rules.explain(...ask(path)),
  }
}

describe('createIgnoreRules', { timeout: 60_000 }, () => {
  it.each([
    ['a name', 'a', ['a', 'a/', 'x/a', 'a/x'], ['ab', 'x/b']],
    ['a directory', 'a/', ['a/', 'x/a/', 'a/x', 'a/x/y'], ['a', 'x/a']],
    ['a name in the root', '/a', ['a', 'a/x'], ['x/a']],
    ['a path', 'a/b', ['a/b', 'a/b/x'], ['x/a/b', 'a', 'b']],
    ['a pattern', '*.log', ['x.log', 'a/b/x.log', 'x.log/y'], ['x.logs', 'log']],
    ['any depth', 'a/**/b', ['a/b', 'a/x/b', 'a/x/y/b'], ['b', 'x/b']],
    ['everything inside', 'a/**', ['a/x', 'a/x/y'], ['a/', 'b/x']],
    ['letters', '[a-c].txt', ['a.txt', 'x/c.txt'], ['d.txt', 'A.txt']],
    ['one case', 'Build', ['Build', 'x/Build/y'], ['build', 'BUILD']],
    ['an escaped mark', '\\!x', ['!x'], ['x']],
    ['an escaped comment', '\\#x', ['#x'], ['x']],
    ['a comment', '# x', [], ['x', '# x']],
    ['spaces behind', 'x  ', ['x'], ['x  ']],
    ['Windows line ends', 'x\r\ny\r\n', ['x', 'y'], ['z', 'x\r']],
    ['a byte order mark', '\uFEFFx\ny', ['x', 'y'], ['\uFEFFx']],
    ['an exception', '*.log\n!keep.log', ['x.log'], ['keep.log', 'a/keep.log']],
    ['an exception, and an exception from it', '!x\nx', ['x'], []],
    ['no exception in a directory that is left out', 'a/\n!a/x', ['a/x'], []],
  ])('understands %s: %j', (_, text, ignored, sent) => {
    for (const source of ['settings', 'file']) {
      const { ignores } = rulesOf({ [source]: text })
      expect(ignored.filter((path) => !ignores(path))).toEqual([])
      expect(sent.filter(ignores)).toEqual([])
    }
  })

  it.each([
    [
      'the settings over built-in rules',
      { settings: '!Thumbs.db\n!.Trashes/' },
      ['Thumbs.db', '.Trashes/', '.Trashes/x'],
      true,
    ],
    ['the file over built-in rules', { file: '!*.part' }, ['film.part', 'a/film.part'], true],
    ['the file over the settings', { settings: '*.log', file: '!x.log' }, ['x.log'], true],
    ['the settings not over the file', { settings: '!x.log', file: '*.log' }, ['x.log'], false],
    ['built-in rules where nothing else fits', { settings: '!other', file: 'x' }, ['Thumbs.db'], false],
    ['a rule for another case not over built-in ones', { file: '!thumbs.db' }, ['Thumbs.db'], false],
  ])('takes %s', (_, sources, paths, isSent) => {
    const { ignores } = rulesOf(sources)
    expect(paths.map((path) => !ignores(path))).toEqual(paths.map(() => isSent))
  })

  it('never sends the data folder and the marker, whatever the rules say', () => {
    const { ignores } = rulesOf({ settings: '!*', file: '!data\n!.pail-folder*\n!**', own: 'my/data' })
    const own = ['my/data/', 'my/data/x', '.pail-folder', '.pail-folder.new']
    expect(own.filter((path) => !ignores(path))).toEqual([])
    expect(['my/', 'my/data2', 'data/x', 'a/.pail-folder', '.pail-folder/', '.pail-folder/x'].filter(ignores)).toEqual(
      [],
    )
  })

  it('sends the file with the rules like any other', () => {
    expect(rulesOf({ file: 'x' }).ignores('.pailignore')).toBe(false)
    expect(rulesOf({ file: '.pailignore' }).ignores('.pailignore')).toBe(true)
  })

  it.each([
    ['Thumbs.db', { source: 'built-in', rule: 'Thumbs.db', line: null }],
    ['a/THUMBS.DB', { source: 'built-in', rule: 'Thumbs.db', line: null }],
    ['.Trash-1000/a/b', { source: 'built-in', rule: '.Trash-[0-9]*/', line: null }],
    ['x.log', { source: '.pailignore', rule: '*.log', line: 2 }],
    ['cache/deep/down/x', { source: 'settings', rule: 'cache/', line: 3 }],
    ['cache/', { source: 'settings', rule: 'cache/', line: 3 }],
    ['cache/x.log', { source: 'settings', rule: 'cache/', line: 3 }],
    ['first', { source: '.pailignore', rule: 'first', line: 1 }],
    ['twice', { source: '.pailignore', rule: 'twice', line: 4 }],
    ['data/x', { source: 'own-data', rule: 'data', line: null }],
    ['.pail-folder', { source: 'own-data', rule: '.pail-folder', line: null }],
    ['cache', null],
    ['keep.log', null],
    ['x', null],
  ])('says which rule leaves %s out', (path, reason) => {
    const { explain } = rulesOf({
      settings: '# mine\ntwice\ncache/\n',
      file: '\uFEFFfirst\r\n*.log\r\n\r\ntwice\r\n!keep.log',
      own: 'data',
    })
    expect(explain(path)).toEqual(reason)
  })

  it('gives the same answers after very many others', () => {
    const { ignores } = rulesOf({ settings: '*.log\n!keep.log', file: 'dir1*/x' })
    const count = (test: (i: number) => boolean) =>
      Array.from({ length: 5000 }, (_, i) => test(i)).filter(Boolean).length
    expect(count((i) => ignores(`dir${i}/x`))).toBe(1 + 10 + 100 + 1000)
    expect(count((i) => ignores(`dir${i}/keep.log`))).toBe(0)
    expect(count((i) => ignores(`x${i}.log`))).toBe(5000)
  })

  it('throws for no rules and no path', () => {
    const line = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.string({
        unit: fc.constantFrom('[', ']', '!', '\\', '*', '/', '-', ':', 'a', '^', '{', '(', '+', '\n', '?', '.'),
      }),
    )
    const name = fc
      .string({ unit: 'binary', minLength: 1 })
      .filter((text) => !/[/\0]/.test(text) && !/^\.\.?$/.test(text))
    const path = fc.array(name, { minLength: 1, maxLength: 3 }).map((names) => names.join('/'))
    fc.assert(
      fc.property(line, line, path, fc.boolean(), (settings, file, at, isDirectory) => {
        const rules = createIgnoreRules({ settings, file, own: null })
        const reason = rules.explain(at as RelativePath, isDirectory)
        expect(rules.isIgnored(at as RelativePath, isDirectory)).toBe(reason !== null)
      }),
      { numRuns: 500 },
    )
  })

  it('agrees with a plain reading of the rules', () => {
    const name = fc.constantFrom('a', 'b', 'ab', 'Thumbs.db', '.Trashes')
    const segment = fc.constantFrom('a', 'b', '*', 'a*', '*b', '?', '**', 'Thumbs.db', '.Trashes')
    const pattern = fc
      .tuple(
        fc.constantFrom('', '!'),
        fc.constantFrom('', '/'),
        fc.array(segment, { minLength: 1, maxLength: 3 }),
        fc.constantFrom('', '/'),
      )
      .map(([not, start, segments, end]) => `${not}${start}${segments.join('/')}${end}`)
    const text = fc.array(pattern, { maxLength: 4 }).map((patterns) => patterns.join('\n'))
    const path = fc.array(name, { minLength: 1, maxLength: 4 })
    fc.assert(
      fc.property(text, text, path, fc.boolean(), (settings, file, names, isDirectory) => {
        const rules = createIgnoreRules({ settings, file, own: null })
        const expected = isIgnoredPlainly(`${settings}\n${file}`.split('\n'), names, isDirectory)
        expect(rules.isIgnored(names.join('/') as RelativePath, isDirectory)).toBe(expected)
      }),
      { numRuns: 2000 },
    )
  })
})

/** Gitignore as its manual says: from the top down, the last rule that fits decides, and what is left out is not entered. */
function isIgnoredPlainly(lines: readonly string[], names: readonly string[], isDirectory: boolean): boolean {
  return names.some((name, i) => {
    const isInnermost = i === names.length - 1
    const isDirectoryHere = !isInnermost || isDirectory
    const path = names.slice(0, i + 1)
    const last = lines.findLast((line) => line !== '' && fits(line.replace(/^!/, ''), path, isDirectoryHere))
    if (last !== undefined) return !last.startsWith('!')
    return isDirectoryHere ? name === '.Trashes' : name === 'Thumbs.db'
  })
}

function fits(pattern: string, path: readonly string[], isDirectory: boolean): boolean {
  if (pattern.endsWith('/')) return isDirectory && fits(pattern.slice(0, -1), path, true)
  const segments = pattern.replace(/^\//, '').split('/')
  const isAnywhere = segments.length === 1 && !pattern.startsWith('/')
  return isAnywhere ? fitsName(segments[0] ?? '', path.at(-1) ?? '') : fitsPath(segments, path)
}

function fitsPath([segment, ...segments]: readonly string[], path: readonly string[]): boolean {
  const [name, ...names] = path
  if (segment === undefined) return name === undefined
  // At the end it stands for everything inside, elsewhere for any number of directories.
  if (segment === '**' && segments.length === 0) return name !== undefined
  if (segment === '**')
    return fitsPath(segments, path) || (name !== undefined && fitsPath([segment, ...segments], names))
  return name !== undefined && fitsName(segment, name) && fitsPath(segments, names)
}

function fitsName(pattern: string, name: string): boolean {
  if (pattern === '') return name === ''
  const [first, rest] = [pattern[0], pattern.slice(1)]
  if (first === '*') return fitsName(rest, name) || (name !== '' && fitsName(pattern, name.slice(1)))
  return name !== '' && (first === '?' || first === name[0]) && fitsName(rest, name.slice(1))
}
