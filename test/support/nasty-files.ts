/** Trees of files with names that break encoders, sorters, shells and parsers, for clients that others wrote. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import fc from 'fast-check'

/** The same names every time. */
const SEED = 20261122

/** Pieces of names that break encoders, sorters, shells and parsers. No B2 client may change any of them. */
const PIECES = [
  ...[
    'a',
    'B',
    'Zz',
    '0',
    'note',
    'IMG_',
    '(1)',
    'copy of',
    '.',
    '..',
    '...',
    '-',
    '--',
    '_',
    '~',
    '=',
    ':',
    ';',
    '!',
    '$',
  ],
  ...[
    ' ',
    '  ',
    '+',
    '%',
    '%20',
    '%2F',
    '#',
    '?',
    '&',
    ',',
    '@',
    '*',
    '"',
    "'",
    '`',
    '<',
    '>',
    '|',
    '[',
    ']',
    '{',
    '}',
    '^',
  ],
  ...[
    'ä',
    'ß',
    'Ü',
    'e\u0301',
    '自由',
    '写真',
    'Ж',
    'ع',
    '\u00a0',
    '\u200b',
    '\ufffd',
    '\ue000',
    '\u{10400}',
    '🪣',
    '👩‍👧',
    '🇨🇭',
  ],
]

/** Relative paths of a tree: nested, deep, long, each in several alphabets, always the same ones. */
export function nastyPaths(count: number): string[] {
  const segment = fc.array(fc.constantFrom(...PIECES), { minLength: 1, maxLength: 6 }).map((pieces) => pieces.join(''))
  // A folder is never named like a file: files carry a number at their end.
  const folders = fc.sample(segment, { seed: SEED, numRuns: 40 }).map((name) => `${name}d`)
  // Few different folders: clients list each one by itself, and rclone takes at most 100 calls a second.
  const chains = fc.sample(fc.array(fc.constantFrom(...folders), { maxLength: 5 }), { seed: SEED, numRuns: 40 })
  const folder = fc.constantFrom(...chains)
  const stem = fc.oneof(
    { weight: 9, arbitrary: segment },
    { weight: 1, arbitrary: fc.constantFrom('x'.repeat(240), '写'.repeat(80)) },
  )
  const samples = fc.sample(fc.tuple(folder, stem), { seed: SEED, numRuns: count - 1 })
  const paths = samples.map(([parents, name], i) => [...parents, `${name}${i}`].join('/'))
  return [...paths, `${'deep/'.repeat(30)}bottom`]
}

/** Writes a file below the root, with the folders it needs. */
export function writeBelow(root: string, path: string, content: string | Buffer): void {
  const target = join(root, path)
  mkdirSync(dirname(target), { recursive: true })
  writeFileSync(target, content)
}

/** The content of the i-th of those files: short, and some are empty. */
export function contentOf(path: string, i: number): string {
  return i % 10 === 0 ? '' : `${path}\n`.repeat(i % 7)
}

/** Orders names the way B2 lists them. */
export function byUtf8(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b))
}
