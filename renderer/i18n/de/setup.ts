import { formatBytes } from '../../../shared/format/bytes.ts'
import { formatFiles, formatNumber } from '../../../shared/format/count.ts'
import type { Texts } from '../en.ts'
import { capabilityUses } from './capabilities.ts'

export const setup: Texts['setup'] = {
  step: (step, of) => `Schritt ${step} von ${of}`,
  whatHappens: 'Was geschieht',
  key: {
    title: 'Mit Backblaze B2 verbinden',
    reconnectTitle: 'Schlüssel neu eingeben',
    intro:
      'Pail meldet sich mit einem Anwendungsschlüssel an. Für Pail lässt sich ein eigener erstellen, der nur für einen Bucket gilt.',
    keyId: 'Schlüssel-ID (keyID)',
    applicationKey: 'Anwendungsschlüssel (applicationKey)',
    show: 'Zeichen zeigen',
    hide: 'Zeichen verbergen',
    whereToFind: 'Wo steht das?',
    connect: 'Verbinden',
    connecting: 'Verbindet',
    otherKey: 'Anderen Schlüssel verwenden',
    keep: 'Diesen Schlüssel behalten',
    continueAnyway: 'Trotzdem weiter',
    points: [
      'Pail prüft den Schlüssel sofort bei B2.',
      'Der Schlüssel liegt im Schlüsselbund des Systems und nirgends sonst.',
      'Nichts wird hochgeladen, bevor ein Ordner gewählt ist.',
    ],
    needs: 'Das sollte der Schlüssel dürfen',
    lacksTitle: 'Verbunden, doch dieser Schlüssel darf nicht alles',
    lacks: (capabilities) =>
      `Ihm fehlt ${capabilities.map((name) => `${name} (${capabilityUses[name] ?? 'braucht Pail'})`).join(', ')}. Besser einen Schlüssel verwenden, der das darf; mit diesem bleibt Pail stehen, wo es nötig ist.`,
  },
  bucket: {
    title: 'Welcher Bucket?',
    intro: 'Ein Bucket ist ein Behälter in B2, in dem Dateien liegen.',
    list: 'Buckets',
    private: 'Privat',
    public: 'Öffentlich',
    publicWarning: 'Wer eine Adresse kennt oder errät, kann die Dateien in einem öffentlichen Bucket öffnen.',
    emptyTitle: 'Noch kein Bucket',
    emptyText: 'Dieses Konto hat keinen Bucket, den der Schlüssel sehen kann. Einen privaten für Pail erstellen.',
    create: 'Bucket erstellen',
    name: 'Name des neuen Buckets',
    nameHint: '6 bis 63 Buchstaben, Ziffern und Bindestriche. Jeden Namen gibt es in ganz B2 nur einmal.',
    nameWrong: '6 bis 63 Buchstaben, Ziffern und Bindestriche; nicht mit b2- am Anfang.',
    createPrivate: 'Privaten Bucket erstellen',
    creating: 'Wird erstellt',
    points: (bucket, isPublic) => [
      bucket === null ? 'Dateien kommen in den gewählten Bucket.' : `Dateien kommen in ${bucket}.`,
      ...(bucket === null
        ? []
        : [
            isPublic
              ? 'Alles darin lässt sich von überall öffnen.'
              : 'Öffnen kann sie nur, wer den Schlüssel oder einen Link hat.',
          ]),
      'Was schon im Bucket ist, bleibt, wie es ist.',
    ],
  },
  folder: {
    title: 'Welcher Ordner?',
    intro: 'Pail hält diesen Ordner in B2, mit allem, was darin ist.',
    choose: 'Ordner wählen',
    chooseOther: 'Anderen Ordner wählen',
    none: 'Noch kein Ordner gewählt',
    counting: 'Dateien werden gezählt',
    count: (files, bytes, isComplete) => `${isComplete ? '' : 'Mehr als '}${formatFiles(files)}, ${formatBytes(bytes)}`,
    unreadable: (count) =>
      count === 1
        ? '1 Datei darf nicht gelesen werden und wird ausgelassen.'
        : `${formatNumber(count)} Dateien dürfen nicht gelesen werden und werden ausgelassen.`,
    skipped: (count) =>
      count === 1
        ? '1 temporäre oder Systemdatei wird ausgelassen.'
        : `${formatNumber(count)} temporäre und Systemdateien werden ausgelassen.`,
    place: 'Ort im Bucket',
    placeHint: 'Leer lassen für die oberste Ebene des Buckets.',
    destination: 'Geht nach',
    start: 'Synchronisieren',
    startingSync: 'Startet',
    points: (amount) => [
      amount === null
        ? 'Jede Datei im Ordner kommt in B2.'
        : `${amount} kommen in B2. Was schon dort ist, wird nicht noch einmal hochgeladen.`,
      'Von da an wird jede Änderung in Sekunden hochgeladen.',
      'Gelöschte Dateien blendet B2 aus und behält die alte Version.',
      'Im Ordner selbst wird nie etwas geändert.',
    ],
  },
}
