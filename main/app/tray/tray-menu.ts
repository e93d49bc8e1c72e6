/** Pure: what the tray shows for the engine's state. One sentence serves as tooltip and as the menu's first line. */
import { assertNever } from '../../../shared/assert-never.ts'
import type { EngineSnapshot } from '../../../shared/model/snapshot.ts'
import type { StatusKind } from '../../../shared/model/status.ts'
import { pauseChoices, type PauseChoice } from '../../../shared/text/pause-text.ts'
import { statusText } from '../../../shared/text/status-text.ts'
import { exitReasonText, type EngineState } from '../engine-host/engine-state.ts'
import { texts } from '../i18n/texts.ts'

export type TrayIcon = 'idle' | 'sending' | 'paused' | 'offline' | 'waiting' | 'held' | 'problem' | 'not-set-up'

/** With `choice`, a pause of that length. */
export type TrayCommand =
  { readonly name: 'open' | 'resume' | 'quit' } | { readonly name: 'pause'; readonly choice: PauseChoice }

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
  const canPause = snapshot !== null && snapshot.status.kind !== 'not-set-up'
  const t = texts().tray
  return {
    icon: snapshot === null ? engineIcon(engine) : icons[snapshot.status.kind],
    tooltip: `Pail - ${sentence}`,
    items: [
      { kind: 'text', label: sentence },
      { kind: 'separator' },
      command('open', t.open),
      isPaused ? command('resume', t.resume) : { kind: 'menu', label: t.pause, enabled: canPause, items: pauseItems() },
      { kind: 'separator' },
      command('quit', t.quit),
    ],
  }
}

function command(name: 'open' | 'resume' | 'quit', label: string): TrayItem {
  return { kind: 'command', command: { name }, label, enabled: true }
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
