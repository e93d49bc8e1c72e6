/** What goes on while the engine is killed: each short, together everything that Pail does to a bucket. */
import type { DecisionKind } from '../../shared/model/decision.ts'
import { LEAST_PART_BYTES, type CrashScenario, type Person, type Tree } from './crash-scenario.ts'
import { BUCKET, PREFIX } from './crash-world.ts'

const three: Tree = { a: 'the first', b: 'the second', 'dir/c': 'the third' }

const many = (prefix: string, count: number): Tree =>
  Object.fromEntries(Array.from({ length: count }, (_, i) => [`${prefix}${i}`, `content of ${prefix}${i}`]))

/** A file of eleven parts, each unlike the others, with new content in the parts of these numbers, counted from 0. */
function large(...changed: readonly number[]): string {
  const parts = Array.from({ length: 11 }, (_, i) => `${i}${changed.includes(i) ? ' anew' : ''} `)
  return parts.map((text) => text.repeat(LEAST_PART_BYTES).slice(0, LEAST_PART_BYTES)).join('')
}

/** Waits until there is something of the kind to decide, and answers it; returns when all is done. */
function decide(kind: DecisionKind, answer: 'apply' | 'keep') {
  return async ({ api, folderId, witness, snapshot, until }: Person): Promise<void> => {
    // Before it has looked, the engine knows of nothing to decide.
    await api.checkNow({ folderId })
    await until(`a decision about ${kind}`, async () => {
      const { status, folders } = await snapshot()
      const open = folders[0]?.decisions.find((decision) => decision.kind === kind)
      if (open === undefined) return status.kind === 'up-to-date'
      if (answer === 'apply') {
        const list = await api.listDecision({ folderId, listId: open.listId, limit: 1000 })
        witness.approve(list.map((path) => `${PREFIX}${path}`))
      }
      await api.decide({ folderId, kind, listId: open.listId, answer })
      return false
    })
  }
}

const uploads: readonly CrashScenario[] = [
  {
    name: 'the account is connected, the folder added, and its first files are sent',
    change: (disk) => disk.writeAll(three),
    uploads: ['a', 'b', 'dir/c'],
  },
  {
    name: 'a folder is added whose files are in the bucket already',
    foreign: three,
    change: (disk) => disk.writeAll({ ...three, d: 'the fourth' }),
    uploads: ['d'],
  },
  {
    name: 'new files are found by the first look after a start',
    files: three,
    change: (disk) => disk.writeAll({ d: 'the fourth', 'dir/e': 'the fifth' }),
    uploads: ['d', 'dir/e'],
  },
  {
    name: 'a file changes under its eyes',
    files: three,
    isRunning: true,
    change: (disk) => disk.append('dir/c', ' and more'),
    uploads: ['dir/c'],
  },
  {
    name: 'a program saves by renaming a new file over the old one',
    files: three,
    isRunning: true,
    change: (disk) => disk.saveAtomically('a', 'the first, saved'),
    uploads: ['a'],
  },
  {
    name: 'empty files appear',
    files: three,
    change: (disk) => disk.writeAll({ empty: '', 'dir/empty': '' }),
    uploads: ['empty', 'dir/empty'],
  },
  {
    name: 'many small files appear',
    files: three,
    isRunning: true,
    change: (disk) => disk.writeAll(many('small-', 12)),
    uploads: Object.keys(many('small-', 12)),
  },
]

const largeFiles: readonly CrashScenario[] = [
  {
    name: 'a large file is sent in parts',
    files: three,
    isRunning: true,
    change: (disk) => disk.write('large', large()),
    uploads: ['large'],
    parts: { sent: 11, copied: 0 },
  },
  {
    name: 'a large file changes in one place, and B2 copies the rest of it',
    files: { ...three, large: large() },
    isRunning: true,
    change: (disk) => disk.write('large', large(5)),
    uploads: ['large'],
    parts: { sent: 1, copied: 2 },
  },
  {
    name: 'a file is renamed that is too large for a single copy',
    files: { ...three, large: large() },
    isRunning: true,
    change: (disk) => disk.rename('large', 'dir/large, renamed'),
    hides: ['large'],
    parts: { sent: 0, copied: 2 },
  },
]

const surprises: readonly CrashScenario[] = [
  {
    name: 'a new file is sent, which is deleted before the next start',
    files: three,
    change: (disk) => disk.write('new', 'not for long'),
    meanwhile: (disk) => disk.remove('new'),
    hides: ['new'],
    uploads: ['new'],
  },
  {
    name: 'a new file is sent, which is renamed before the next start',
    files: three,
    change: (disk) => disk.write('new', 'soon called otherwise'),
    meanwhile: (disk) => disk.rename('new', 'dir/newer'),
    hides: ['new'],
    uploads: ['new', 'dir/newer'],
  },
  {
    name: 'a change is sent, which is undone before the next start',
    files: three,
    isRunning: true,
    change: (disk) => disk.append('a', ', changed'),
    meanwhile: (disk) => disk.write('a', three['a'] ?? ''),
    uploads: ['a'],
  },
  {
    name: 'a change is sent, and the very file that was there is put back before the next start',
    files: three,
    isRunning: true,
    change: (disk) => {
      disk.rename('a', 'a.partial')
      disk.write('a', 'the first, changed')
    },
    meanwhile: (disk) => disk.rename('a.partial', 'a'),
    leftOut: ['a.partial'],
    uploads: ['a'],
  },
  {
    name: 'a change is sent, and its file renamed before the next start, whose upload outlasts the delay of deletions',
    files: three,
    isRunning: true,
    bytesPerSecond: 150_000,
    change: (disk) => disk.write('a', 'the first, and long'.repeat(10_000)),
    meanwhile: (disk) => disk.rename('a', 'dir/a, renamed'),
    hides: ['a'],
    uploads: ['a', 'dir/a, renamed'],
  },
  {
    name: 'a rename is copied, which is undone before the next start',
    files: three,
    isRunning: true,
    change: (disk) => disk.rename('a', 'z'),
    meanwhile: (disk) => disk.rename('z', 'a'),
    hides: ['a', 'z'],
  },
  {
    name: 'a deletion goes out, and the file is back before the next start',
    files: three,
    isRunning: true,
    change: (disk) => disk.remove('a'),
    meanwhile: (disk) => disk.write('a', three['a'] ?? ''),
    hides: ['a'],
    uploads: ['a'],
  },
]

const deletions: readonly CrashScenario[] = [
  {
    name: 'a file is deleted and waits for its delay',
    files: three,
    isRunning: true,
    change: (disk) => disk.remove('a'),
    hides: ['a'],
  },
  {
    name: 'a directory is deleted while the engine is stopped',
    files: { ...three, ...many('kept-', 10), 'dir/d': 'the fourth' },
    change: (disk) => disk.remove('dir'),
    hides: ['dir/c', 'dir/d'],
  },
  {
    name: 'a file is deleted and comes back within its delay',
    files: three,
    isRunning: true,
    change: (disk) => {
      disk.remove('a')
      disk.write('a', three['a'] ?? '')
    },
  },
  {
    name: 'a deletion of nearly everything is approved',
    files: many('file-', 8),
    settings: { gateFiles: 3 },
    isRunning: true,
    change: (disk) => {
      for (const path of Object.keys(many('file-', 6))) disk.remove(path)
    },
    ask: decide('deleted', 'apply'),
    hides: Object.keys(many('file-', 6)),
  },
  {
    name: 'a deletion of nearly everything is to stay in the bucket',
    files: many('file-', 8),
    settings: { gateFiles: 3 },
    isRunning: true,
    change: (disk) => {
      for (const path of Object.keys(many('file-', 6))) disk.remove(path)
    },
    ask: decide('deleted', 'keep'),
    remains: many('file-', 6),
  },
  {
    name: 'files are deleted of a folder that keeps what is in the bucket',
    files: three,
    settings: { deletionPolicy: { kind: 'keep' } },
    isRunning: true,
    change: (disk) => disk.remove('b'),
    remains: { b: 'the second' },
  },
  {
    name: 'the policy becomes to remove hidden files after a week, and a file is deleted',
    files: three,
    isRunning: true,
    ask: async ({ api, folderId, witness }) => {
      witness.ruledPrefixes.add(PREFIX)
      await api.updateFolder({ folderId, settings: { deletionPolicy: { kind: 'hide-then-remove', days: 7 } } })
    },
    change: (disk) => disk.remove('b'),
    hides: ['b'],
  },
  {
    name: 'the policy becomes to delete all versions, and files are deleted of which one has several',
    earlier: { b: 'the second, as it was' },
    files: three,
    // Held until the policy is the new one.
    settings: { gateFiles: 1 },
    change: (disk) => {
      disk.remove('b')
      disk.remove('dir/c')
    },
    ask: async (person) => {
      const { api, folderId, witness } = person
      for (const path of ['b', 'dir/c']) witness.erasable.add(`${PREFIX}${path}`)
      const settings = { deletionPolicy: { kind: 'delete' } } as const
      await api.updateFolder({ folderId, settings, confirmation: BUCKET })
      await decide('deleted', 'apply')(person)
    },
    hides: ['b', 'dir/c'],
    erased: ['b', 'dir/c'],
  },
]

const moves: readonly CrashScenario[] = [
  {
    name: 'a file is renamed',
    files: three,
    isRunning: true,
    change: (disk) => disk.rename('a', 'dir/a, renamed'),
    hides: ['a'],
  },
  {
    name: 'a directory is renamed while the engine is stopped',
    files: { ...three, 'dir/sub/d': 'the fourth', 'dir/sub/e': 'the fifth' },
    change: (disk) => disk.rename('dir', 'folder'),
    hides: ['dir/c', 'dir/sub/d', 'dir/sub/e'],
  },
  {
    name: 'two files swap their names',
    files: three,
    isRunning: true,
    change: (disk) => disk.swap('a', 'dir/c'),
  },
  {
    name: 'a file is renamed and another is written under its old name',
    files: three,
    change: (disk) => {
      disk.rename('a', 'a.old')
      disk.write('a', 'the first, anew')
    },
    uploads: ['a'],
  },
  {
    name: 'a file is copied, and another gets a second name',
    files: three,
    isRunning: true,
    change: (disk) => {
      disk.copy('a', 'dir/copy of a')
      disk.link('b', 'dir/link to b')
    },
  },
  {
    name: 'a file becomes a directory, and a directory a file',
    files: three,
    change: (disk) => {
      disk.remove('a')
      disk.write('a/inside', 'the fourth')
      disk.remove('dir')
      disk.write('dir', 'the fifth')
    },
    hides: ['a', 'dir/c'],
    uploads: ['a/inside', 'dir'],
  },
  {
    name: 'everything at once',
    files: { ...three, ...many('kept-', 6), moved: 'a file that moves' },
    isRunning: true,
    change: (disk) => {
      disk.rename('moved', 'dir/moved')
      disk.remove('b')
      disk.write('a', 'the first, changed')
      disk.write('new', 'a new file')
      disk.copy('dir/c', 'copy of c')
    },
    hides: ['moved', 'b'],
    uploads: ['a', 'new'],
  },
]

const settings: readonly CrashScenario[] = [
  {
    name: 'a rule is added that ignores a file of the bucket',
    files: three,
    isRunning: true,
    ask: async ({ api, folderId }) => {
      await api.updateFolder({ folderId, settings: { ignoreRules: 'b\n' } })
    },
    change: (disk) => disk.write('d', 'the fourth'),
    remains: { b: 'the second' },
    leftOut: ['b'],
    uploads: ['d'],
  },
  {
    name: 'a file of rules appears that ignores a directory',
    files: three,
    change: (disk) => disk.write('.pailignore', 'dir/\n'),
    remains: { 'dir/c': 'the third' },
    leftOut: ['dir/c'],
    uploads: ['.pailignore'],
  },
  {
    name: 'everything is paused, changes, and goes on',
    files: three,
    isRunning: true,
    change: (disk) => {
      disk.write('d', 'the fourth')
      disk.rename('a', 'z')
    },
    ask: async ({ api, untilHeard }) => {
      await api.pause(undefined)
      await untilHeard()
      await api.resume(undefined)
    },
    hides: ['a'],
    uploads: ['d'],
  },
  {
    name: 'what another program has put into the bucket is replaced with consent',
    foreign: { a: 'somebody else' },
    change: (disk) => disk.writeAll(three),
    ask: decide('overwrite', 'apply'),
    uploads: ['a', 'b', 'dir/c'],
  },
  {
    name: 'what another program has put into the bucket is kept',
    foreign: { a: 'somebody else' },
    change: (disk) => disk.writeAll(three),
    ask: decide('overwrite', 'keep'),
    remains: { a: 'somebody else' },
    leftOut: ['a'],
    uploads: ['b', 'dir/c'],
  },
]

export const crashScenarios: readonly CrashScenario[] = [
  ...uploads,
  ...largeFiles,
  ...surprises,
  ...deletions,
  ...moves,
  ...settings,
]
