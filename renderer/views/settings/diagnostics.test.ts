import { describe, expect, it } from 'vitest'
import { NO_DROPS } from '../../../shared/model/drop.ts'
import { DEFAULT_FOLDER_SETTINGS } from '../../../shared/model/folder.ts'
import { NO_LINKS } from '../../../shared/model/link.ts'
import { DEFAULT_SHELL_SETTINGS } from '../../../shared/model/shell-settings.ts'
import { EngineSnapshot } from '../../../shared/model/snapshot.ts'
import { diagnosticsText } from './diagnostics.ts'

const now = Date.UTC(2026, 10, 22, 12)

const row = {
  jobId: 1,
  folderId: 1,
  path: 'SECRET-transfer.txt',
  kind: 'upload',
  phase: 'sending',
  sizeBytes: 1,
  sentBytes: 0,
  bytesPerSecond: 0,
  secondsLeft: null,
} as const

const dropped = {
  dropId: 1,
  bucketName: 'SECRET-drops',
  fileName: 'SECRET-dropped.txt',
  isFolder: false,
  phase: 'waiting',
  sizeBytes: 1,
  sentBytes: 0,
  bytesPerSecond: 0,
  code: null,
  details: {},
  nextAttemptAt: null,
  wasThere: false,
  endedAt: null,
} as const

const news = {
  newsId: 'x',
  linkId: 1,
  kind: 'ready',
  name: 'SECRET-shared.txt',
  code: null,
  expiresAt: null,
} as const

const snapshot = EngineSnapshot.parse({
  links: { ...NO_LINKS, active: 1, news: [news] },
  drops: { ...NO_DROPS, rows: [dropped], counts: { ...NO_DROPS.counts, waiting: 1 } },
  status: { kind: 'problem', problems: 2, code: 'file_unreadable' },
  isPaused: false,
  pausedUntil: null,
  bandwidth: { up: null, down: null, until: null },
  account: {
    kind: 'connected',
    account: {
      accountId: 'SECRET-account',
      applicationKeyId: 'SECRET-key',
      realm: 'https://api.backblazeb2.com',
      capabilities: ['listFiles', 'writeFiles'],
      missingCapabilities: [],
      namePrefix: 'SECRET-prefix/',
    },
  },
  folders: [
    {
      folderId: 1,
      root: '/home/SECRET-person/Documents',
      bucketId: 'SECRET-bucket-id',
      bucketName: 'SECRET-bucket',
      bucketType: 'allPrivate',
      prefix: 'SECRET-place/',
      status: { kind: 'sending', files: 3, bytes: 20, bytesPerSecond: 0, secondsLeft: null },
      syncedFiles: 12,
      syncedBytes: 3400,
      settings: {
        ...DEFAULT_FOLDER_SETTINGS,
        ignoreRules: 'SECRET-rule\n\n*.tmp\n',
        deletionPolicy: { kind: 'hide-then-remove', days: 30 },
      },
      pause: null,
      checkedAt: now,
      lastChangeAt: null,
      decisions: [
        { kind: 'deleted', listId: 'SECRET-list', files: 1, totalFiles: 12, bytes: 1, samples: ['SECRET-sample'] },
      ],
    },
  ],
  transfers: { sending: [row], sendingCount: 1, waitingCount: 7, failedCount: 0, most: null },
  problems: ['a', 'b'].map((problemId) => ({
    problemId,
    code: 'file_unreadable',
    scope: 'file',
    folderId: 1,
    path: 'SECRET-problem.txt',
    since: now,
    details: { root: 'SECRET-detail' },
  })),
  problemCount: 2,
  health: { kind: 'unknown' },
  storage: {
    current: { files: 0, bytes: 0 },
    old: { files: 0, bytes: 0 },
    unfinished: { files: 0, bytes: 0 },
    countedAt: null,
    capBytes: null,
  },
  throughput: [],
  recent: [],
  lastActivityId: 5,
})

const text = diagnosticsText({
  info: {
    platform: 'linux',
    systemVersion: '6.1.0',
    version: '0.1.0',
    electronVersion: '45.4.1',
    dataFolder: '/home/SECRET-person/.local/share/Pail',
    logFolder: '/home/SECRET-person/.local/share/Pail/logs',
  },
  shell: { settings: DEFAULT_SHELL_SETTINGS, language: 'de', systemLanguage: 'de' },
  snapshot,
  bandwidth: { up: 500_000, down: null, rules: [] },
  now,
})

describe('diagnosticsText', () => {
  it('says what helps to find a fault', () => {
    expect(text.split('\n')).toEqual([
      'Pail 0.1.0, Electron 45.4.1, linux 6.1.0',
      'Taken: 2026-11-22T12:00:00.000Z',
      'Window: system, language system (de)',
      'Start: at login no, hidden yes',
      'Account: connected to api.backblazeb2.com, listFiles writeFiles, some names',
      'Status: problem, problems 2, code file_unreadable',
      'Transfers: 1 under way, 7 waiting, at most as many as work best',
      'Bandwidth: up 500000, down unlimited, 0 rules',
      'Problems: 2, file_unreadable 2',
      'Folder 1: sending, files 3, bytes 20, bytesPerSecond 0; 12 files with 3400 bytes in allPrivate; checked 2026-11-22T12:00:00.000Z; deleted files hide-then-remove 30 days after 30 s; asks from 50 files and 30 %; 2 ignore rules; priority normal',
      '',
    ])
  })

  it('names no key, no account, no bucket, no folder and no file', () => {
    expect(text).not.toContain('SECRET')
  })
})
