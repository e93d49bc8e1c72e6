import { formatNumber } from '../../../shared/format/count.ts'
import type { Texts } from '../en.ts'

export const rightClick: Texts['rightClick'] = {
  title: 'Rechtsklick-Menü',
  words: 'Dateiverwaltung Kontextmenü Link kopieren',
  all: 'Pail im Rechtsklick-Menü',
  allHint:
    '"Pail-Link kopieren" und "In Pail zeigen" für Dateien und Ordner. Gilt auch für viele auf einmal und startet Pail, wenn nötig.',
  none: 'Keine Dateiverwaltung gefunden, für die Pail dies kann: Dateien (Nautilus), Nemo, Caja, Dolphin oder Thunar.',
  names: {
    nautilus: 'Dateien (Nautilus)',
    nemo: 'Nemo',
    caja: 'Caja',
    dolphin: 'Dolphin',
    thunar: 'Thunar',
    explorer: 'Explorer',
    finder: 'Finder',
  },
  places: {
    nautilus: 'Unter "Skripte".',
    caja: 'Unter "Skripte".',
    thunar: 'Thunar zeigt eine Änderung, sobald es neu gestartet wird.',
    explorer: 'In Windows 11 unter "Weitere Optionen anzeigen".',
    finder: 'Unter "Schnellaktionen".',
  },
  inTheWay: (path) =>
    `Nicht möglich: ${path} gehört zu etwas anderem, oder Pail darf dort nicht schreiben. Verschieben und noch einmal versuchen.`,

  file: {
    of: (number, count) => `${formatNumber(number)} von ${formatNumber(count)}`,
    next: 'Nächste Datei',
    previous: 'Vorige Datei',
    looking: 'Sieht nach',
    outside: 'Es liegt in keinem Ordner, den Pail synchronisiert; in B2 ist nichts davon.',
    history: 'Was damit geschah',
    nothing: 'Bisher nichts.',
    all: 'Alles zeigen',
    addFolder: 'Ordner hinzufügen',
    copyLink: 'Link kopieren',
    checkNow: 'Jetzt prüfen',
  },
}
