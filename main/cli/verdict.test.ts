import { describe, expect, it } from 'vitest'
import { Decision } from '../../shared/model/decision.ts'
import { DEFAULT_FOLDER_SETTINGS, type FolderView } from '../../shared/model/folder.ts'
import type { EngineSnapshot } from '../../shared/model/snapshot.ts'
import type { Status } from '../../shared/model/status.ts'
import { UnixMs } from '../../shared/ids.ts'
import { judge, type RunState } from './verdict.ts'

const at = UnixMs.parse(1)

function aDecision(listId: string): Decision {
  return Decision.parse({ kind: 'deleted', listId, files: 1, totalFiles: 2, bytes: 3, samples: [] })
}

function verdict(status: Status, over: Partial<RunState> & { readonly lists?: readonly string[] } = {}) {
  const { lists = [], ...rest } = over
  // Only what a verdict depends on.
  const folder = { settings: DEFAULT_FOLDER_SETTINGS, decisions: lists.map(aDecision) } as unknown as FolderView
  const snapshot = { status, problems: [{ scope: 'file' }] } as unknown as EngineSnapshot
  return judge({ snapshot, folder, isAtRest: false, stalledMs: 0, answeredListId: null, ...rest })
}

const secondLook: Status = { kind: 'waiting', files: 1, code: null, nextAttemptAt: at }
const overwrite: Status = { kind: 'problem', problems: 1, code: 'would_overwrite' }

describe('judge', () => {
  it.each(['root_emptied', 'root_replaced', 'mass_deletion', 'mass_emptied'] as const)(
    'ends with 4 when the folder is held for %s',
    (code) => {
      expect(verdict({ kind: 'held', code }, { lists: ['a'] })).toBe(4)
    },
  )

  it.each(['root_missing', 'root_unreadable', 'ignore_rules_unreadable'] as const)(
    'ends with 3 when the folder cannot be worked with: %s',
    (code) => {
      expect(verdict({ kind: 'held', code })).toBe(3)
    },
  )

  it('waits for the question of a hold, and after an answer for what comes of it', () => {
    const held: Status = { kind: 'held', code: 'mass_deletion' }
    expect(verdict(held)).toBeNull()
    expect(verdict(held, { lists: ['a'], answeredListId: 'a' })).toBeNull()
    expect(verdict(held, { lists: ['b'], answeredListId: 'a' })).toBe(4)
    expect(verdict(held, { lists: ['a'], answeredListId: 'a', stalledMs: 90_001 })).toBe(4)
    expect(verdict({ kind: 'held', code: 'root_replaced' })).toBe(4)
  })

  it('ends with 4 when all is done but what waits for an answer, else with 1', () => {
    expect(verdict(overwrite, { isAtRest: false, lists: ['a'] })).toBeNull()
    expect(verdict(overwrite, { isAtRest: true, lists: ['a'] })).toBe(4)
    expect(verdict(overwrite, { isAtRest: true, lists: ['a'], answeredListId: 'a' })).toBe(1)
    expect(verdict(overwrite, { isAtRest: true })).toBe(1)
  })

  it('waits for the second look at what is gone as long as that takes, and a minute', () => {
    expect(verdict(secondLook, { stalledMs: 89_000 })).toBeNull()
    expect(verdict(secondLook, { stalledMs: 90_001 })).toBe(1)
    expect(verdict({ ...secondLook, code: 'timeout' }, { stalledMs: 60_001 })).toBe(1)
  })

  it('ends with 3 while somebody has paused', () => {
    expect(verdict({ kind: 'paused', files: 1, until: null })).toBe(3)
  })
})
