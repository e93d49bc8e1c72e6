/** What is measured, against what, and how much is all right. */
import { compare, type Comparison, type Peer, type Result } from './comparison.ts'
import { b2sdk, limit, pailWith, rclone, rcloneInParts } from './programs.ts'
import { measureEventLoop } from './event-loop.ts'
import { measureResuming } from './resuming.ts'
import { LAN, WAN, type Bench } from './stages.ts'
import { editFile, renameFolder, type TreePlan } from './trees.ts'
import { measureIdling, measureWatching } from './watching.ts'

/** A case, chosen by its name. */
export type Case = { readonly name: string; readonly what: string; readonly run: (bench: Bench) => Promise<Result> }

const SMALL: TreePlan = { name: 'small', files: 10_000, smallest: 1000, largest: 20_000, filesPerFolder: 100 }
const LARGE: TreePlan = { name: 'large', files: 1, smallest: 1e9, largest: 1e9, filesPerFolder: 1 }
const MANY: TreePlan = { name: 'many', files: 100_000, smallest: 1, largest: 100, filesPerFolder: 100 }
/** Above what is read at once, and below what is sent in parts. */
const MIDDLING: TreePlan = {
  name: 'middling',
  files: 100,
  smallest: 1_100_000,
  largest: 20_000_000,
  filesPerFolder: 100,
}
const ALBUM: TreePlan = { name: 'album', files: 1000, smallest: 1e6, largest: 1e6, filesPerFolder: 1000 }

/** What rclone takes of memory at its peak is the measure for Pail's: twice that for small trees, once for large ones. */
const SMALL_TREE = 2
const LARGE_TREE = 1

const b2sdkWithin = (time: number): Peer => ({ against: 'b2sdk', ways: [b2sdk(10), b2sdk(32)], time })

const RENAME: Omit<Comparison, 'name' | 'what'> = {
  tree: ALBUM,
  line: WAN,
  before: 'own',
  change: renameFolder,
  peers: [{ ...rcloneWith('--track-renames'), time: 0.3, memory: SMALL_TREE }],
  demands: [{ what: 'bytes sent', unit: 'count', most: 0, of: ({ sentBytes }) => sentBytes }],
}

/** In the order in which they run. */
export const cases: readonly Case[] = [
  comparison({
    name: 'small-wan',
    what: '10,000 files of 1 to 20 KB, first sync, WAN',
    tree: SMALL,
    line: WAN,
    before: 'empty',
    peers: [{ ...rcloneWith('--transfers', '32', '--fast-list'), time: 0.25, memory: SMALL_TREE }, b2sdkWithin(0.4)],
  }),
  comparison({
    name: 'small-lan',
    what: 'the same, LAN',
    tree: SMALL,
    line: LAN,
    before: 'empty',
    peers: [b2sdkWithin(0.3)],
  }),
  comparison({
    name: 'small-limit',
    what: 'the same, LAN, beside the bare client',
    tree: SMALL,
    line: LAN,
    before: 'empty',
    peers: [{ against: 'limit', ways: [limit(4), limit(8), limit(16)], time: 1.7 }],
  }),
  comparison({
    name: 'large-wan',
    what: '1 file of 1 GB, first sync, WAN',
    tree: LARGE,
    line: WAN,
    before: 'empty',
    peers: [{ ...rcloneWith(), time: 0.5, memory: SMALL_TREE }],
  }),
  comparison({
    name: 'large-lan',
    what: 'the same, LAN',
    tree: LARGE,
    line: LAN,
    before: 'empty',
    peers: [{ against: 'rclone, 4 parts at once', ways: [rcloneInParts(4)], time: 1, memory: SMALL_TREE }],
  }),
  comparison({
    name: 'large-limit',
    what: 'the same, LAN, beside the bare client',
    tree: LARGE,
    line: LAN,
    before: 'empty',
    peers: [{ against: 'limit', ways: [limit(1), limit(2), limit(4)], time: 1.25 }],
  }),
  comparison({
    name: 'noop',
    what: '100,000 files, nothing to do, state present',
    tree: MANY,
    line: LAN,
    before: 'shared',
    // Pail's own mark is no file of the tree.
    peers: [
      {
        against: 'rclone --fast-list',
        ways: [rclone('--fast-list', '--exclude', '/.pail-folder')],
        time: 0.3,
        memory: LARGE_TREE,
      },
    ],
    demands: [{ what: 'listing calls', unit: 'count', most: 0, of: ({ listings }) => listings }],
  }),
  {
    name: 'idle',
    what: '100,000 files watched, 60 s in which nothing happens',
    run: (bench) => measureIdling('idle', MANY, bench),
  },
  {
    name: 'watch',
    what: 'a new file in a watched tree of 100,000: from its save to its being visible in the bucket',
    run: (bench) => measureWatching('watch', MANY, bench),
  },
  {
    name: 'event-loop',
    what: 'how long the engine answers nobody while it sends 10,000 small files, 100 middling ones, 1 of 1 GB; LAN',
    run: (bench) => measureEventLoop('event-loop', [SMALL, MIDDLING, LARGE], bench),
  },
  comparison({ ...RENAME, name: 'rename', what: 'a folder with 1,000 files, 1 GB in all, gets another name, WAN' }),
  comparison({
    ...RENAME,
    name: 'rename-soon',
    what: 'the same where an old name is hidden once it has been gone for a second, instead of half a minute',
    ours: pailWith('--delete-delay', '1'),
  }),
  comparison({
    name: 'edits',
    what: '3 stretches of 100 KB of a file of 1 GB change, WAN',
    tree: LARGE,
    line: WAN,
    store: 'files',
    before: 'own',
    change: editFile,
    peers: [{ ...rcloneWith(), time: 0.15, memory: SMALL_TREE }],
    demands: [
      { what: 'sent of all bytes', unit: 'percent', most: 5, of: (ours, _, bytes) => (100 * ours.sentBytes) / bytes },
    ],
  }),
  {
    name: 'resume',
    what: '1 file of 1 GB, WAN, killed when half of it is there: from the next start to its next part',
    run: (bench) => measureResuming('resume', LARGE, bench),
  },
  comparison({
    name: 'restore',
    what: 'the 10,000 files back into an empty folder, WAN',
    tree: SMALL,
    line: WAN,
    store: 'files',
    before: 'shared',
    isRestore: true,
    peers: [{ ...rcloneWith('--transfers', '32'), time: 0.3, memory: SMALL_TREE }],
  }),
  comparison({
    name: 'rate-limit',
    what: 'small-wan where 500 requests a second are answered: no file may fail, and few calls be refused after 5 s',
    tree: SMALL,
    line: { ...WAN, requestsPerSecond: 500 },
    before: 'empty',
    peers: [],
    demands: [
      {
        what: 'answered 429',
        unit: 'percent',
        most: 1,
        of: (_, runs) => 100 * Math.max(...runs.map(({ refusedShare }) => refusedShare)),
      },
    ],
  }),
]

function comparison(described: Comparison): Case {
  const { name, what } = described
  return { name, what, run: (bench) => compare(described, bench) }
}

function rcloneWith(...flags: readonly string[]): Pick<Peer, 'against' | 'ways'> {
  const program = rclone(...flags)
  return { against: program.label, ways: [program] }
}
