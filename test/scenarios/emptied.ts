/** Files that are suddenly empty: by a power cut, a full disk, or because somebody wants them so. */
import type { Scenario } from './scenario.ts'
import {
  decide,
  manyFiles,
  settle,
  together,
  truncate,
  truncateKeepingTimes,
  untilNoticed,
  write,
  writeKeepingTimes,
} from './steps.ts'

const TWENTY = manyFiles('file', 20)
const names = (from: number, to: number) => Object.keys(TWENTY).slice(from, to)
const twelve = names(0, 12)
const left = Object.fromEntries(twelve.map((path) => [path, TWENTY[path] ?? '']))

export const emptied: readonly Scenario[] = [
  {
    name: 'a file that is empty with the date it had before is never sent, and is shown as suspect',
    covers: [3],
    init: { a: 'precious', b: 'b' },
    steps: [truncateKeepingTimes('a')],
    expect: {
      status: 'problem',
      leftOut: ['a'],
      kept: { a: 'precious' },
      isWithoutWrites: true,
      problems: [{ code: 'file_emptied', path: 'a' }],
      explained: { a: 'blocked' },
    },
  },
  {
    name: 'a suspect file that gets its content back is in sync without being sent',
    covers: [3],
    init: { a: 'precious', b: 'b' },
    steps: [
      truncateKeepingTimes('a'),
      settle({ status: 'problem', leftOut: ['a'], kept: { a: 'precious' } }),
      writeKeepingTimes('a', 'precious'),
    ],
    expect: { isWithoutWrites: true },
  },
  {
    name: 'a suspect file that is saved once more is sent, also when it is still empty',
    covers: [3],
    init: { a: 'precious', b: 'b' },
    steps: [
      truncateKeepingTimes('a'),
      settle({ status: 'problem', leftOut: ['a'], kept: { a: 'precious' } }),
      write('a', ''),
    ],
    expect: { uploads: ['a'], versions: { a: ['', 'precious'] } },
  },
  {
    name: 'a file that somebody emptied is sent empty once that has lasted, and its content stays as a version',
    covers: [3],
    init: { a: 'content', b: 'b' },
    steps: [truncate('a')],
    expect: { uploads: ['a'], versions: { a: ['', 'content'] } },
  },
  {
    name: 'a file that is empty while a program saves it never gets an empty version',
    covers: [3, 17],
    init: { a: 'content', b: 'b' },
    steps: [truncate('a'), untilNoticed, write('a', 'saved')],
    expect: { uploads: ['a'], versions: { a: ['saved', 'content'] } },
  },
  {
    name: 'files that are new and empty are sent',
    covers: [3],
    init: { a: 'a' },
    steps: [write('empty', ''), write('dir/empty', '')],
    expect: { uploads: ['empty', 'dir/empty'] },
  },
  {
    name: 'many files empty at once hold the folder',
    covers: [3, 4],
    init: TWENTY,
    steps: [together(...twelve.map((path) => truncate(path)))],
    expect: {
      held: 'mass_emptied',
      isRemoteUnchanged: true,
      isWithoutWrites: true,
      decisions: [{ kind: 'emptied', files: 12 }],
    },
  },
  {
    name: 'a few empty files after others are many',
    covers: [3, 4],
    init: TWENTY,
    steps: [
      together(...names(0, 8).map((path) => truncate(path))),
      settle({ uploads: names(0, 8) }),
      together(...names(8, 16).map((path) => truncate(path))),
    ],
    expect: {
      held: 'mass_emptied',
      isRemoteUnchanged: true,
      isWithoutWrites: true,
      decisions: [{ kind: 'emptied', files: 8 }],
    },
  },
  {
    name: 'many empty files are sent after a person said so, and what they held stays as versions',
    covers: [3],
    init: TWENTY,
    steps: [together(...twelve.map((path) => truncate(path))), decide('emptied', 'apply')],
    expect: { uploads: twelve, versions: { 'file-000': ['', TWENTY['file-000'] ?? ''] } },
  },
  {
    name: 'many empty files are not sent after a person kept what B2 holds',
    covers: [3],
    init: TWENTY,
    steps: [together(...twelve.map((path) => truncate(path))), decide('emptied', 'keep'), write('new', 'goes')],
    expect: { leftOut: twelve, kept: left, uploads: ['new'] },
  },
  {
    name: 'many empty files that get their content back end the hold by themselves',
    covers: [3],
    init: TWENTY,
    steps: [
      together(...twelve.map((path) => truncate(path))),
      settle({ held: 'mass_emptied', isRemoteUnchanged: true }),
      together(...twelve.map((path) => write(path, TWENTY[path] ?? ''))),
    ],
    expect: { isWithoutWrites: true },
  },
  {
    name: 'a whole folder of empty files with their old dates sends nothing',
    covers: [3],
    init: { a: 'one', b: 'two', 'dir/c': 'three' },
    steps: [together(truncateKeepingTimes('a'), truncateKeepingTimes('b'), truncateKeepingTimes('dir/c'))],
    expect: {
      status: 'problem',
      leftOut: ['a', 'b', 'dir/c'],
      kept: { a: 'one', b: 'two', 'dir/c': 'three' },
      isWithoutWrites: true,
      problems: ['a', 'b', 'dir/c'].map((path) => ({ code: 'file_emptied' as const, path })),
    },
  },
]
