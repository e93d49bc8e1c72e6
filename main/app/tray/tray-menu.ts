/** Pure: what the tray shows for the engine's state. One sentence serves as tooltip and as the menu's first line. */
import { assertNever } from '../../../shared/assert-never.ts'
import type { FolderId, RelativePath } from '../../../shared/ids.ts'
import { baseName, cutMiddle, visibleName } from '../../../shared/format/path.ts'
import type { EngineSnapshot } from '../../../shared/model/snapshot.ts'
import type { StatusKind } from '../../../shared/model/status.ts'
import { pauseChoices, type PauseChoice } from '../../../shared/text/pause-text.ts'
import { statusText } from '../../../shared/text/status-text.ts'
import { exitReasonText, type EngineState } from '../engine-host/engine-state.ts'
import { texts } from '../i18n/texts.ts'

export type TrayIcon = 'idle' | 'sending' | 'paused' | 'offline' | 'waiting' | 'held' | 'problem' | 'not-set-up'

export type TrayCommand =
  | { readonly name: 'open' | 'resume' | 'problems' | 'settings' | 'quit' }
  /** A pause of that length. */
  | { readonly name: 'pause'; readonly choice: PauseChoice }
  /** Shows the folder in the system's file manager. */
  | { readonly name: 'open-folder'; readonly folderId: FolderId }
  | { readonly name: 'copy-link'; readonly folderId: FolderId; readonly path: RelativePath }

export type TrayItem =
  | { readonly kind: 'text'; readonly label: string }
  | { readonly kind: 'separator' }
  | { readonly kind: 'command'; readonly command: TrayCommand; readonly label: string; readonly enabled: boolean }
  | { readonly kind: 'menu'; readonly label: string; readonly enabled: boolean; readonly items: readonly TrayItem[] }

export type TrayView = {
  readonly icon: TrayIcon
  readonly tooltip: string
  readonly items: readonly TrayItem[]
}

/** A menu longer than this does not fit small displays; all of them are in the window. */
const LONGEST_MENU = 20
/** In characters; panels do not cut long lines. */
const LONGEST_LINE = 48

const icons: Readonly<Record<StatusKind, TrayIcon>> = {
  'not-set-up': 'not-set-up',
  'up-to-date': 'idle',
  checking: 'idle',
  sending: 'sending',
  waiting: 'waiting',
  paused: 'paused',
  offline: 'offline',
  held: 'held',
  problem: 'problem',
}

/** `snapshot` is null while the engine is not running or has not answered yet; `now` in Unix milliseconds. */
export function trayView(engine: EngineState, snapshot: EngineSnapshot | null, now: number): TrayView {
  const sentence = snapshot === null ? engineSentence(engine) : statusText(snapshot.status, now)
  const isPaused = snapshot?.isPaused === true
  const problems = snapshot?.problemCount ?? 0
  const canPause = snapshot !== null && snapshot.status.kind !== 'not-set-up'
  const t = texts().tray
  return {
    icon: snapshot === null ? engineIcon(engine) : icons[snapshot.status.kind],
    tooltip: `Pail - ${sentence}`,
    items: [
      { kind: 'text', label: sentence },
      { kind: 'separator' },
      command({ name: 'open' }, t.open),
      menu(t.openFolder, folderItems(snapshot)),
      menu(t.recent, recentItems(snapshot)),
      { kind: 'separator' },
      isPaused
        ? command({ name: 'resume' }, t.resume)
        : { kind: 'menu', label: t.pause, enabled: canPause, items: pauseItems() },
      ...(problems === 0 ? [] : [command({ name: 'problems' }, t.problems(problems))]),
      command({ name: 'settings' }, t.settings),
      { kind: 'separator' },
      command({ name: 'quit' }, t.quit),
    ],
  }
}

function command(of: TrayCommand, label: string): TrayItem {
  return { kind: 'command', command: of, label, enabled: true }
}

function menu(label: string, items: readonly TrayItem[]): TrayItem {
  return { kind: 'menu', label, enabled: items.length > 0, items }
}

function folderItems(snapshot: EngineSnapshot | null): readonly TrayItem[] {
  return (snapshot?.folders ?? [])
    .slice(0, LONGEST_MENU)
    .map(({ folderId, root }) => command({ name: 'open-folder', folderId }, lineOf(baseName(root))))
}

/** What came into B2 last; a click copies a link to it. */
function recentItems(snapshot: EngineSnapshot | null): readonly TrayItem[] {
  return (snapshot?.recent ?? []).map(({ folderId, path }) =>
    command({ name: 'copy-link', folderId, path }, texts().tray.copyLink(lineOf(baseName(path)))),
  )
}

/** A name as a line of a native menu: `&` would become an underlined letter. */
function lineOf(name: string): string {
  return cutMiddle(visibleName(name), LONGEST_LINE).replaceAll('&', '&&')
}

function pauseItems(): readonly TrayItem[] {
  return pauseChoices().map(({ choice, label }) => ({
    kind: 'command',
    command: { name: 'pause', choice },
    label,
    enabled: true,
  }))
}

function engineIcon(engine: EngineState): TrayIcon {
  return engine.kind === 'restarting' || engine.kind === 'failed' ? 'problem' : 'waiting'
}

function engineSentence(engine: EngineState): string {
  switch (engine.kind) {
    case 'stopped':
    case 'starting':
    case 'running':
      return texts().tray.starting
    case 'restarting':
    case 'failed':
      return exitReasonText(engine.reason)
    default:
      return assertNever(engine)
  }
}
