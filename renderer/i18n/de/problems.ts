import { formatFiles, formatNumber } from '../../../shared/format/count.ts'
import type { Texts } from '../en.ts'

export const problems: Texts['problems'] = {
  emptyTitle: 'Keine Probleme',
  emptyText: 'Wenn ein Eingriff nötig ist, steht hier, was zu tun ist.',
  files: (count) => formatFiles(count),
  folders: (count) => `${formatNumber(count)} Ordner`,
  more: (count) => `${formatNumber(count)} weitere zeigen`,
  notListed: (count) =>
    count === 1
      ? '1 weiteres steht nicht hier. Es erscheint, sobald diese gelöst sind.'
      : `${formatNumber(count)} weitere stehen nicht hier. Sie erscheinen, sobald diese gelöst sind.`,
  since: (when) => `seit ${when}`,
  show: 'Im Ordner zeigen',
  remedies: {
    check: 'Jetzt prüfen',
    decide: 'Entscheiden...',
    acceptRoot: 'Dies ist nun der Ordner...',
    stop: 'Nicht mehr synchronisieren...',
    reconnect: 'Schlüssel neu eingeben',
    caps: 'Grenzen bei Backblaze öffnen',
    links: 'Links zeigen',
    proxy: 'Proxy-Einstellungen',
  },
}
