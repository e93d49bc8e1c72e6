import type { ExplanationTexts } from '../en/explanations.ts'

export const explanations: ExplanationTexts = {
  skipWords: {
    symlink: 'Symbolischer Link',
    special: 'Keine Datei',
    placeholder: 'Nur online',
    'name-not-utf8': 'Name ist kein Text',
    unreadable: 'Darf nicht gelesen werden',
    ignored: 'Per Regel ausgelassen',
  },
  skipSentences: {
    symlink:
      'Dies ist ein symbolischer Link, und Pail folgt keinem. Soll das, worauf er zeigt, in B2 sein, gehört die Datei selbst in diesen Ordner.',
    special: 'Dies ist ein Gerät, eine Pipe oder ein Socket. Darin ist nichts, was sich in B2 aufbewahren ließe.',
    placeholder:
      'Dies ist nur online: Der Inhalt ist nicht auf diesem Computer. Sobald er heruntergeladen ist, lädt Pail ihn hoch.',
    'name-not-utf8':
      'Der Name ist kein gültiger Text (UTF-8), und solche Namen nimmt B2 nicht an. Nach dem Umbenennen lädt Pail die Datei hoch.',
    unreadable: 'Pail darf dies nicht lesen. Sobald die Rechte geändert sind, lädt Pail es hoch.',
    ignored: 'Eine Ausschlussregel lässt dies aus. Sobald die Regel geändert ist, lädt Pail es hoch.',
  },
  ruleWords: {
    'built-in': () => 'Temporär oder vom System',
    'own-data': () => 'Gehört zu Pail',
    settings: (rule) => `Regel ${rule}`,
    '.pailignore': (rule) => `Regel ${rule}`,
  },
  ruleSentences: {
    'built-in': (rule) => `Pail lässt temporäre Dateien und solche des Systems aus: Diese passt auf ${rule}.`,
    'own-data': () => 'Dies gehört zu Pail selbst und wird nie hochgeladen.',
    settings: (rule, line) =>
      `Die Regel ${rule} (${lineOf(line)}in den Ausschlussregeln dieses Ordners) lässt dies aus. Sobald sie geändert ist, lädt Pail es hoch.`,
    '.pailignore': (rule, line) =>
      `Die Regel ${rule} (${lineOf(line)}in .pailignore) lässt dies aus. Sobald sie geändert ist, lädt Pail es hoch.`,
  },
  inSync: (since) =>
    `Die Datei ist in B2, wie sie hier ist${since === null ? '' : `, seit ${since}`}. Es ist nichts zu tun.`,
  changing: (since, latest) =>
    `Die Datei ändert sich seit ${since}. Pail lädt sie hoch, wenn sie einen Moment ruhig war, spätestens ${latest}.`,
  restless: (since, latest) =>
    `Die Datei kommt seit ${since} nicht zur Ruhe, darum lädt Pail sie alle paar Minuten hoch: das nächste Mal ${latest}, oder früher, sobald sie ruhig ist.`,
  stillChanging: 'Die Datei ändert sich noch. Pail lädt sie hoch, wenn sie einen Moment ruhig war.',
  verySoon: 'sehr bald',
  at: (moment) => `um ${moment}`,
  waitsForTurn: 'Die Datei wartet, bis sie an der Reihe ist, und wird von selbst hochgeladen.',
  nextTry: (duration) => `Nächster Versuch in ${duration}.`,
  sending: 'Die Datei ist auf dem Weg zu B2.',
  putOffOver: 'Die Datei war auf später verschoben. Nun ist es so weit, und sie wird der Reihe nach hochgeladen.',
  putOffUntil: (until) =>
    `Die Datei ist auf später verschoben: Sie wartet bis ${until}, oder bis sie sich ändert. „Jetzt versuchen“ lädt sie sofort hoch.`,
  paused: 'Pail ist pausiert. Nach dem Fortsetzen wird die Datei hochgeladen.',
  pausedUntil: (until) =>
    `Pail ist bis ${until} pausiert und lädt die Datei dann hoch. „Fortsetzen“ lädt sie sofort hoch.`,
  outOfHours: (until) =>
    `Dieser Ordner lädt zu dieser Zeit der Woche nichts hoch, so ist es eingestellt. Es wartet bis ${until}, nichts geht verloren.`,
  leaving:
    'Die Datei ist aus diesem Ordner verschwunden und noch in B2. Pail sieht ein zweites Mal nach, bevor dort etwas mit ihr geschieht; wird sie zurückgelegt, bleibt sie.',
  kept: 'Was B2 hat, wurde mit Absicht gelassen, wie es ist. Pail lädt die Datei wieder hoch, sobald sie sich hier ändert.',
  directory:
    'Dies ist ein Ordner. B2 speichert nur Dateien, also ist ein Ordner dort, sobald eine Datei darin dort ist.',
  notThere: 'In diesem Ordner gibt es keine Datei dieses Namens. Den Namen prüfen.',
  unknown: 'Pail hat noch nicht nachgesehen. Jetzt prüfen, oder die laufende Prüfung abwarten.',
}

function lineOf(line: number | null): string {
  return line === null ? '' : `Zeile ${line} `
}
