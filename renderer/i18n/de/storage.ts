import { formatNumber } from '../../../shared/format/count.ts'
import type { Texts } from '../en.ts'

export const storage: Texts['storage'] = {
  title: 'Speicher',
  inB2: 'in B2',
  of: (stored, cap) => `${stored} von ${cap}`,
  above: (bytes) => `${bytes} über der Grenze`,
  left: (bytes) => `noch ${bytes} frei`,
  current: 'Dateien, wie sie jetzt sind',
  old: 'Ältere Versionen',
  unfinished: 'Unfertige Uploads',
  versions: (count) => (count === 1 ? '1 Version' : `${formatNumber(count)} Versionen`),
  bill: (usd) => `etwa ${usd} im Monat`,
  free: 'kostenlos',
  billNote: (month) =>
    `Nur für den Speicher, zu den Preisen von Backblaze im ${month}. Die ersten 10 GB eines Kontos sind kostenlos.`,
  counted: (ago) => `Ältere Versionen: ${ago} gezählt.`,
  notCounted: 'Ältere Versionen, die vorher schon in B2 waren, werden innerhalb eines Tages gezählt.',
  setCap: 'Grenze setzen',
  changeCap: 'Grenze ändern',
  capTitle: 'Eine Grenze zum Vergleichen',
  capText:
    'Pail zeigt, wie viel davon belegt ist, und lädt auch darüber hinaus hoch. Grenzen, an die B2 sich hält, werden bei Backblaze gesetzt.',
  capLabel: 'Grenze in GB',
  capWrong: 'Eine Zahl eingeben, etwa 10 oder 2,5.',
  saveCap: 'Grenze setzen',
  noCap: 'Keine Grenze',
}
