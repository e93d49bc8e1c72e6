import { describe, expect, it } from 'vitest'
import type { EngineSnapshot, RecentFile } from '../../../shared/model/snapshot.ts'
import { NO_DROPS } from '../../../shared/model/drop.ts'
import { NO_LINKS } from '../../../shared/model/link.ts'
import type { Status } from '../../../shared/model/status.ts'
import type { FolderId, RelativePath, UnixMs } from '../../../shared/ids.ts'
import { DEFAULT_FOLDER_SETTINGS, type FolderView } from '../../../shared/model/folder.ts'
import { statusText } from '../../../shared/text/status-text.ts'
import { trayView, type TrayCommand, type TrayItem } from './tray-menu.ts'

const now = Date.UTC(2026, 0, 2, 12) as UnixMs
const running = { kind: 'running' } as const

function snapshotWith(status: Status): EngineSnapshot {
  return {
    status,
    isPaused: status.kind === 'paused',
    pausedUntil: null,
    bandwidth: { up: null, down: null, until: null },
    account: { kind: 'none' },
    health: { kind: 'unknown' },
    storage: {
      current: { files: 0, bytes: 0 },
      old: { files: 0, bytes: 0 },
      unfinished: { files: 0, bytes: 0 },
      countedAt: null,
      capBytes: null,
    },
    links: NO_LINKS,
    folders: [],
    transfers: { sending: [], sendingCount: 0, waitingCount: 0, failedCount: 0, most: null },
    drops: NO_DROPS,
    problems: [],
    problemCount: 0,
    throughput: [],
    recent: [],
    lastActivityId: 0,
  }
}

const upToDate: Status = { kind: 'up-to-date', files: 12, checkedAt: now }
const paused: Status = { kind: 'paused', files: 3, until: null }

function folder(folderId: number, root: string): FolderView {
  return {
    folderId: folderId as FolderId,
    root: root as FolderView['root'],
    bucketId: 'b',
    bucketName: 'bucket',
    bucketType: 'allPrivate',
    prefix: '',
    settings: DEFAULT_FOLDER_SETTINGS,
    status: upToDate,
    syncedFiles: 0,
    syncedBytes: 0,
    pause: null,
    checkedAt: now,
    lastChangeAt: null,
    decisions: [],
  }
}

const recent = (path: string): RecentFile => ({ folderId: 1 as FolderId, path: path as RelativePath })

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

  const command = (of: TrayCommand, label: string) => ({ kind: 'command', command: of, label, enabled: true })
  const menu = (label: string, items: readonly unknown[]) => ({ kind: 'menu', label, enabled: items.length > 0, items })
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

  const linesOf = (snapshot: EngineSnapshot | null) => trayView(running, snapshot, now).items.slice(1)
  const line = (items: readonly TrayItem[], label: string) =>
    items.find((item) => 'label' in item && item.label === label)

  it('offers what there is to do, in the order of how often it is done', () => {
    expect(linesOf(snapshotWith(upToDate))).toEqual([
      { kind: 'separator' },
      command({ name: 'open' }, 'Open Pail'),
      menu('Open folder', []),
      menu('Recent', []),
      { kind: 'separator' },
      pauses(true),
      command({ name: 'settings' }, 'Settings'),
      { kind: 'separator' },
      command({ name: 'quit' }, 'Quit'),
    ])
  })

  it('opens any of the folders, with a name that the menu shows as it is', () => {
    const snapshot = {
      ...snapshotWith(upToDate),
      folders: [folder(1, '/home/maria/Fotos & Co'), folder(2, 'C:\\Work')],
    }
    expect(line(linesOf(snapshot), 'Open folder')).toEqual(
      menu('Open folder', [
        command({ name: 'open-folder', folderId: 1 as FolderId }, 'Fotos && Co'),
        command({ name: 'open-folder', folderId: 2 as FolderId }, 'Work'),
      ]),
    )
  })

  it('copies links to the files that came last', () => {
    const snapshot = { ...snapshotWith(upToDate), recent: [recent('b.txt'), recent('sub/a & b.txt')] }
    expect(line(linesOf(snapshot), 'Recent')).toEqual(
      menu('Recent', [
        command({ name: 'copy-link', ...recent('b.txt') }, 'Copy link: b.txt'),
        command({ name: 'copy-link', ...recent('sub/a & b.txt') }, 'Copy link: a && b.txt'),
      ]),
    )
  })

  it('cuts a long name in the middle', () => {
    const snapshot = { ...snapshotWith(upToDate), recent: [recent(`${'x'.repeat(60)}-end.txt`)] }
    const item = line(linesOf(snapshot), 'Recent')
    const label = item?.kind === 'menu' && item.items[0] && 'label' in item.items[0] ? item.items[0].label : ''
    expect(label).toMatch(/^Copy link: x{23}\.\.\.x+-end\.txt$/)
    expect(label).toHaveLength('Copy link: '.length + 48)
  })

  it('leads to the problems, and says how many there are', () => {
    const snapshot = { ...snapshotWith(upToDate), problemCount: 3 }
    expect(line(linesOf(snapshot), 'Problems (3)')).toEqual(command({ name: 'problems' }, 'Problems (3)'))
  })

  it('offers to resume while paused', () => {
    expect(line(linesOf(snapshotWith(paused)), 'Resume')).toEqual(command({ name: 'resume' }, 'Resume'))
  })

  it('offers no pause while there is nothing to pause', () => {
    const views = [
      trayView(running, snapshotWith({ kind: 'not-set-up', missing: 'folder' }), now),
      trayView({ kind: 'starting' }, null, now),
    ]
    expect(views.map((view) => line(view.items, 'Pause'))).toEqual([pauses(false), pauses(false)])
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
