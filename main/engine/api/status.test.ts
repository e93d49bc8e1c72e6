import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ErrorCode } from '../../../shared/errors.ts'
import type { UnixMs } from '../../../shared/ids.ts'
import {
  folderStatus,
  isAtRest,
  NOTHING_DROPPED,
  overallStatus,
  type DropFacts,
  type EngineFacts,
  type FolderFacts,
} from './status.ts'

const at = (ms: number) => ms as UnixMs
const well: FolderFacts = {
  condition: { kind: 'idle' },
  checkedAt: at(100),
  filesSeen: 10,
  syncedFiles: 10,
  pendingFiles: 0,
  pendingBytes: 0,
  movingFiles: 0,
  isSettled: true,
  runningJobs: 0,
  sentBytes: 0,
  failing: [],
  retrying: { files: 0, bytes: 0 },
  putOff: null,
  blocked: [],
  blockedFiles: 0,
  lostFiles: 0,
  nextLossAt: null,
  pause: null,
  opensAt: null,
  hold: null,
}
const engine: EngineFacts = {
  hasAccount: true,
  pause: null,
  hold: null,
  rate: { bytesPerSecond: 0, filesPerSecond: 0 },
  drops: NOTHING_DROPPED,
}
const held = (code: ErrorCode) => ({ hold: { code, since: at(50), until: at(200) } })
const failing = (code: ErrorCode, files: number, nextAttemptAt = 300) => ({
  pendingFiles: files,
  failing: [{ code, files, bytes: 0, nextAttemptAt: at(nextAttemptAt) }],
})
const blocked = (code: ErrorCode, files: number) => ({ blocked: [{ code, files }], blockedFiles: files })
const paused = { pause: { until: null } }
const lost = (files: number, nextLossAt: number | null, jobs = 0) => ({
  lostFiles: files,
  nextLossAt: nextLossAt === null ? null : at(nextLossAt),
  pendingFiles: jobs,
})

const asleep = (files: number) => ({ kind: 'paused', files, until: null })
const sending = (files: number, bytes: number) => ({
  kind: 'sending',
  files,
  bytes,
  bytesPerSecond: 0,
  secondsLeft: null,
})

describe('folderStatus', () => {
  it.each<[string, Partial<FolderFacts>, Partial<EngineFacts>, object]>([
    ['is up to date when nothing else is true', {}, {}, { kind: 'up-to-date', files: 10, checkedAt: 100 }],
    [
      'is not set up without an account',
      { pendingFiles: 5 },
      { hasAccount: false },
      { kind: 'not-set-up', missing: 'account' },
    ],
    [
      'is checking before the first check has ended',
      { checkedAt: null, isSettled: false },
      {},
      { kind: 'checking', filesSeen: 10 },
    ],
    ['is checking while a check runs', { condition: { kind: 'checking' } }, {}, { kind: 'checking', filesSeen: 10 }],
    ['is checking while a hint waits', { isSettled: false }, {}, { kind: 'checking', filesSeen: 10 }],
    [
      'waits for files that are being written',
      { movingFiles: 3, isSettled: false },
      {},
      { kind: 'waiting', files: 3, code: null, nextAttemptAt: null },
    ],
    [
      'is sending what waits only for its turn',
      { pendingFiles: 2 },
      {},
      { kind: 'sending', files: 2, bytes: 0, bytesPerSecond: 0, secondsLeft: null },
    ],
    [
      'waits for a file that fails in passing',
      failing('timeout', 1),
      {},
      { kind: 'waiting', files: 1, code: 'timeout', nextAttemptAt: 300 },
    ],
    [
      'is a problem for a file that needs a person',
      failing('file_unreadable', 2),
      {},
      { kind: 'problem', problems: 2, code: 'file_unreadable' },
    ],
    [
      'is a problem for a path that cannot be looked at',
      blocked('directory_unreadable', 1),
      {},
      { kind: 'problem', problems: 1, code: 'directory_unreadable' },
    ],
    [
      'adds up what fails and what is blocked',
      { ...failing('file_too_large', 2), ...blocked('file_emptied', 3) },
      {},
      { kind: 'problem', problems: 5, code: 'file_too_large' },
    ],
    [
      'waits until what is gone has been gone for long enough',
      lost(3, 900),
      {},
      { kind: 'waiting', files: 3, code: null, nextAttemptAt: 900 },
    ],
    [
      'names a next attempt before the next look at what is gone',
      { ...failing('timeout', 1, 300), ...lost(3, 200, 1) },
      {},
      { kind: 'waiting', files: 3, code: 'timeout', nextAttemptAt: 300 },
    ],
    [
      'is sending what takes names away',
      lost(3, null, 2),
      {},
      { kind: 'sending', files: 2, bytes: 0, bytesPerSecond: 0, secondsLeft: null },
    ],
    [
      'is held by the safety gate, with whatever else there is',
      { condition: { kind: 'held', code: 'mass_deletion' }, ...failing('file_too_large', 1), ...lost(60, null) },
      held('network_unreachable'),
      { kind: 'held', code: 'mass_deletion' },
    ],
    [
      'is paused with the folder, until then',
      { pause: { until: at(700) }, ...lost(3, 900) },
      {},
      { kind: 'paused', files: 3, until: 700 },
    ],
    [
      'is paused with everything, until then, also where the folder is paused for longer',
      { pause: { until: at(700) } },
      { pause: { until: at(500) } },
      { kind: 'paused', files: 0, until: 500 },
    ],
    [
      'waits for its hours with what is to be sent, as long as somebody looks through nothing',
      { opensAt: at(700), ...failing('timeout', 2), movingFiles: 1, isSettled: false },
      {},
      { kind: 'waiting', files: 3, code: null, nextAttemptAt: 700, isOutOfHours: true },
    ],
    [
      'waits for its hours with what is to be hidden',
      { opensAt: at(700), ...lost(3, 600) },
      {},
      { kind: 'waiting', files: 3, code: null, nextAttemptAt: 700, isOutOfHours: true },
    ],
    [
      'is up to date outside its hours, where nothing waits for them',
      { opensAt: at(700) },
      {},
      { kind: 'up-to-date', files: 10, checkedAt: 100 },
    ],
    [
      'is checking outside its hours too',
      { opensAt: at(700), condition: { kind: 'checking' }, pendingFiles: 3 },
      {},
      { kind: 'checking', filesSeen: 10 },
    ],
    [
      'is paused outside its hours, where it is both',
      { opensAt: at(700), pause: { until: at(500) }, pendingFiles: 3 },
      {},
      { kind: 'paused', files: 3, until: 500 },
    ],
    [
      'is a problem outside its hours, where only a person can help',
      { opensAt: at(700), ...failing('file_too_large', 1) },
      {},
      { kind: 'problem', problems: 1, code: 'file_too_large' },
    ],
    [
      'is held with its root',
      { condition: { kind: 'held', code: 'root_missing' } },
      {},
      { kind: 'held', code: 'root_missing' },
    ],
    [
      'is held also while paused',
      { condition: { kind: 'held', code: 'root_missing' } },
      paused,
      { kind: 'held', code: 'root_missing' },
    ],
    [
      'is paused with what waits',
      { pendingFiles: 2, movingFiles: 1 },
      paused,
      { kind: 'paused', files: 3, until: null },
    ],
    ['is paused even when nothing waits', {}, paused, { kind: 'paused', files: 0, until: null }],
    [
      'is offline without a network',
      { pendingFiles: 2 },
      held('network_unreachable'),
      { kind: 'offline', since: 50, files: 2 },
    ],
    [
      'waits for the keychain',
      { pendingFiles: 2 },
      held('keychain_unavailable'),
      { kind: 'waiting', files: 2, code: 'keychain_unavailable', nextAttemptAt: 200 },
    ],
    [
      'is a problem when the key is refused',
      {},
      held('key_rejected'),
      { kind: 'problem', problems: 1, code: 'key_rejected' },
    ],
    [
      'is a problem rather than paused when the key is refused',
      {},
      { ...held('key_rejected'), ...paused },
      { kind: 'problem', problems: 1, code: 'key_rejected' },
    ],
    [
      'is a problem when its bucket is gone',
      { hold: { code: 'bucket_missing' }, pendingFiles: 1 },
      {},
      { kind: 'problem', problems: 1, code: 'bucket_missing' },
    ],
    [
      'is sending while a job runs, also while it is checked',
      { condition: { kind: 'checking' }, runningJobs: 1, pendingFiles: 4, pendingBytes: 1000 },
      { rate: { bytesPerSecond: 100, filesPerSecond: 1 } },
      { kind: 'sending', files: 4, bytes: 1000, bytesPerSecond: 100, secondsLeft: 10 },
    ],
    [
      'does not count as being sent what a person left for later',
      { runningJobs: 1, pendingFiles: 4, putOff: { files: 3, bytes: 0, nextAttemptAt: at(400) } },
      {},
      { kind: 'sending', files: 1, bytes: 0, bytesPerSecond: 0, secondsLeft: null },
    ],
    [
      'waits for what a person left for later',
      { pendingFiles: 2, putOff: { files: 2, bytes: 0, nextAttemptAt: at(400) } },
      {},
      { kind: 'waiting', files: 2, code: null, nextAttemptAt: 400, isPutOff: true },
    ],
    [
      'does not count as being sent what fails',
      {
        runningJobs: 1,
        pendingFiles: 4,
        failing: [{ code: 'file_unreadable', files: 3, bytes: 0, nextAttemptAt: at(1) }],
      },
      {},
      { kind: 'sending', files: 1, bytes: 0, bytesPerSecond: 0, secondsLeft: null },
    ],
  ])('%s', (_, folder, facts, status) => {
    expect(folderStatus({ ...well, ...folder }, { ...engine, ...facts })).toEqual(status)
  })

  it('counts of what is to be sent neither what fails nor what was left for later, so that it reaches its end', () => {
    const folder = {
      ...well,
      pendingFiles: 10,
      pendingBytes: 1000,
      runningJobs: 2,
      sentBytes: 30,
      failing: [{ code: 'file_unreadable' as const, files: 2, bytes: 500, nextAttemptAt: at(1) }],
      putOff: { files: 3, bytes: 300, nextAttemptAt: at(400) },
    }
    expect(folderStatus(folder, engine)).toMatchObject(sending(5, 170))
    // One that failed is on its way once more.
    const retrying = { ...folder, retrying: { files: 1, bytes: 400 } }
    expect(folderStatus(retrying, engine)).toMatchObject(sending(6, 570))
    const last = { ...folder, pendingFiles: 6, pendingBytes: 830, sentBytes: 30, runningJobs: 1 }
    expect(folderStatus(last, engine)).toMatchObject(sending(1, 0))
    // More than its job said was sent of a file that has grown.
    expect(folderStatus({ ...last, sentBytes: 99 }, engine)).toMatchObject(sending(1, 0))
  })

  it('says that all that is left was left for later only where that is so', () => {
    const putOff = { files: 2, bytes: 0, nextAttemptAt: at(400) }
    const left = { ...well, pendingFiles: 2, putOff }
    expect(folderStatus(left, engine)).toMatchObject({ kind: 'waiting', files: 2, isPutOff: true })
    expect(folderStatus({ ...left, movingFiles: 1 }, engine)).not.toHaveProperty('isPutOff')
  })

  const code = fc.constantFrom(...ErrorCode.options)
  const count = fc.constantFrom(0, 0, 0, 1, 5)
  const folders = fc.record({
    condition: fc.oneof(
      fc.constant({ kind: 'idle' as const }),
      fc.constant({ kind: 'checking' as const }),
      code.map((held) => ({ kind: 'held' as const, code: held })),
    ),
    checkedAt: fc.constantFrom(null, at(100)),
    filesSeen: count,
    syncedFiles: count,
    pendingFiles: count,
    pendingBytes: count,
    movingFiles: count,
    isSettled: fc.boolean(),
    runningJobs: count,
    sentBytes: count,
    failing: fc.array(fc.record({ code, files: fc.constant(1), bytes: count, nextAttemptAt: fc.constant(at(5)) }), {
      maxLength: 2,
    }),
    retrying: fc.record({ files: count, bytes: count }),
    putOff: fc.option(fc.record({ files: fc.constant(1), bytes: count, nextAttemptAt: fc.constant(at(6)) })),
    blocked: fc.array(fc.record({ code, files: fc.constant(1) }), { maxLength: 2 }),
    blockedFiles: count,
    lostFiles: count,
    nextLossAt: fc.constantFrom(null, at(7)),
    pause: fc.option(fc.record({ until: fc.constantFrom(null, at(8)) })),
    opensAt: fc.constantFrom(null, at(9)),
    hold: fc.option(fc.record({ code })),
  })
  const drops = fc.record({
    files: count,
    bytes: count,
    laterFiles: count,
    failing: fc.array(fc.record({ code, nextAttemptAt: fc.constant(at(5)) }), { maxLength: 1 }),
    failed: fc.array(fc.record({ code, files: fc.constant(1) }), { maxLength: 1 }),
    isReading: fc.boolean(),
  })
  const engines = fc.record({
    hasAccount: fc.boolean(),
    pause: fc.option(fc.record({ until: fc.constantFrom(null, at(8)) })),
    hold: fc.option(fc.record({ code, since: fc.constant(at(1)), until: fc.constant(at(2)) })),
    rate: fc.constant({ bytesPerSecond: 0, filesPerSecond: 0 }),
    drops,
  })

  it('is never up to date while anything is pending, moving, lost, blocked, held, paused, unchecked or unsettled', () => {
    fc.assert(
      fc.property(fc.array(folders, { minLength: 1, maxLength: 3 }), engines, (all, facts) => {
        if (overallStatus(all, facts).kind !== 'up-to-date') return true
        const isWell = all.every(
          (folder) =>
            folder.condition.kind === 'idle' &&
            folder.checkedAt !== null &&
            folder.isSettled &&
            folder.pendingFiles + folder.movingFiles + folder.runningJobs + folder.lostFiles + folder.blocked.length ===
              0,
        )
        return (
          isWell &&
          facts.hasAccount &&
          facts.pause === null &&
          facts.hold === null &&
          !all.every(({ pause }) => pause) &&
          facts.drops.files + facts.drops.laterFiles + facts.drops.failed.length === 0 &&
          !facts.drops.isReading
        )
      }),
      { seed: 20261122, numRuns: 5000 },
    )
  })
})

describe('overallStatus', () => {
  it.each<[string, Partial<FolderFacts>, Partial<FolderFacts>, object]>([
    [
      'is paused with what waits in a folder that is paused beside one that is done',
      { pendingFiles: 3 },
      {},
      asleep(3),
    ],
    ['is paused beside a folder that was never looked at', { checkedAt: null, isSettled: false }, {}, asleep(0)],
    ['is up to date where nothing waits in a paused folder', {}, {}, { kind: 'up-to-date', files: 20, checkedAt: 100 }],
    [
      'counts only what is sent',
      { pendingFiles: 3, pendingBytes: 9 },
      { pendingFiles: 2, pendingBytes: 5 },
      sending(2, 5),
    ],
    [
      'checks while another folder is paused',
      { pendingFiles: 3 },
      { isSettled: false },
      { kind: 'checking', filesSeen: 10 },
    ],
    [
      'waits for the folder that is awake',
      failing('file_busy', 2, 150),
      failing('timeout', 1, 300),
      { kind: 'waiting', files: 1, code: 'timeout', nextAttemptAt: 300 },
    ],
  ])('%s', (_, sleeping, awake, status) => {
    expect(
      overallStatus(
        [
          { ...well, ...sleeping, ...paused },
          { ...well, ...awake },
        ],
        engine,
      ),
    ).toEqual(status)
  })

  it('is not set up without a folder', () => {
    expect(overallStatus([], engine)).toEqual({ kind: 'not-set-up', missing: 'folder' })
  })

  it('adds folders up, and is as old as the oldest check', () => {
    expect(overallStatus([well, { ...well, checkedAt: at(50) }], engine)).toEqual({
      kind: 'up-to-date',
      files: 20,
      checkedAt: 50,
    })
    expect(overallStatus([well, { ...well, checkedAt: null, isSettled: false }], engine)).toMatchObject({
      kind: 'checking',
    })
  })

  it('is what the worst folder is', () => {
    const one = { ...well, hold: { code: 'bucket_missing' as const } }
    const two = { ...well, runningJobs: 1, pendingFiles: 1 }
    expect(overallStatus([two, one, well], engine)).toMatchObject({ kind: 'problem', code: 'bucket_missing' })
    expect(overallStatus([well, two], engine)).toMatchObject({ kind: 'sending', files: 1 })
  })

  it('is paused when every folder is, and not when only some are', () => {
    const resting = { ...well, ...paused }
    expect(overallStatus([resting, { ...well, pause: { until: at(700) } }], engine).kind).toBe('paused')
    expect(overallStatus([resting, well], engine).kind).toBe('up-to-date')
  })

  it('names the soonest next attempt', () => {
    const all = [
      { ...well, ...failing('timeout', 1, 900) },
      { ...well, ...failing('b2_service_error', 2, 400) },
    ]
    expect(overallStatus(all, engine)).toEqual({
      kind: 'waiting',
      files: 3,
      code: 'b2_service_error',
      nextAttemptAt: 400,
    })
  })
})

describe('what was dropped on the window', () => {
  const dropped = (over: Partial<DropFacts>): EngineFacts => ({ ...engine, drops: { ...NOTHING_DROPPED, ...over } })
  const later = { laterFiles: 2, failing: [{ code: 'timeout' as const, nextAttemptAt: at(300) }] }
  const waiting = { kind: 'waiting', files: 2, code: 'timeout', nextAttemptAt: 300 }
  const failed = { failed: [{ code: 'dropped_file_gone' as const, files: 2 }] }

  it.each<[string, readonly Partial<FolderFacts>[], EngineFacts, object]>([
    [
      'is sent, beside what is synced',
      [{ pendingFiles: 1, pendingBytes: 4 }],
      dropped({ files: 2, bytes: 6 }),
      sending(3, 10),
    ],
    ['is sent where there is no folder', [], dropped({ files: 2, bytes: 6 }), sending(2, 6)],
    ['is sent while every folder is paused', [paused], dropped({ files: 2, bytes: 6 }), sending(2, 6)],
    ['is read first', [{}], dropped({ isReading: true }), { kind: 'checking', filesSeen: 10 }],
    ['waits to be tried again', [{}], dropped(later), waiting],
    ['waits where there is no folder', [], dropped(later), waiting],
    ['failed for good', [{}], dropped(failed), { kind: 'problem', problems: 2, code: 'dropped_file_gone' }],
    ['waits for the end of a pause', [{}], { ...dropped({ files: 2 }), pause: { until: null } }, asleep(2)],
    [
      'waits for the network',
      [{}],
      { ...dropped({ files: 2 }), ...held('network_unreachable') },
      { kind: 'offline', since: 50, files: 2 },
    ],
  ])('%s', (_, all, facts, status) => {
    expect(
      overallStatus(
        all.map((folder) => ({ ...well, ...folder })),
        facts,
      ),
    ).toEqual(status)
  })

  it('is nothing that a folder would wait for', () => {
    expect(folderStatus(well, dropped({ files: 2, ...later, ...failed })).kind).toBe('up-to-date')
  })
})

describe('isAtRest', () => {
  it.each<[string, Partial<FolderFacts>, boolean]>([
    ['when all is well', {}, true],
    ['when all that is left needs a person', failing('file_unreadable', 2), true],
    ['when only blocked paths are left', blocked('directory_unreadable', 1), true],
    ['not while one more file waits', { ...failing('file_unreadable', 2), pendingFiles: 3 }, false],
    ['not while something is tried again by itself', failing('timeout', 1), false],
    ['not while what needs a person is tried', { ...failing('file_unreadable', 2), runningJobs: 1 }, false],
    ['not while what needed a person is about to be tried', failing('file_unreadable', 2, 0), false],
    ['not while something is gone and has to be looked at again', lost(1, 900), false],
    ['not while a file is being written', { movingFiles: 1, isSettled: false }, false],
    ['not before everything was looked at', { isSettled: false }, false],
  ])('%s', (_, folder, expected) => {
    expect(isAtRest([well, { ...well, ...folder }])).toBe(expected)
  })
})
