import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compareRemoteNames } from '../b2/names.ts'
import { NameMap, nameRulesOf, originalName, type NameRules } from './names.ts'

const EXT4 = 0xef53
const VFAT = 0x4d44
const linux = nameRulesOf('linux', EXT4)
const windows = nameRulesOf('win32', 0)
const mac = nameRulesOf('darwin', 0)
const stick = nameRulesOf('linux', VFAT)

/** In the order in which B2 lists them. */
function mapAll(rules: NameRules, names: readonly string[]): ReadonlyMap<string, string> {
  const map = new NameMap(rules)
  return new Map([...names].sort(compareRemoteNames).map((name) => [name, map.map(name).path]))
}

const mapOne = (rules: NameRules, name: string) => mapAll(rules, [name]).get(name)

describe('the path of a name', () => {
  it.each([
    'a',
    'ä/🪣 (1)/100 %.txt',
    'back\\slash:?*',
    'CON/aux.txt',
    'x. ',
    '%20%2F',
    '%{',
    '%{xyz}',
    'a\nb',
    '.hidden',
  ])('on Linux is %j itself', (name) => {
    expect(new NameMap(linux).map(name)).toEqual({ path: name, isMapped: false })
  })

  it.each([
    ['../../etc/passwd', '.%{2E}/.%{2E}/etc/passwd'],
    ['./a', '%{2E}/a'],
    ['/etc/passwd', '%{}/etc/passwd'],
    ['a//b', 'a/%{}/b'],
    ['folder/', 'folder/%{}'],
    ['', '%{}'],
    ['nul\u0000byte', 'nul%{0}byte'],
    ['half \ud83e of one', 'half %{D83E} of one'],
    ['100%{25}', '100%{25}{25}'],
    ['%{}', '%{25}{}'],
    ['.pail-folder', '.pail-folder%{}'],
    ['.pail-folder.new', '.pail-folder%{}.new'],
    ['a/.pail-restore/b', 'a/.pail-restore%{}/b'],
  ])('never leads out of the folder, and is never one of Pail’s own: %j', (name, path) => {
    expect(mapOne(linux, name)).toBe(path)
    expect(originalName(path)).toBe(name)
  })

  it.each([
    ['C:\\Windows', 'C%{3A}%{5C}Windows'],
    ['what?', 'what%{3F}'],
    ['bell\u0007', 'bell%{7}'],
    ['end.', 'end%{2E}'],
    ['end ', 'end%{20}'],
    ['...', '..%{2E}'],
    ['con', '%{63}on'],
    ['NUL .txt', '%{4E}UL .txt'],
    ['a/com¹.tar.gz', 'a/%{63}om¹.tar.gz'],
    ['console.log', 'console.log'],
  ])('on Windows, and on its file systems elsewhere, is one that can be there: %j', (name, path) => {
    for (const rules of [windows, stick]) expect(mapOne(rules, name)).toBe(path)
    expect(originalName(path)).toBe(name)
  })

  it('tells names apart that only differ in case or in the form of an accent, where those do not count', () => {
    const names = ['README.md', 'readme.md', 'Readme.md', 'docs/\u00e9', 'docs/e\u0301', 'Docs/x', 'docs/x']
    for (const rules of [mac, windows, stick]) {
      expect([...mapAll(rules, names).values()]).toEqual([
        'Docs/x',
        'README.md',
        'Readme%{}.md',
        'docs%{}/e\u0301',
        'docs%{}/x',
        'docs%{}/\u00e9%{}',
        'readme%{}%{}.md',
      ])
    }
    expect([...mapAll(linux, names).entries()].every(([name, path]) => name === path)).toBe(true)
  })

  it('lets a file keep its name where others need it for a folder', () => {
    const names = ['a', 'a-b', 'a.txt', 'a/b', 'a/b/c', 'a/b-c', 'a/c', 'b/a']
    expect(Object.fromEntries(mapAll(linux, names))).toEqual({
      a: 'a',
      'a-b': 'a-b',
      'a.txt': 'a.txt',
      'a/b': 'a%{}/b',
      'a/b-c': 'a%{}/b-c',
      'a/b/c': 'a%{}/b%{}/c',
      'a/c': 'a%{}/c',
      'b/a': 'b/a',
    })
  })

  it('makes several segments of one that is too long', () => {
    const name = `${'ä'.repeat(200)}.txt`
    const path = mapOne(linux, name) ?? ''
    expect(path.split('/').map((segment) => Buffer.byteLength(segment))).toEqual([244, 164])
    expect(originalName(path)).toBe(name)
    expect(mapOne(windows, name)).toBe(name)
  })
})

describe('any names', () => {
  const unit = fc.oneof(
    { weight: 3, arbitrary: fc.constantFrom(...('aAbBéÉ.-%{}+/25:\\ '.match(/./gu) ?? [])) },
    {
      weight: 1,
      arbitrary: fc.constantFrom('e\u0301', 'ß', 'SS', 'İ', '\u0000', '\ud800', '\udc00', '🪣', '%{25}', '%{+}', '%{}'),
    },
    {
      weight: 1,
      arbitrary: fc.constantFrom(
        'con',
        'nul.',
        '..',
        'x'.repeat(239),
        'ä'.repeat(130),
        '.pail-restore',
        '.pail-folder',
      ),
    },
  )
  const names = fc.uniqueArray(
    fc.array(unit, { maxLength: 9 }).map((units) => units.join('')),
    { maxLength: 25 },
  )

  it.each([
    ['linux', linux],
    ['windows', windows],
    ['mac', mac],
    ['a stick', stick],
  ])('are given paths that hold, differ, lie below the root and lead back to them (%s)', (_, rules) => {
    fc.assert(
      fc.property(names, (all) => {
        const found = mapAll(rules, all)
        const taken = new Map<string, 'file' | 'directory'>()
        for (const [name, path] of found) {
          expect(originalName(path)).toBe(name)
          const segments = path.split('/')
          for (const segment of segments) {
            expect(['', '.', '..', '.pail-restore']).not.toContain(segment)
            expect(segment).not.toContain('\0')
            expect(segment.isWellFormed()).toBe(true)
            if (rules.isWindows) expect(segment).not.toMatch(/[<>:"\\|?*]|[. ]$|^(con|nul)( *\.|$)/i)
          }
          expect(['.pail-folder', '.pail-folder.new']).not.toContain(path)
          const seen = (text: string) => (rules.folds ? text.normalize('NFC').toLowerCase() : text)
          expect(taken.get(seen(path))).toBeUndefined()
          taken.set(seen(path), 'file')
          for (let i = 1; i < segments.length; i += 1) {
            const directory = seen(segments.slice(0, i).join('/'))
            expect(taken.get(directory)).not.toBe('file')
            taken.set(directory, 'directory')
          }
        }
      }),
      { numRuns: 1000 },
    )
  })
})
