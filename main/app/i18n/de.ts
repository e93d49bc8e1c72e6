/** The shell's own words in German. */
import type { ShellTexts } from './en.ts'

export const de: ShellTexts = {
  tray: {
    open: 'Pail öffnen',
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
  engine: {
    closing: 'Pail wird beendet.',
    crashed:
      'Der Teil von Pail, der synchronisiert, ist unerwartet stehen geblieben. Er startet von selbst neu; nichts geht verloren.',
    nodeTooOld: (version, needed) =>
      `Dieses Electron bringt Node ${version} mit, und Pail braucht ${needed} oder neuer. PAIL_ENGINE_NODE auf den Pfad eines neueren Node setzen, dann Pail neu starten.`,
  },
  cannotStart: {
    title: 'Pail kann nicht starten',
    dataFolder: (reason) => `Pail darf seinen Datenordner nicht verwenden. ${reason}`,
  },
}
