import { describe, expect, it } from 'vitest'
import type { Action } from '../model/action.ts'
import type { Fingerprint, Observation } from '../model/entry.ts'
import { reconcile } from './reconcile.ts'

const agreed: Fingerprint = { sizeBytes: 5, mtimeMs: 1000, ctimeMs: 1000, ino: 7 }
const file = (change: Partial<Fingerprint> = {}): Observation => ({
  kind: 'file',
  fingerprint: { ...agreed, ...change },
})

describe('reconcile', () => {
  it.each<[string, boolean, Observation, Action]>([
    ['sends a file nobody knows', false, file(), { kind: 'upload', sizeBytes: 5, reason: 'new' }],
    ['leaves an unchanged file alone', true, file(), { kind: 'none', reason: 'in-sync' }],
    ['sends a file of another size', true, file({ sizeBytes: 6 }), { kind: 'upload', sizeBytes: 6, reason: 'changed' }],
    [
      'looks at a file with another mtime',
      true,
      file({ mtimeMs: 2 }),
      { kind: 'upload', sizeBytes: 5, reason: 'changed' },
    ],
    [
      'looks at a file whose mtime was set back',
      true,
      file({ ctimeMs: 2 }),
      { kind: 'upload', sizeBytes: 5, reason: 'changed' },
    ],
    ['looks at a file that was replaced', true, file({ ino: 8 }), { kind: 'upload', sizeBytes: 5, reason: 'changed' }],
    ['hides a file that is gone', true, { kind: 'absent' }, { kind: 'hide', reason: 'absent' }],
    ['ignores an absent file it never sent', false, { kind: 'absent' }, { kind: 'none', reason: 'never-sent' }],
    ['hides a file that became a directory', true, { kind: 'directory' }, { kind: 'hide', reason: 'absent' }],
    ['does nothing for a directory', false, { kind: 'directory' }, { kind: 'none', reason: 'not-a-file' }],
    [
      'keeps what a symlink replaced',
      true,
      { kind: 'skipped', reason: 'symlink' },
      { kind: 'none', reason: 'not-a-file' },
    ],
    [
      'does nothing for a socket',
      false,
      { kind: 'skipped', reason: 'special' },
      { kind: 'none', reason: 'not-a-file' },
    ],
    [
      'keeps what it cannot see',
      true,
      { kind: 'unreadable', code: 'directory_unreadable' },
      { kind: 'none', reason: 'not-readable' },
    ],
    [
      'does nothing for an unreadable newcomer',
      false,
      { kind: 'unreadable', code: 'file_unreadable' },
      { kind: 'none', reason: 'not-readable' },
    ],
  ])('%s', (_, hasBase, local, action) => {
    expect(reconcile(hasBase ? { fingerprint: agreed } : undefined, local)).toEqual(action)
  })
})
