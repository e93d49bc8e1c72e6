/** Roots that go away, are emptied, or are not what they were. */
import type { Scenario } from './scenario.ts'
import {
  acceptRoot,
  bringRootBack,
  copyRoot,
  decide,
  emptyRoot,
  emptyRootAndMarker,
  jumpClock,
  letPass,
  manyFiles,
  moveRootAway,
  refillRoot,
  remove,
  replaceRoot,
  restart,
  settle,
  together,
  write,
} from './steps.ts'

const TREE = { a: 'a', 'dir/b': 'b', 'dir/sub/c': 'c' }
const MISSING = { 'dir/b': 'b', 'dir/sub/c': 'c' }
const untouched = { isRemoteUnchanged: true, isWithoutWrites: true } as const

export const roots: readonly Scenario[] = [
  {
    name: 'a root that goes away holds the folder, and everything goes on when it is back',
    covers: [1],
    init: TREE,
    steps: [
      moveRootAway,
      settle({ held: 'root_missing', ...untouched }),
      bringRootBack,
      settle({ isWithoutWrites: true }),
      write('new', 'new'),
    ],
    expect: { uploads: ['new'], hides: [] },
  },
  {
    name: 'an empty directory in the place of the root, as where a drive was, hides nothing',
    covers: [1],
    init: TREE,
    steps: [replaceRoot({}), settle({ held: 'root_replaced', ...untouched }), bringRootBack],
    expect: { isWithoutWrites: true },
  },
  {
    name: 'another directory with files of its own in the place of the root is neither sent nor believed',
    covers: [1, 2],
    init: TREE,
    steps: [
      replaceRoot({ a: 'of another drive', x: 'x' }),
      settle({ held: 'root_replaced', ...untouched }),
      letPass(120),
      settle({ held: 'root_replaced', ...untouched }),
      bringRootBack,
      settle({ isWithoutWrites: true }),
      write('a', 'changed'),
    ],
    expect: { uploads: ['a'] },
  },
  {
    name: 'another directory that a person takes for the folder is sent, and what is missing there asks first',
    covers: [1, 7],
    init: TREE,
    steps: [
      replaceRoot({ a: 'a', x: 'x' }),
      settle({ held: 'root_replaced', ...untouched }),
      acceptRoot,
      settle({
        held: 'mass_deletion',
        kept: MISSING,
        uploads: ['x'],
        hides: [],
        decisions: [{ kind: 'deleted', files: 2 }],
      }),
      decide('deleted', 'keep'),
    ],
    expect: { kept: MISSING, isWithoutWrites: true },
  },
  {
    name: 'a root that is gone and there again, hours later by the clock, hides nothing',
    covers: [1, 22],
    init: TREE,
    steps: [moveRootAway, settle({ held: 'root_missing', ...untouched }), jumpClock(48), restart, bringRootBack],
    expect: { isWithoutWrites: true },
  },
  {
    name: 'a root that is suddenly empty hides nothing, and goes on when its files are back',
    covers: [1, 2],
    init: TREE,
    steps: [emptyRoot, settle({ held: 'root_emptied', ...untouched }), refillRoot],
    expect: { isWithoutWrites: true },
  },
  {
    name: 'a root that is suddenly empty, without even its marker, is taken for another one until that is back',
    covers: [1, 2],
    init: TREE,
    steps: [emptyRootAndMarker, settle({ held: 'root_replaced', ...untouched }), refillRoot],
    expect: { isWithoutWrites: true },
  },
  {
    name: 'a root that is empty for a moment, as a drive that wakes up, is not even held',
    covers: [2],
    init: TREE,
    steps: [emptyRootAndMarker, refillRoot],
    expect: { isWithoutWrites: true },
  },
  {
    name: 'most of a root that is missing, as a drive below it, hides nothing',
    covers: [1, 2],
    init: { ...manyFiles('drive/file', 80), a: 'a', b: 'b' },
    steps: [remove('drive')],
    expect: { held: 'mass_deletion', ...untouched, decisions: [{ kind: 'deleted', files: 80 }] },
  },
  {
    name: 'a marker that a cleaner deleted is written again, and nothing else happens',
    covers: [2],
    init: TREE,
    steps: [remove('.pail-folder'), settle({ isWithoutWrites: true }), remove('a')],
    expect: { hides: ['a'] },
  },
  {
    name: 'a marker that was deleted together with files does not make those count any sooner or later',
    covers: [2],
    init: TREE,
    steps: [together(remove('.pail-folder'), remove('a'))],
    expect: { hides: ['a'] },
  },
  {
    name: 'a root that was restored from a copy, complete, is taken for the same and sends nothing',
    covers: [2, 20],
    init: TREE,
    steps: [copyRoot, settle({ isWithoutWrites: true }), remove('a')],
    expect: { hides: ['a'] },
  },
  {
    name: 'a root that was restored from a copy, incomplete, asks before it hides a single file',
    covers: [1, 2],
    init: TREE,
    steps: [
      together(copyRoot, remove('dir')),
      settle({ held: 'mass_deletion', ...untouched, decisions: [{ kind: 'deleted', files: 2 }] }),
      decide('deleted', 'apply'),
    ],
    expect: { hides: ['dir/b', 'dir/sub/c'] },
  },
]
