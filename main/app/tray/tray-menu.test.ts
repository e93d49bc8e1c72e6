import { describe, expect, it } from 'vitest'
import type { EngineSnapshot } from '../../../shared/model/snapshot.ts'
import type { Status } from '../../../shared/model/status.ts'
import type { UnixMs } from '../../../shared/ids.ts'
import { statusText } from '../../../shared/text/status-text.ts'
import { trayView } from './tray-menu.ts'

const now = Date.UTC(2026, 0, 2, 12) as UnixMs
const running = { kind: 'running' } as const

function snapshotWith(status: Status): EngineSnapshot {
  return {
    status,
    isPaused: status.kind === 'paused',
    pausedUntil: null,
    bandwidth: { up: null, down: null, until: null },
    account: { kind: 'none' },
    folders: [],
    transfers: { sending: [], waiting: [], waitingCount: 0, done: [], most: null },
    problems: [],
    problemCount: 0,
    lastActivityId: 0,
  }
}

const upToDate: Status = { kind: 'up-to-date', files: 12, checkedAt: now }
const paused: Status = { kind: 'paused', files: 3, until: null }

describe('trayView', () => {
  it.each<[Status, string]>([
    [upToDate, 'idle'],
    [{ kind: 'checking', filesSeen: 4 }, 'idle'],
    [{ kind: 'sending', files: 2, bytes: 10, bytesPerSecond: 5, secondsLeft: 2 }, 'sending'],
    [{ kind: 'waiting', files: 1, code: 'timeout', nextAttemptAt: null }, 'waiting'],
    [paused, 'paused'],
    [{ kind: 'offline', since: now, files: 1 }, 'offline'],
    [{ kind: 'held', code: 'root_emptied' }, 'held'],
    [{ kind: 'problem', problems: 1, code: 'key_rejected' }, 'problem'],
    [{ kind: 'not-set-up', missing: 'account' }, 'not-set-up'],
  ])('shows the same sentence as tooltip and first line, and the picture for %j', (status, icon) => {
    const view = trayView(running, snapshotWith(status), now)
    const sentence = statusText(status, now)
    expect({ icon: view.icon, tooltip: view.tooltip, first: view.items[0] }).toEqual({
      icon,
      tooltip: `Pail - ${sentence}`,
      first: { kind: 'text', label: sentence },
    })
  })

  const command = (name: string, label: string) => ({ kind: 'command', command: { name }, label, enabled: true })
  const pauses = (enabled: boolean) => ({
    kind: 'menu',
    label: 'Pause',
    enabled,
    items: (
      [
        ['half-an-hour', 'For 30 minutes'],
        ['two-hours', 'For 2 hours'],
        ['tomorrow', 'Until tomorrow, 08:00'],
        ['open', 'Until I resume'],
      ] as const
    ).map(([choice, label]) => ({ kind: 'command', command: { name: 'pause', choice }, label, enabled: true })),
  })

  it('offers to open, to pause for a while or until resumed, and to quit', () => {
    const { items } = trayView(running, snapshotWith(upToDate), now)
    expect(items.slice(1)).toEqual([
      { kind: 'separator' },
      command('open', 'Open Pail'),
      pauses(true),
      { kind: 'separator' },
      command('quit', 'Quit'),
    ])
  })

  it('offers to resume while paused', () => {
    const { items } = trayView(running, snapshotWith(paused), now)
    expect(items[3]).toEqual(command('resume', 'Resume'))
  })

  it('offers no pause while there is nothing to pause', () => {
    const views = [
      trayView(running, snapshotWith({ kind: 'not-set-up', missing: 'folder' }), now),
      trayView({ kind: 'starting' }, null, now),
    ]
    expect(views.map((view) => view.items[3])).toEqual([pauses(false), pauses(false)])
  })

  it('says why the engine is down, and never looks up to date then', () => {
    const reason = { kind: 'not-launched', message: 'Set PAIL_ENGINE_NODE.' } as const
    const { icon, tooltip } = trayView({ kind: 'failed', reason }, null, now)
    expect({ icon, tooltip }).toEqual({ icon: 'problem', tooltip: 'Pail - Set PAIL_ENGINE_NODE.' })
  })

  it('does not look up to date while the engine starts', () => {
    expect(trayView({ kind: 'starting' }, null, now).icon).toBe('waiting')
  })
})
