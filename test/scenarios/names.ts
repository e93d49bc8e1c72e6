/** Names that break other clients. */
import type { Scenario } from './scenario.ts'
import { remove, rename, settle, together, write, writeRaw } from './steps.ts'

/** B2 takes this many bytes for one part of a name, and two less. */
const TOO_LONG = 'x'.repeat(252)

const COMPOSED = 'caf\u00e9'
const DECOMPOSED = 'cafe\u0301'

/** Names that are nothing special here, and impossible or dangerous elsewhere. */
const STRANGE = [
  'a:b',
  'pipe|pipe',
  'what?',
  'star*',
  'less<more>',
  'quote"',
  'NUL',
  'COM1.txt',
  'aux',
  'trailing dot.',
  'trailing space ',
  ' leading space',
  '100%',
  '%41',
  'plus+plus',
  'hash#tag',
  'semi;colon',
  'dollar$HOME',
  '-rf',
  '--',
  '...',
  '~',
  'Stra\u00dfe',
  '\u81ea\u7531',
  '\u{1FAA3}',
  '\u{10400}',
  '\ufeffbom',
]

export const names: readonly Scenario[] = [
  {
    name: 'names that other systems forbid are sent as they are',
    covers: [24],
    isJudged: true,
    init: Object.fromEntries(
      STRANGE.flatMap((name) => [
        [name, name],
        [`dir ${name}/inner ${name}`, name],
      ]),
    ),
    steps: [together(...STRANGE.slice(0, 10).map((name) => write(name, `${name} changed`)))],
    expect: { uploads: STRANGE.slice(0, 10) },
  },
  {
    name: 'a backslash in a name is no slash',
    covers: [24],
    init: { 'a\\b': '1', 'a/b': '2', 'c\\': '3', '\\': '4' },
    steps: [remove('a'), rename('c\\', 'dir\\c')],
    expect: { uploads: [], copies: ['dir\\c'], hides: ['a/b', 'c\\'] },
  },
  {
    name: 'two names that look the same, composed and decomposed, are two files',
    covers: [23],
    init: { [COMPOSED]: 'composed', [DECOMPOSED]: 'decomposed' },
    steps: [write(COMPOSED, 'composed, changed'), settle({ uploads: [COMPOSED] }), remove(DECOMPOSED)],
    expect: { hides: [DECOMPOSED], versions: { [COMPOSED]: ['composed, changed', 'composed'] } },
  },
  {
    name: 'a name that is only written otherwise, decomposed instead of composed, is a move',
    covers: [23],
    init: { [`${COMPOSED}/a`]: '1', b: 'b' },
    steps: [rename(COMPOSED, DECOMPOSED)],
    expect: { uploads: [], copies: [`${DECOMPOSED}/a`], hides: [`${COMPOSED}/a`] },
  },
  {
    name: 'names that differ only in case are different files where the disk says so',
    covers: [10],
    init: { File: '1', file: '2', 'Dir/x': '3', 'dir/x': '4' },
    steps: [remove('file'), write('Dir/x', '3 changed')],
    expect: { uploads: ['Dir/x'], hides: ['file'] },
  },
  {
    name: 'one name that B2 does not take stops nothing else, and says why',
    covers: [24, 25],
    init: { a: 'a', [TOO_LONG]: 'too long', 'line\nbreak': 'control', z: 'z' },
    steps: [],
    expect: {
      status: 'problem',
      leftOut: [TOO_LONG, 'line\nbreak'],
      uploads: ['a', 'z'],
      problems: [
        { code: 'name_not_allowed', path: TOO_LONG },
        { code: 'name_not_allowed', path: 'line\nbreak' },
      ],
      explained: { 'line\nbreak': 'blocked' },
    },
  },
  {
    name: 'a file whose name B2 does not take is sent once it has another',
    covers: [24],
    init: { a: 'a', 'line\nbreak': 'content' },
    first: { status: 'problem', leftOut: ['line\nbreak'] },
    steps: [rename('line\nbreak', 'line break')],
    expect: { uploads: ['line break'] },
  },
  {
    name: 'a tracked file that gets a name B2 does not take stays under its old one, and says why it is not sent',
    covers: [24],
    init: { a: 'a', b: 'b' },
    steps: [rename('a', 'a\tb')],
    expect: {
      status: 'problem',
      leftOut: ['a\tb'],
      kept: { a: 'a' },
      isWithoutWrites: true,
      problems: [{ code: 'name_not_allowed', path: 'a\tb' }],
    },
  },
  {
    name: 'a path that is too long for B2 stops nothing else, and the longest that fits is sent',
    covers: [25],
    init: { [`${'d'.repeat(240)}/${'e'.repeat(240)}/${'f'.repeat(240)}/${'g'.repeat(240)}/short`]: 'fits' },
    steps: [
      write(`${'d'.repeat(240)}/${'e'.repeat(240)}/${'f'.repeat(240)}/${'g'.repeat(240)}/${'h'.repeat(100)}`, 'no'),
    ],
    expect: {
      status: 'problem',
      leftOut: [`${'d'.repeat(240)}/${'e'.repeat(240)}/${'f'.repeat(240)}/${'g'.repeat(240)}/${'h'.repeat(100)}`],
      uploads: [],
    },
  },
  {
    name: 'a deep path is sent, followed and hidden like any other',
    covers: [25],
    init: { [`${'deep/'.repeat(60)}bottom`]: 'bottom', a: 'a' },
    steps: [
      write(`${'deep/'.repeat(60)}bottom`, 'changed'),
      settle({ uploads: [`${'deep/'.repeat(60)}bottom`] }),
      remove('deep'),
    ],
    expect: { hides: [`${'deep/'.repeat(60)}bottom`] },
  },
  {
    name: 'a name that is no UTF-8 is shown as a problem, and everything beside it is sent',
    covers: [24],
    init: { a: 'a' },
    prepare: [writeRaw('dir', 'ff6e616d65', 'content')],
    first: { status: 'problem' },
    steps: [write('dir/beside', 'goes')],
    expect: {
      status: 'problem',
      uploads: ['dir/beside'],
      problems: [{ code: 'name_not_allowed', path: 'dir/\ufffdname' }],
    },
  },
  {
    name: 'files whose names begin with a dot are files',
    covers: [24],
    init: { '.git/config': 'c', '.env': 'e', '.config/.x/.y': 'y' },
    steps: [write('.env', 'changed'), remove('.config')],
    expect: { uploads: ['.env'], hides: ['.config/.x/.y'] },
  },
]
