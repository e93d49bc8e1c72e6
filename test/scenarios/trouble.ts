/** Networks that fail, and programs that rewrite everything. */
import type { Scenario } from './scenario.ts'
import {
  atomicSave,
  expireTokens,
  failNext,
  goOffline,
  goOnline,
  letPass,
  manyFiles,
  remove,
  rename,
  restart,
  settle,
  together,
  write,
} from './steps.ts'

const SIXTY = manyFiles('file', 60)
const all = Object.keys(SIXTY)

export const trouble: readonly Scenario[] = [
  {
    name: 'changes wait while B2 cannot be reached, and go when it can',
    covers: [14],
    init: { a: 'a', b: 'b', c: 'c' },
    steps: [
      goOffline,
      together(write('a', 'changed'), remove('b'), write('new', 'new')),
      settle({ status: 'offline', isRemoteUnchanged: true, isWithoutWrites: true }),
      write('c', 'changed, too'),
      goOnline,
    ],
    expect: { uploads: ['a', 'c', 'new'], hides: ['b'] },
  },
  {
    name: 'a folder whose files are all replaced by others while B2 cannot be reached is not taken for empty',
    covers: [1, 9],
    init: { a: 'a', b: 'b' },
    steps: [goOffline, together(remove('a'), remove('b'), write('c', 'c')), letPass(90), goOnline],
    expect: { uploads: ['c'], hides: ['a', 'b'] },
  },
  {
    name: 'a directory that is renamed while B2 cannot be reached is a move all the same',
    covers: [9, 28],
    init: { 'dir/a': '1', 'dir/b': '2' },
    steps: [goOffline, rename('dir', 'folder'), letPass(90), goOnline],
    expect: { uploads: [], copies: ['folder/a', 'folder/b'], hides: ['dir/a', 'dir/b'] },
  },
  {
    name: 'uploads that fail for a while arrive once',
    covers: [19],
    init: { a: 'a' },
    steps: [failNext('upload_file', { count: 4 }), write('b', 'b'), write('c', 'c')],
    expect: { uploads: ['b', 'c'] },
  },
  {
    name: 'a hide whose answer was lost is not made twice',
    covers: [14],
    init: { a: 'a', b: 'b' },
    steps: [failNext('hide_file', { kind: 'cut-after' }), remove('a')],
    expect: { versions: { a: [null, 'a'] } },
  },
  {
    name: 'a listing that breaks off in the middle hides nothing',
    covers: [5],
    init: { a: 'a', b: 'b' },
    steps: [failNext('list_file_names', { kind: 'truncated', count: 3 }), restart, write('a', 'changed'), remove('b')],
    expect: { uploads: ['a'], hides: ['b'] },
  },
  {
    name: 'tokens that expire in the middle are nothing to a user',
    covers: [],
    init: { a: 'a', b: 'b' },
    steps: [expireTokens, write('a', 'changed'), rename('b', 'c')],
    expect: { uploads: ['a'], copies: ['c'], hides: ['b'] },
  },
  {
    name: 'a program that rewrites every file loses no version of them',
    covers: [13],
    init: SIXTY,
    steps: [together(...all.map((path) => atomicSave(path, `scrambled ${path}`)))],
    expect: {
      uploads: all,
      hides: [],
      versions: Object.fromEntries(all.map((path) => [path, [`scrambled ${path}`, SIXTY[path] ?? '']])),
    },
  },
  {
    name: 'a program that rewrites every file under another name hides none of them before somebody says so',
    covers: [13],
    init: SIXTY,
    steps: [
      together(...all.map((path) => write(`${path}.locked`, `scrambled ${path}`))),
      settle({ hides: [] }),
      together(...all.map(remove)),
    ],
    expect: {
      held: 'mass_deletion',
      isRemoteUnchanged: true,
      isWithoutWrites: true,
      decisions: [{ kind: 'deleted', files: 60 }],
    },
  },
  {
    name: 'many changes of all kinds at once come to a good end',
    covers: [9, 17, 19],
    isJudged: true,
    init: { ...manyFiles('x/file', 20), ...manyFiles('y/file', 20), a: 'a', b: 'b', c: 'c' },
    steps: [
      write('a', '1'),
      rename('x', 'z'),
      write('z/file-003', 'changed'),
      remove('z/file-004'),
      rename('y/file-000', 'z/file-004'),
      atomicSave('b', '2'),
      write('x/file-001', 'a new x'),
      rename('z/file-010', 'y/file-010'),
      remove('c'),
      write('c/d', 'a folder now'),
      rename('a', 'c/a'),
      remove('y/file-019'),
    ],
  },
]
