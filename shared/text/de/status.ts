import { formatFiles, formatNumber } from '../../format/count.ts'
import type { StatusTexts } from '../en/status.ts'

export const status: StatusTexts = {
  words: {
    'not-set-up': 'Nicht eingerichtet',
    'up-to-date': 'Aktuell',
    checking: 'Prüft',
    sending: 'Lädt hoch',
    waiting: 'Wartet',
    paused: 'Pausiert',
    offline: 'Offline',
    held: 'Angehalten',
    problem: 'Eingriff nötig',
  },
  notConnected: 'Noch nicht mit B2 verbunden',
  noFolder: 'Noch kein Ordner ausgewählt',
  upToDate: 'Aktuell',
  checked: (ago) => `geprüft ${ago}`,
  checking: 'Wird geprüft',
  seen: (files) => `${formatFiles(files)} gesehen`,
  sending: (files) => (files === 1 ? '1 Datei wird hochgeladen' : `${formatFiles(files)} werden hochgeladen`),
  left: (duration) => `noch ${duration}`,
  nextTryIn: (duration) => `nächster Versuch in ${duration}`,
  comingToRest: (files) =>
    files === 1
      ? 'Wartet, bis sich 1 Datei nicht mehr ändert'
      : `Wartet, bis sich ${formatFiles(files)} nicht mehr ändern`,
  secondLook: (files) => `Sieht noch einmal nach ${formatFiles(files)}`,
  leftForLater: (files) => `${formatFiles(files)} auf später verschoben`,
  waitsUntil: (moment) => `Wartet bis ${moment}`,
  inTime: (duration) => `in ${duration}`,
  paused: 'Pausiert',
  pausedUntil: (until) => `Pausiert bis ${until}`,
  waiting: (files) => (files === 1 ? '1 Datei wartet' : `${formatFiles(files)} warten`),
  offlineSince: (clock) => `Keine Verbindung zu B2 seit ${clock}`,
  wait: (files) => (files === 1 ? '1 Datei wartet' : `${formatFiles(files)} warten`),
  held: 'Zur Sicherheit angehalten',
  needsYou: 'Eingriff nötig',
  problems: (count) => `${formatNumber(count)} Probleme`,
}
