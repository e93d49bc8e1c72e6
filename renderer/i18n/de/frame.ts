import { formatNumber } from '../../../shared/format/count.ts'
import type { frame as english } from '../en/frame.ts'

export const frame: typeof english = {
  appName: 'Pail',
  back: 'Zurück',
  cancel: 'Abbrechen',
  close: 'Schließen',
  continue: 'Weiter',
  later: 'Später',
  tryAgain: 'Noch einmal versuchen',
  starting: 'Startet',

  views: {
    overview: 'Übersicht',
    transfers: 'Übertragungen',
    activity: 'Verlauf',
    links: 'Links',
    problems: 'Probleme',
    settings: 'Einstellungen',
  },
  mainNavigation: 'Hauptbereich',
  pause: 'Pausieren',
  resume: 'Fortsetzen',

  days: {
    today: 'Heute',
    yesterday: 'Gestern',
    date: (weekday, day) => `${weekday}, ${day}`,
  },

  engine: {
    startingAgain: 'Startet neu',
    notRunning: 'Läuft nicht',
    restarting: 'Der Teil, der Dateien überträgt, ist stehen geblieben und startet neu. Nichts geht verloren.',
    failed: 'Der Teil, der Dateien überträgt, startet nicht. Alle Dateien sind sicher.',
  },

  account: {
    online: 'B2 online',
    unreachable: 'B2 nicht erreichbar',
    uploadsWait: 'Uploads warten',
    answered: (ago) => `Antwort von B2 ${ago}`,
    since: (reason, time) => `${reason}, seit ${time}`,
    none: 'Nicht verbunden',
    waiting: 'Nicht angemeldet',
    menu: (state) => `${state}. Kontomenü`,
    key: (applicationKeyId) => `Schlüssel ${applicationKeyId}`,
    enterKey: 'Anderen Schlüssel eingeben',
    connect: 'Mit B2 verbinden',
    noneTitle: 'Nicht mit B2 verbunden',
    noneText: 'Änderungen in den Ordnern warten, nichts geht verloren. Nach dem Verbinden geht es weiter.',
    disconnect: 'Trennen',
    disconnectTitle: 'Verbindung zu B2 trennen?',
    disconnectText:
      'Pail vergisst den Schlüssel, auch im Schlüsselbund, und lädt bis zur nächsten Verbindung nichts hoch. Alle Dateien bleiben, hier und in B2.',
    stayConnected: 'Verbunden bleiben',
  },

  list: {
    more: 'Mehr zeigen',
    rest: (count) => `noch ${formatNumber(count)}`,
  },

  toast: {
    linkCopied: (until) => `Link kopiert. Er gilt bis ${until}.`,
    linksCopied: (count, until) =>
      `${formatNumber(count)} Links kopiert. ${until === null ? 'Sie gelten, solange die Dateien da sind.' : `Sie gelten bis ${until}.`}`,
    publicLinkCopied: 'Link kopiert. Er gilt, solange die Datei da ist.',
    region: 'Meldungen',
  },
}
