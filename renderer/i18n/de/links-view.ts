import { formatNumber } from '../../../shared/format/count.ts'
import type { Siblings } from '../../../shared/model/link.ts'
import type { Texts } from '../en.ts'

const files = ({ count, isMore }: Pick<Siblings, 'count' | 'isMore'>): string =>
  `${isMore ? 'mehr als ' : ''}${formatNumber(count)} weitere ${count === 1 ? 'Datei' : 'Dateien'}`

export const linksView: Texts['linksView'] = {
  create: 'Link erstellen',
  filter: 'Nach Namen filtern',
  clearFilter: 'Filter löschen',
  shownLabel: 'Welche Links gezeigt werden',
  shown: { active: 'Aktiv', 'expires-soon': 'Enden bald', over: 'Vorbei' },
  list: 'Links',
  empty: {
    active: {
      title: 'Keine Links',
      text: 'Ein Link öffnet eine Datei oder einen Ordner in B2 für alle, die ihn haben, und so lange wie gewählt.',
    },
    'expires-soon': { title: 'Kein Link endet bald', text: 'Links, die innerhalb eines Tages enden, stehen hier.' },
    over: { title: 'Kein Link ist vorbei', text: 'Links, die geendet haben, stehen hier noch 90 Tage lang.' },
  },
  noMatchTitle: 'Kein Link passt',
  noMatchText: 'Nichts, was hier steht, enthält das in Namen oder Ordner.',
  notConnected: 'Mit B2 verbinden, dann lassen sich Links auf Dateien machen.',
  connect: 'Mit B2 verbinden',
  actions: {
    copy: 'Link kopieren',
    renew: 'Verlängern',
    again: 'Neu machen',
    end: 'Beenden',
    show: 'Im Ordner zeigen',
    more: 'Mehr',
  },
  periods: { hour: '1 Stunde', day: '1 Tag', week: '7 Tage' },
  renewFor: (period) => `Für ${period}`,
  renewMenu: 'Verlängern und kopieren',
  againMenu: 'Neu machen und kopieren',
  renewed: (until) =>
    `Neue Adresse kopiert. Sie gilt bis ${until}. Bitte weitergeben: Sie tritt an die Stelle der alten.`,

  copiedTo: {
    window: 'In diesem Fenster kopiert',
    tray: 'Aus der Leiste kopiert',
    'file-manager': 'In der Dateiverwaltung kopiert',
    'command-line': 'Auf der Befehlszeile gemacht',
  },
  behind: {
    original: null,
    copy: 'öffnet eine Kopie',
    upload: 'öffnet eine dafür gesendete Kopie',
    index: 'öffnet eine Liste seiner Dateien',
  },
  publicBucket: 'öffentlicher Bucket',
  left: (duration) => `noch ${duration}`,
  lessThanMinute: 'weniger als eine Minute',
  works: (until) => `Gilt bis ${until}.`,
  soonNote: 'Verlängern ergibt eine Adresse, die länger gilt.',
  until: (moment) => `bis ${moment}`,
  noEnd: 'Ohne Ende',
  noEndNote: 'Der Bucket ist öffentlich: Die Adresse gilt, solange die Datei da ist.',
  isOnItsWay: 'Wird erst hochgeladen',
  isOnItsWayNote: 'Die Datei ist auf dem Weg zu B2, vor allen anderen. Die Adresse geht, sobald sie angekommen ist.',
  isBeingMade: 'Entsteht in B2',
  isBeingMadeNote: 'B2 macht gerade, was die Adresse öffnet. Sie geht, sobald das fertig ist.',
  failed: 'Wird nicht gehen',
  expired: 'Zeit ist um',
  ended: 'Beendet',
  opensStill: 'Öffnet noch',
  gone: 'Öffnet nichts',
  goneShort: 'nicht mehr in B2',
  goneNote: (until) =>
    `Die Datei ist nicht mehr in B2, also öffnet die Adresse nichts. Ist wieder eine Datei dieses Namens da, geht sie wieder${until === null ? '' : `, bis ${until}`}.`,
  opensStillNote: 'B2 nimmt keine Adresse zurück: Wer diese hat, kann sie weiter verwenden.',
  opensOn: 'wie zuvor',

  opensMore: (siblings) => `Öffnet inzwischen ${files(siblings)}, die ebenso beginnen:`,
  alsoOpens: (siblings) => `öffnet ${files(siblings)}`,
  moreNames: (count) => `und ${formatNumber(count)} weitere`,
  accept: 'Das ist in Ordnung',

  host: (bucket, host) => `Links auf ${bucket} beginnen mit ${host}`,
  usualHost: 'Links beginnen mit der Adresse von B2',
  moreHosts: (count) => `und ${formatNumber(count)} weitere ${count === 1 ? 'Domain' : 'Domains'}`,
  hostFails: 'antwortet nicht, wie es sein soll',
  changeHost: 'Ändern',
  setHost: 'Eigene Domain verwenden',

  endDialog: {
    title: (name) => `Link auf ${name} beenden?`,
    keep: 'Link behalten',
    end: 'Link beenden',
    forget: 'Link vergessen',
    copy: 'Pail entfernt die Kopie, die der Link öffnet, aus B2. Danach öffnet die Adresse für niemanden mehr etwas. Die Datei selbst bleibt, wie sie ist.',
    upload:
      'Pail entfernt die Kopie, die für den Link gesendet wurde, aus B2. Danach öffnet die Adresse für niemanden mehr etwas.',
    list: (until) =>
      `Pail entfernt die Liste, die der Link öffnet, aus B2; die Adresse selbst öffnet danach nichts mehr. B2 nimmt aber keine Adresse zurück: Wer die Liste schon geöffnet und daraus die Adresse einer Datei behalten hat, kann diese bis ${until} verwenden.`,
    publicList:
      'Pail entfernt die Liste, die der Link öffnet, aus B2. Der Bucket ist aber öffentlich: Wer die Adresse einer Datei darin kennt, kann diese wie zuvor öffnen.',
    original: (until) =>
      `B2 nimmt keine Adresse zurück: Wer diese hat, kann die Datei damit bis ${until} öffnen. Pail nimmt sie nur aus der Liste.`,
    originalStop:
      'Um sofort ein Ende zu machen: die Datei umbenennen oder verschieben, oder den Schlüssel, der die Adresse gemacht hat, auf backblaze.com löschen.',
    public:
      'Der Bucket ist öffentlich: Wer die Adresse kennt, kann die Datei öffnen, solange sie da ist. Pail nimmt sie nur aus der Liste.',
    publicStop: 'Um ein Ende zu machen: die Datei an einen Ort verschieben, der nicht öffentlich ist.',
    ended: 'Der Link ist beendet. Seine Adresse öffnet nichts mehr.',
    forgotten: 'Der Link steht nicht mehr in der Liste. Seine Adresse öffnet die Datei weiterhin.',
  },

  createDialog: {
    what: 'Was geteilt wird',
    chooseFiles: 'Dateien auswählen...',
    chooseFolder: 'Ordner auswählen...',
    address: 'Oder die Adresse in B2',
    addressWrong: 'Beginnt mit b2://, dann der Bucket, ein / und der Name. Ohne Ersatzzeichen.',
    period: 'Wie lange er gilt',
    periodHint: 'Links auf einen öffentlichen Bucket haben kein Ende.',
    make: 'Erstellen und kopieren',
    chosen: (count) => `${formatNumber(count)} Dateien`,
  },

  made: {
    ready: 'Link kopiert',
    many: (count) => `${formatNumber(count)} Links kopiert`,
    none: 'Kein Link gemacht',
    readyText: (until) => `Er ist in der Zwischenablage und gilt bis ${until}.`,
    publicText: 'Er ist in der Zwischenablage und gilt, solange die Datei da ist.',
    promisedText:
      'Er ist in der Zwischenablage und geht, sobald die Datei in B2 ist. Pail lädt sie vor allen anderen hoch.',
    beingMadeText: 'Er ist in der Zwischenablage und geht gleich: B2 macht noch, was er öffnet.',
    manyText: 'Sie sind in der Zwischenablage, einer je Zeile.',
    alsoOpens: 'Er öffnet auch andere Dateien, deren Namen ebenso beginnen, wie gewünscht.',
    address: 'Adresse',
    list: 'Links, die gemacht wurden',
    refused: (name, title) => `${name}: ${title}`,
    moreRefused: (count) => `und ${formatNumber(count)} weitere ohne Link`,
    copyAgain: 'Noch einmal kopieren',
    another: 'Weiterer Link',
    done: 'Fertig',
  },
}
