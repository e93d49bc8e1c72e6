import { describe, expect, it } from 'vitest'
import { ErrorCode } from '../errors.ts'
import type { UnixMs } from '../ids.ts'
import type { Status } from '../model/status.ts'
import { problemText } from './problem-text.ts'
import { statusText, statusWords } from './status-text.ts'

const codes = ErrorCode.options
const NOW = Date.UTC(2026, 10, 22, 12) as UnixMs

describe('problemText', () => {
  it.each(codes)('says of %s in plain words what it is and what to do, with no details known', (code) => {
    const { title, advice } = problemText(code)
    expect(title).toMatch(/^[A-Z][^.!]{3,45}$/)
    expect(advice).toMatch(/^[A-Z].{15,280}\.$/s)
    expect(`${title} ${advice}`).not.toMatch(
      /undefined|null|NaN|\[object|error code|exception|\b\w+_\w+_\w+\b(?<!B2_APPLICATION_KEY_ID|B2_APPLICATION_KEY|max_user_watches|max_user_instances)/,
    )
  })

  it.each([
    ['capability_missing', { capability: 'writeFiles' }, 'This key may not upload files: it lacks writeFiles.'],
    ['capability_missing', { capability: 'bypassGovernance' }, 'This key may not do this: it lacks bypassGovernance.'],
    ['bucket_missing', { bucketName: 'photos' }, 'B2 has no bucket photos that this key can see.'],
    ['root_missing', { root: '/mnt/usb' }, 'The folder /mnt/usb is not there.'],
    ['root_emptied', { root: '/mnt/usb', files: 12 }, 'The folder /mnt/usb held 12 files and is empty now'],
    ['root_replaced', { root: '/mnt/usb' }, 'What is at /mnt/usb is not the folder that Pail synced'],
    [
      'mass_deletion',
      { root: '/mnt/usb', files: 1200 },
      '1,200 files are gone at once from /mnt/usb, so Pail stopped.',
    ],
    ['mass_deletion', { root: '/mnt/usb', files: 1 }, '1 file is gone from /mnt/usb, so Pail stopped.'],
    ['mass_emptied', { root: '/mnt/usb', files: 12 }, '12 files became empty at once in /mnt/usb, so Pail stopped.'],
    ['confirmation_wrong', { bucketName: 'photos' }, 'type the name of the bucket exactly as it is: photos.'],
    ['name_not_allowed', { reason: 'it contains the control character U+0009' }, 'this name: it contains a tab.'],
    [
      'name_not_allowed',
      { reason: "it contains the control character U+0007 at place 5 of the file's name" },
      "B2 cannot store a file with this name: it contains the control character U+0007 at place 5 of the file's name.",
    ],
    [
      'watch_limit_reached',
      { root: '/photos', folders: 1203, sample: '2019/may' },
      '1,203 folders in /photos (such as 2019/may) are checked about once a minute',
    ],
    [
      'watch_limit_reached',
      { root: '/photos', folders: 1, sample: 'may' },
      ': 1 folder in /photos (may) is checked about once a minute',
    ],
    ['watch_limit_reached', { root: '/photos', folders: 1, sample: '' }, ': /photos itself is checked about once a'],
    ['watch_limit_reached', {}, 'sudo sysctl fs.inotify.max_user_watches=1048576'],
    ['watch_limit_reached', {}, 'sudo sysctl fs.inotify.max_user_instances=1024'],
    ['data_folder_in_use', { dataFolder: '/data' }, 'Another Pail uses the data folder /data.'],
  ] as const)('works the details of %s into its sentence', (code, details, part) => {
    expect(problemText(code, details).advice).toContain(part)
  })

  it('has a sentence of its own for every code', () => {
    expect(new Set(codes.map((code) => problemText(code).advice)).size).toBe(codes.length)
  })
})

describe('statusText', () => {
  it.each<[Status, string]>([
    [{ kind: 'not-set-up', missing: 'account' }, 'Not connected to B2 yet'],
    [{ kind: 'not-set-up', missing: 'folder' }, 'No folder chosen yet'],
    [
      { kind: 'up-to-date', files: 12_431, checkedAt: (NOW - 120_000) as UnixMs },
      'Up to date - 12,431 files - checked 2 min ago',
    ],
    [{ kind: 'checking', filesSeen: 0 }, 'Checking'],
    [{ kind: 'checking', filesSeen: 1 }, 'Checking - 1 file seen'],
    [{ kind: 'sending', files: 3, bytes: 2000, bytesPerSecond: 0, secondsLeft: null }, 'Sending 3 files - 2 kB'],
    [
      { kind: 'sending', files: 3, bytes: 2000, bytesPerSecond: 100, secondsLeft: 20 },
      'Sending 3 files - 20 s left - 100 B/s',
    ],
    [{ kind: 'waiting', files: 1, code: null, nextAttemptAt: null }, 'Waiting for 1 file to come to rest'],
    [
      { kind: 'waiting', files: 3, code: null, nextAttemptAt: (NOW + 20_000) as UnixMs },
      'Waiting to look at 3 files once more - in 20 s',
    ],
    [
      { kind: 'waiting', files: 3, code: null, nextAttemptAt: (NOW + 600_000) as UnixMs, isPutOff: true },
      '3 files left for later - next try in 10 min',
    ],
    [{ kind: 'waiting', files: 1, code: null, nextAttemptAt: NOW, isPutOff: true }, '1 file left for later'],
    [{ kind: 'waiting', files: 1, code: null, nextAttemptAt: NOW }, 'Waiting to look at 1 file once more'],
    [
      { kind: 'waiting', files: 1, code: 'keychain_unavailable', nextAttemptAt: (NOW + 20_000) as UnixMs },
      'Waiting for the keychain - 1 file waits - next try in 20 s',
    ],
    [
      { kind: 'waiting', files: 2, code: 'timeout', nextAttemptAt: (NOW - 1) as UnixMs },
      'B2 does not answer - 2 files wait',
    ],
    [{ kind: 'paused', files: 0, until: null }, 'Paused'],
    [{ kind: 'paused', files: 2, until: null }, 'Paused - 2 files waiting'],
    [{ kind: 'held', code: 'root_emptied' }, 'Stopped to be safe - The folder is suddenly empty'],
    [{ kind: 'problem', problems: 1, code: 'key_rejected' }, 'Needs you - B2 does not accept this key'],
    [{ kind: 'problem', problems: 3, code: 'key_rejected' }, 'Needs you - 3 problems'],
  ])('says for %j: %s', (status, text) => {
    expect(statusText(status, NOW)).toBe(text)
  })

  it('says since when there is no connection, as the clock on the wall has it', () => {
    const since = new Date(2026, 10, 22, 9, 5).getTime() as UnixMs
    expect(statusText({ kind: 'offline', since, files: 1 }, NOW)).toBe('No connection to B2 since 09:05 - 1 file waits')
    expect(statusText({ kind: 'offline', since, files: 0 }, NOW)).toBe('No connection to B2 since 09:05')
  })

  it('says until when a folder waits for its hours', () => {
    const nextAttemptAt = new Date(2026, 10, 22, 22, 0).getTime() as UnixMs
    const status = { kind: 'waiting', files: 3, code: null, nextAttemptAt, isOutOfHours: true } as const
    const now = new Date(2026, 10, 22, 14, 0).getTime()
    expect(statusText(status, now)).toBe('Waits until 22:00 - 3 files waiting')
  })

  it('says until when it is paused, with the day where that is not today', () => {
    const now = new Date(2026, 10, 22, 14, 0).getTime()
    const until = (day: number, hours: number, minutes: number) =>
      new Date(2026, 10, day, hours, minutes).getTime() as UnixMs
    const texts = [until(22, 14, 30), until(23, 8, 0), until(24, 8, 0)].map((at) =>
      statusText({ kind: 'paused', files: 2, until: at }, now),
    )
    expect(texts).toEqual([
      'Paused until 14:30 - 2 files waiting',
      'Paused until tomorrow, 08:00 - 2 files waiting',
      'Paused until Tue 24 Nov, 08:00 - 2 files waiting',
    ])
  })

  it('has a word for every state', () => {
    expect(Object.values(statusWords()).every((word) => word.length <= 12)).toBe(true)
  })
})
