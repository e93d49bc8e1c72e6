/** Sample states of the engine: one for each face the window can show. */
import type { EngineSnapshot } from '../../shared/model/snapshot.ts'
import type { z } from 'zod'
import type { EngineApi } from '../../shared/contract/engine-api.ts'
import { EngineSnapshot as SnapshotSchema } from '../../shared/model/snapshot.ts'
import { pauseEnd } from '../../shared/text/pause-text.ts'
import { dropped, droppedDone } from './dropped.ts'
import { NO_DROPS } from '../../shared/model/drop.ts'
import { ActivityRow } from '../../shared/model/activity.ts'
import { DEFAULT_FOLDER_SETTINGS, type DeletionPolicy } from '../../shared/model/folder.ts'
import { busyLists, hugeLists, idleLists, moving, movingRows, nameAt, noLists, type SampleLists } from './transfers.ts'

type Draft = z.input<typeof SnapshotSchema>
type Activity = z.input<typeof ActivityRow>
type Decision = Draft['folders'][number]['decisions'][number]

export type Scene = {
  readonly snapshot: EngineSnapshot
  readonly activity: readonly ActivityRow[]
  readonly lists: SampleLists
  readonly buckets: z.input<EngineApi['listBuckets']['output']>
  readonly engineState?: { readonly kind: 'restarting' | 'failed'; readonly reason: string | null }
}

const now = Date.now()
const minute = 60_000
const hour = 60 * minute

/** When a folder sends again that waits for the hours in which it does. */
const nextHours = new Date(now).setHours(22, 0, 0, 0) + (new Date(now).getHours() < 22 ? 0 : 24 * hour)

const account = {
  kind: 'connected',
  account: {
    accountId: 'a1b2c3d4e5f6',
    applicationKeyId: '004a1b2c3d4e5f60000000001',
    realm: 'https://api.backblazeb2.com',
    capabilities: ['listBuckets', 'listFiles', 'readFiles', 'writeFiles', 'shareFiles'],
    missingCapabilities: [],
    namePrefix: '',
  },
} satisfies Draft['account']

const documents: Draft['folders'][number] = {
  folderId: 1,
  root: '/home/maria/Documents',
  bucketId: 'b1',
  bucketName: 'maria-backup',
  bucketType: 'allPrivate',
  prefix: 'Documents/',
  status: { kind: 'up-to-date', files: 11_227, checkedAt: now - 2 * minute },
  syncedFiles: 11_227,
  syncedBytes: 48_300_000_000,
  settings: DEFAULT_FOLDER_SETTINGS,
  pause: null,
  checkedAt: now - 2 * minute,
  lastChangeAt: now - 14 * minute,
  decisions: [],
}

const pictures: Draft['folders'][number] = {
  folderId: 2,
  root: '/home/maria/Pictures',
  bucketId: 'b2',
  bucketName: 'open-files',
  bucketType: 'allPublic',
  prefix: 'Pictures/',
  status: { kind: 'up-to-date', files: 1204, checkedAt: now - 2 * minute },
  syncedFiles: 1204,
  syncedBytes: 3_100_000_000,
  settings: DEFAULT_FOLDER_SETTINGS,
  pause: null,
  checkedAt: now - 2 * minute,
  lastChangeAt: now - 14 * minute,
  decisions: [],
}

const backupDisk: Draft['folders'][number] = {
  ...documents,
  folderId: 3,
  root: '/media/maria/Backup disk',
  prefix: 'Backup disk/',
  syncedFiles: 0,
  syncedBytes: 0,
  lastChangeAt: null,
}

/** The path at a place in the list that a decision is about, in the order of paths. */
export const decisionPath = (index: number): string =>
  `Scans/${String(1990 + Math.floor(index / 400))}/page ${String(index % 400).padStart(3, '0')}.tiff`
const verbs: readonly Activity['verb'][] = [
  'uploaded',
  'uploaded',
  'copied',
  'hidden',
  'adopted',
  'uploaded',
  'failed',
  'kept',
  'deleted',
]
const withoutSize: ReadonlySet<Activity['verb']> = new Set(['hidden', 'failed', 'kept', 'deleted', 'folder-added'])
/** Rows that are about a folder, or about Pail itself. */
const events: Readonly<Record<number, Partial<Activity>>> = {
  4: { verb: 'folder-changed', path: null, sizeBytes: null },
  5: {
    verb: 'uploaded',
    path: 'Mail/Archive 2026.pst',
    sizeBytes: 1_000_000_000,
    sparedBytes: 985_000_000,
    code: null,
  },
  12: { verb: 'records-recovered', path: null, folderId: null, sizeBytes: null },
  259: { verb: 'folder-added', path: null, sizeBytes: null },
}
const activity: Activity[] = Array.from({ length: 260 }, (_, index) => {
  const verb = verbs[index % verbs.length] ?? 'uploaded'
  return {
    activityId: 260 - index,
    at: now - index * 13 * minute,
    verb,
    folderId: 1 + (index % 2),
    path: nameAt(index),
    sizeBytes: withoutSize.has(verb) ? null : 1000 + ((index * 7_654_321) % 84_000_000),
    sparedBytes: null,
    code: verb === 'failed' ? 'file_unreadable' : null,
    ...events[index],
  }
})

const buckets: Scene['buckets'] = [
  { bucketId: 'b1', bucketName: 'maria-backup', bucketType: 'allPrivate', isEncrypted: true },
  { bucketId: 'b2', bucketName: 'open-files', bucketType: 'allPublic' },
  {
    bucketId: 'b3',
    bucketName: 'a-bucket-with-a-name-that-is-as-long-as-b2-permits-for-a-bucket-',
    bucketType: 'allPrivate',
  },
]

/** Nothing moves or waits. */
const still = { sending: [], sendingCount: 0, waitingCount: 0, failedCount: 0, most: null }
const storage: Draft['storage'] = {
  current: { files: 12_431, bytes: 51_400_000_000 },
  old: { files: 3209, bytes: 6_100_000_000 },
  unfinished: { files: 1, bytes: 300_000_000 },
  countedAt: now - 5 * hour,
  capBytes: null,
}
const nothingStored: Draft['storage'] = {
  current: { files: 0, bytes: 0 },
  old: { files: 0, bytes: 0 },
  unfinished: { files: 0, bytes: 0 },
  countedAt: null,
  capBytes: null,
}

const idle: Draft = {
  status: { kind: 'up-to-date', files: 12_431, checkedAt: now - 2 * minute },
  isPaused: false,
  pausedUntil: null,
  bandwidth: { up: null, down: null, until: null },
  account,
  health: { kind: 'online', checkedAt: now - 2 * minute },
  storage,
  links: { active: 0, promised: 0, expiresSoon: 0, revision: 0, news: [] },
  folders: [documents, pictures],
  transfers: still,
  drops: NO_DROPS,
  problems: [],
  problemCount: 0,
  throughput: [],
  recent: [],
  lastActivityId: 260,
}

const sendingStatus: Draft['status'] = {
  kind: 'sending',
  files: 214,
  bytes: 1_900_000_000,
  bytesPerSecond: 18_400_000,
  secondsLeft: 103,
}

/** Bytes a second for each five seconds: a slow start, a dip, and on. */
const throughput = [
  0.4, 1.9, 5.2, 9.1, 12.4, 15.8, 17.2, 16.1, 18.9, 20.4, 19.2, 21.7, 22.3, 20.8, 12.2, 6.4, 9.8, 15.1,
]
  .concat([17.9, 19.6, 21.2, 20.1, 18.3, 19.4, 20.6, 18.8, 17.4, 18.1, 18.9, 18.4])
  .map((megabytes) => megabytes * 1_000_000)

const sending: Draft = {
  ...idle,
  status: sendingStatus,
  throughput,
  folders: [documents, { ...pictures, status: sendingStatus }],
  transfers: {
    sending: [...movingRows],
    sendingCount: movingRows.length,
    waitingCount: 208,
    failedCount: 3,
    most: null,
  },
}

const problem = (
  problemId: string,
  code: Draft['problems'][number]['code'],
  scope: Draft['problems'][number]['scope'],
  over: Partial<Draft['problems'][number]> = {},
): Draft['problems'][number] => ({
  problemId,
  code,
  scope,
  folderId: scope === 'file' || scope === 'folder' ? 1 : null,
  path: scope === 'file' ? nameAt(problemId.length + problemId.charCodeAt(0)) : null,
  since: now - 3 * hour,
  details: {},
  ...over,
})

const manyProblems = [
  problem('a', 'key_rejected', 'account'),
  problem('b', 'root_missing', 'folder', { folderId: 3, details: { root: '/media/maria/Backup disk' } }),
  problem('c', 'storage_cap_exceeded', 'account'),
  problem('d', 'watch_limit_reached', 'folder', {
    folderId: 3,
    details: { root: '/media/maria/Backup disk', folders: 1203, sample: 'photos/2019' },
  }),
  problem('e', 'name_not_allowed', 'file', {
    path: 'Work/bell\u0007.txt',
    details: { reason: "it contains the control character U+0007 at place 5 of the file's name" },
  }),
  ...Array.from({ length: 9 }, (_, index) => problem(`f${'x'.repeat(index)}`, 'file_unreadable', 'file')),
]

const veryLong =
  'Very long folder name that somebody made by pasting a whole sentence into it, and then some more of it'
const longNames: Draft = {
  ...sending,
  folders: [
    {
      ...documents,
      root: `/home/maria/${veryLong}/${veryLong}/Documents and ${veryLong}`,
      prefix: `${veryLong}/${veryLong}/`,
      bucketName: 'a-bucket-with-a-name-that-is-as-long-as-b2-permits-for-a-bucket-',
      status: sendingStatus,
    },
  ],
  transfers: {
    ...sending.transfers,
    sending: [
      moving(2, {
        path: `${veryLong}/${veryLong} final (2).jpg`,
        sizeBytes: 84_000_000,
        sentBytes: 61_000_000,
        bytesPerSecond: 9_400_000,
      }),
    ],
    sendingCount: 1,
  },
}
const longLists: SampleLists = {
  ...busyLists,
  done: [
    { path: `${veryLong}/${'e\u0301'.repeat(120)}.pdf` },
    { path: `a/${'長い名前'.repeat(30)}.txt` },
    ...busyLists.done.slice(2),
  ],
}

function decision(kind: Decision['kind'], files: number): Decision {
  const samples = Array.from({ length: Math.min(5, files) }, (_, index) => decisionPath(index))
  return { kind, listId: `${kind}-${files}`, files, totalFiles: 11_227, bytes: files * 4_300_000, samples }
}

/** A folder that was stopped, with what is to be decided about it. */
function heldScene(
  code: 'mass_deletion' | 'mass_emptied' | 'root_emptied' | 'root_replaced',
  question: Decision | null,
  deletionPolicy: DeletionPolicy = { kind: 'hide' },
): Draft {
  const status = { kind: 'held', code } as const
  const { root } = documents
  const folder: Draft['folders'][number] = {
    ...documents,
    status,
    settings: { ...DEFAULT_FOLDER_SETTINGS, deletionPolicy },
    decisions: question === null ? [] : [question],
  }
  const details = question === null ? { root } : { root, files: question.files }
  return {
    ...idle,
    status,
    folders: [folder, pictures],
    problems: [problem('h', code, 'folder', { details })],
    problemCount: 1,
  }
}

const fresh: Draft = {
  ...idle,
  account: { kind: 'none' },
  status: { kind: 'not-set-up', missing: 'account' },
  storage: nothingStored,
  folders: [],
  transfers: still,
  throughput: [],
  recent: [],
  lastActivityId: 0,
}

/** Where everything stands still, it does in each folder: nine files of one wait, and the rest of the other. */
function everywhere(status: Draft['status'], over: Partial<Draft> = {}): Draft {
  const part = (files: number): Draft['status'] => ('files' in status ? { ...status, files } : status)
  const files = 'files' in status ? status.files : 0
  const folders = [
    { ...documents, status: part(Math.min(9, files)) },
    { ...pictures, status: part(Math.max(0, files - 9)) },
  ]
  return { ...idle, status, folders, ...over }
}

const drafts = {
  idle,
  sending,
  manyWaiting: { ...sending, transfers: { ...sending.transfers, waitingCount: 99_986 } },
  longNames,
  fresh,
  newAccount: fresh,
  noFolder: { ...fresh, account, status: { kind: 'not-set-up', missing: 'folder' } },
  emptyLists: { ...idle, folders: [documents], transfers: still, lastActivityId: 0 },
  checking: {
    ...idle,
    status: { kind: 'checking', filesSeen: 8213 },
    folders: [{ ...documents, status: { kind: 'checking', filesSeen: 8213 } }, pictures],
  },
  paused: everywhere({ kind: 'paused', files: 12, until: null }, { isPaused: true }),
  pausedUntil: everywhere(
    { kind: 'paused', files: 12, until: pauseEnd('tomorrow', now) },
    { isPaused: true, pausedUntil: pauseEnd('tomorrow', now) },
  ),
  folderPaused: {
    ...idle,
    folders: [
      {
        ...documents,
        pause: { until: pauseEnd('two-hours', now) },
        status: { kind: 'paused', files: 3, until: pauseEnd('two-hours', now) },
      },
      pictures,
    ],
  },
  offline: everywhere(
    { kind: 'offline', since: now - 40 * minute, files: 12 },
    { health: { kind: 'unreachable', code: 'network_unreachable', since: now - 40 * minute } },
  ),
  capped: { ...idle, storage: { ...storage, capBytes: 100_000_000_000 } },
  aboveCap: { ...idle, storage: { ...storage, countedAt: null, capBytes: 50_000_000_000 } },
  waiting: everywhere(
    { kind: 'waiting', files: 12, code: 'keychain_unavailable', nextAttemptAt: now + 30_000 },
    { account: { kind: 'waiting', applicationKeyId: 'x', code: 'keychain_unavailable' } },
  ),
  held: heldScene('root_emptied', decision('deleted', 11_227)),
  heldDeleting: heldScene('mass_deletion', decision('deleted', 8212), { kind: 'delete' }),
  heldRemoving: heldScene('mass_deletion', decision('deleted', 1), { kind: 'hide-then-remove', days: 30 }),
  heldEmptied: heldScene('mass_emptied', decision('emptied', 447)),
  wouldOverwrite: {
    ...idle,
    status: { kind: 'problem', problems: 3, code: 'would_overwrite' },
    folders: [
      {
        ...documents,
        status: { kind: 'problem', problems: 3, code: 'would_overwrite' },
        decisions: [decision('overwrite', 3)],
      },
      pictures,
    ],
    problems: ['x', 'y', 'z'].map((id) => problem(id, 'would_overwrite', 'file')),
    problemCount: 3,
  },
  rootReplaced: heldScene('root_replaced', null),
  problem: everywhere(
    { kind: 'problem', problems: 1, code: 'key_rejected' },
    {
      account: { kind: 'waiting', applicationKeyId: 'x', code: 'key_rejected' },
      problems: [problem('a', 'key_rejected', 'account')],
      problemCount: 1,
    },
  ),
  outOfHours: {
    ...idle,
    status: { kind: 'waiting', files: 12, code: null, nextAttemptAt: nextHours, isOutOfHours: true },
    folders: [
      {
        ...documents,
        settings: {
          ...DEFAULT_FOLDER_SETTINGS,
          priority: 'first',
          sendingTimes: [{ days: ['mon', 'tue', 'wed', 'thu', 'fri'], from: '22:00', to: '06:00' }],
        },
        status: { kind: 'waiting', files: 12, code: null, nextAttemptAt: nextHours, isOutOfHours: true },
      },
      pictures,
    ],
  },
  proxySilent: everywhere(
    { kind: 'problem', problems: 1, code: 'proxy_unreachable' },
    {
      health: { kind: 'unreachable', code: 'proxy_unreachable', since: now - 2 * minute },
      problems: [problem('a', 'proxy_unreachable', 'account', { details: { proxy: 'proxy.example.com:3128' } })],
      problemCount: 1,
    },
  ),
  manyProblems: {
    ...idle,
    status: { kind: 'problem', problems: 31, code: 'key_rejected' },
    account: { kind: 'waiting', applicationKeyId: 'x', code: 'key_rejected' },
    folders: [
      { ...documents, status: { kind: 'problem', problems: 29, code: 'key_rejected' } },
      { ...pictures, status: { kind: 'problem', problems: 1, code: 'key_rejected' } },
      { ...backupDisk, status: { kind: 'problem', problems: 2, code: 'key_rejected' } },
    ],
    problems: manyProblems,
    problemCount: 31,
  },
  dropped: {
    ...sending,
    status: { ...sendingStatus, files: 237 },
    drops: dropped,
    problems: [
      problem('d', 'dropped_file_changed', 'file', {
        folderId: null,
        path: `maria-backup/${dropped.rows[2]?.fileName}`,
      }),
      problem('u', 'file_unreadable', 'file', { folderId: null, path: `maria-backup/${dropped.rows[3]?.fileName}` }),
    ],
    problemCount: 2,
  },
  droppedDone: { ...idle, drops: droppedDone },
  narrowKey: {
    ...idle,
    account: { kind: 'connected', account: { ...account.account, namePrefix: documents.prefix } },
    folders: [documents],
  },
  restarting: idle,
  sharing: {
    ...idle,
    recent: [
      { folderId: 1, path: 'Taxes/2025.pdf' },
      { folderId: 1, path: 'Q3 report.docx' },
      { folderId: 2, path: 'Norway/IMG_2041.jpg' },
      { folderId: 1, path: 'Films/Live at the harbour.mp4' },
      { folderId: 1, path: nameAt(3) },
      { folderId: 2, path: nameAt(4) },
    ],
    problems: [
      problem('l', 'link_opens_more', 'link', {
        folderId: null,
        path: null,
        details: { linkId: 8, name: 'report', sample: 'Documents/Reports/report-private.pdf', names: 7 },
      }),
    ],
    problemCount: 1,
  },
  manyLinks: idle,
  notConnected: { ...idle, account: { kind: 'none' }, status: { kind: 'not-set-up', missing: 'account' } },
  scheduled: { ...idle, bandwidth: { up: 500_000, down: 2_000_000, until: pauseEnd('two-hours', now) } },
  cautious: {
    ...idle,
    account: {
      kind: 'connected',
      account: {
        ...account.account,
        capabilities: ['listBuckets', 'listFiles', 'readFiles', 'writeFiles', 'writeKeys', 'deleteBuckets'],
        missingCapabilities: ['shareFiles'],
        namePrefix: 'laptop/',
      },
    },
    folders: [
      {
        ...documents,
        settings: {
          ...DEFAULT_FOLDER_SETTINGS,
          deletionPolicy: { kind: 'hide-then-remove', days: 30 },
          ignoreRules: '# Large, and made again at any time\n/Build/\n*.iso\n',
        },
      },
      pictures,
    ],
  },
} satisfies Readonly<Record<string, Draft>>

export type SceneName = keyof typeof drafts

const listsOf: Partial<Readonly<Record<SceneName, SampleLists>>> = {
  sending: busyLists,
  manyWaiting: hugeLists,
  longNames: longLists,
}

/** The scene by its name; without history where the engine has none. */
export function sceneNamed(name: SceneName): Scene {
  const snapshot = SnapshotSchema.parse(drafts[name])
  const rows = snapshot.lastActivityId === 0 ? [] : activity.map((entry) => ActivityRow.parse(entry))
  const lists = snapshot.lastActivityId === 0 ? noLists : (listsOf[name] ?? idleLists)
  const scene = {
    snapshot,
    activity: rows,
    lists,
    buckets: name === 'noFolder' || name === 'newAccount' ? [] : buckets,
  }
  return name === 'restarting' ? { ...scene, engineState: { kind: 'restarting', reason: null } } : scene
}
