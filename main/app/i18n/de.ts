/** The shell's own words in German. */
import { formatFiles, formatNumber } from '../../../shared/format/count.ts'
import type { ShellTexts } from './en.ts'

export const de: ShellTexts = {
  tray: {
    open: 'Pail öffnen',
    openFolder: 'Ordner öffnen',
    recent: 'Zuletzt',
    copyLink: (name) => `Link kopieren: ${name}`,
    problems: (count) => `Probleme (${count})`,
    settings: 'Einstellungen',
    pause: 'Pausieren',
    resume: 'Fortsetzen',
    quit: 'Beenden',
    starting: 'Startet',
  },
  menu: {
    file: '&Datei',
    closeWindow: 'Fenster schließen',
    quit: 'Pail beenden',
    edit: '&Bearbeiten',
    undo: 'Rückgängig',
    redo: 'Wiederholen',
    cut: 'Ausschneiden',
    copy: 'Kopieren',
    paste: 'Einfügen',
    delete: 'Löschen',
    selectAll: 'Alles auswählen',
    window: 'Fenster',
    minimize: 'Minimieren',
    zoom: 'Zoomen',
    front: 'Alle nach vorne bringen',
    about: 'Über Pail',
    services: 'Dienste',
    hide: 'Pail ausblenden',
    hideOthers: 'Andere ausblenden',
    showAll: 'Alle einblenden',
  },
  news: {
    engineRestarted: 'Pail ist neu gestartet',
    engineStopped: 'Pail synchronisiert nicht mehr',
    problems: (count) => `${formatNumber(count)} Probleme brauchen Sie`,
    files: (count, names) => `${formatFiles(count)}: ${names}`,
    finished: 'Alles ist in B2',
    finishedFiles: (files) => `${formatFiles(files)}, geprüft und aktuell`,
    linkCopied: 'Link kopiert',
    linkWorks: (name, until) =>
      until === null ? `${name} - gilt, solange die Datei da ist` : `${name} - gilt bis ${until}`,
    linkPromised: (name) => `${name} - geht, sobald die Datei in B2 ist`,
    linkReady: 'Der Link geht jetzt',
    linkEnds: 'Ein Link endet bald',
    noLink: (name) => `Kein Link zu ${name}`,
    noLinks: 'Kein Link kopiert',
    linksCopied: (count) => `${formatNumber(count)} Links kopiert`,
    someLinksCopied: (count, all) => `${formatNumber(count)} von ${formatNumber(all)} Links kopiert`,
    linksPromised: (count) =>
      count === 1
        ? '1 geht, sobald seine Datei in B2 ist'
        : `${formatNumber(count)} gehen, sobald ihre Dateien in B2 sind`,
    notHere: 'Links gibt es nur zu Dateien auf diesem Computer. Andere zuerst hierher kopieren.',
    notHereToShow: 'Pail zeigt nur Dateien auf diesem Computer.',
    tooManyLinks: (most) => `Höchstens ${formatNumber(most)} auf einmal. Weniger auswählen, oder ihren Ordner.`,
  },
  engine: {
    closing: 'Pail wird beendet.',
    crashed:
      'Der Teil von Pail, der synchronisiert, ist unerwartet stehen geblieben. Er startet von selbst neu; nichts geht verloren.',
    nodeTooOld: (version, needed) =>
      `Dieses Electron bringt Node ${version} mit, und Pail braucht ${needed} oder neuer. PAIL_ENGINE_NODE auf den Pfad eines neueren Node setzen, dann Pail neu starten.`,
  },
  files: {
    chooseFolder: 'Den Ordner wählen',
    chooseFolders: 'Ordner wählen, die in B2 liegen sollen',
    activity: (day) => `Pail-Verlauf ${day}`,
  },
  rightClick: {
    copyLink: 'Pail-Link kopieren',
    copyLinkHint: 'Kopiert einen Link, mit dem andere das öffnen können',
    show: 'In Pail zeigen',
    showHint: 'Zeigt, ob es in B2 ist, warum nicht, und was damit geschah',
  },
  cannotStart: {
    title: 'Pail kann nicht starten',
    dataFolder: (reason) => `Pail darf seinen Datenordner nicht verwenden. ${reason}`,
  },
}
