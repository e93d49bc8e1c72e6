import type { PauseChoice } from '../pause-text.ts'

export const pauses: Readonly<Record<PauseChoice, string>> = {
  'half-an-hour': 'Für 30 Minuten',
  'two-hours': 'Für 2 Stunden',
  tomorrow: 'Bis morgen, 08:00',
  open: 'Bis ich fortsetze',
}
