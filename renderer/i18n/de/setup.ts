import { formatBytes, formatRate } from '../../../shared/format/bytes.ts'
import { formatFiles, formatNumber } from '../../../shared/format/count.ts'
import type { Texts } from '../en.ts'

export const setup: Texts['setup'] = {
  step: (step, of) => `Schritt ${step} von ${of}`,
  steps: { key: 'Schlüssel', bucket: 'Bucket', folders: 'Ordner', deletions: 'Gelöschtes' },
  whatHappens: 'Was geschieht',
  nothingYet: 'Vor der letzten Frage wird nichts hochgeladen.',
  amount: {
    all: (files, bytes, isComplete, duration, cost) =>
      `${isComplete ? '' : 'Mehr als '}${formatFiles(files)}, ${formatBytes(bytes)}, etwa ${duration}, ${cost}`,
    perMonth: (usd) => `etwa ${usd} im Monat`,
    free: 'kostenlos',
    speed: {
      usual: () => 'Wenn die Leitung 50 Mbit/s schafft.',
      measured: (rate) => `Bei der Geschwindigkeit dieses Moments, ${formatRate(rate)}.`,
      limit: (rate) => `Bei der eingestellten Grenze, ${formatRate(rate)}.`,
    },
    price: (usd, freeBytes, month) =>
      `B2 verlangt ${usd} im Monat für jedes TB, und nichts für die ersten ${formatBytes(freeBytes)} eines Kontos (Preise vom ${month}).`,
  },
  key: {
    title: 'Mit Backblaze B2 verbinden',
    reconnectTitle: 'Schlüssel neu eingeben',
    intro:
      'Einen Anwendungsschlüssel für Pail einfügen. Oder einmal den Hauptschlüssel: Pail erstellt damit einen begrenzten Schlüssel und vergisst ihn.',
    checkedIntro: 'Das sagt B2 über den Schlüssel.',
    keyId: 'Schlüssel-ID (keyID)',
    applicationKey: 'Anwendungsschlüssel (applicationKey)',
    pasteHint: 'Beides auf einmal einfügen: Jedes kommt in sein eigenes Feld.',
    show: 'Zeichen zeigen',
    hide: 'Zeichen verbergen',
    whereToFind: 'Wo steht das?',
    connect: 'Verbinden',
    connecting: 'Verbindet',
    otherKey: 'Anderen Schlüssel verwenden',
    keep: 'Diesen Schlüssel behalten',
    points: [
      'Pail fragt B2, was der Schlüssel darf, und zeigt es.',
      'Ein begrenzter Schlüssel liegt im Schlüsselbund des Systems und nirgends sonst.',
      'Ein Hauptschlüssel wird nie gespeichert: Pail erstellt damit einen, der nur das Nötige darf.',
    ],
    pointsOf: {
      master: [
        'Als Nächstes werden Bucket und Ordner gewählt.',
        'Dann erstellt Pail einen eigenen Schlüssel, nur für diese Orte.',
        'Er kommt in den Schlüsselbund. Der Hauptschlüssel wird vergessen.',
      ],
      full: ['Pail behält diesen Schlüssel im Schlüsselbund des Systems und nirgends sonst.'],
      partial: [
        'Pail behält diesen Schlüssel im Schlüsselbund des Systems und nirgends sonst.',
        'Was der Schlüssel nicht darf, wird nicht gehen.',
      ],
      unusable: ['Von diesem Schlüssel wird nichts behalten.'],
    },
    unreachable: {
      title: 'Keine Verbindung zu B2',
      advice: 'Der Schlüssel ließ sich nicht prüfen. Nach dem Netz sehen, dann noch einmal versuchen.',
    },
    rejected: {
      title: 'B2 nimmt diesen Schlüssel nicht an.',
      advice: 'Vielleicht wurde er gelöscht, oder beim Kopieren ging ein Zeichen verloren.',
    },
    whatItMay: 'Was der Schlüssel darf',
    kinds: {
      master: 'Hauptschlüssel',
      full: 'Alles Nötige',
      partial: 'Nicht alles',
      unusable: 'Zu wenig',
    },
    forBuckets: 'Buckets',
    allBuckets: 'alle des Kontos',
    deletedBucket: '(gelöscht)',
    forNames: 'Dateien',
    allNames: 'alle darin',
    namesBelow: (prefix) => `nur die, die mit ${prefix} beginnen`,
    ends: 'Endet',
    can: 'Er darf',
    cannot: 'Er darf nicht',
    effects: {
      listBuckets:
        'So ist nichts zu wählen: einen Schlüssel verwenden, der das darf, oder einen für einen einzigen Bucket.',
      listOwnBucket: 'Pail kann nicht sagen, ob der Bucket privat ist.',
      listFiles: 'Ohne zu wissen, was dort ist, kann Pail nicht synchronisieren.',
      readFiles:
        'Umbenannte Dateien werden neu hochgeladen, und mit diesem Schlüssel lässt sich nichts wiederherstellen.',
      writeFiles: 'Mit einem Schlüssel, der nur liest, kann Pail nicht synchronisieren.',
      shareFiles: 'Keine Links zu Dateien in einem privaten Bucket.',
    },
    unneeded: (capabilities) => `Er darf mehr, als Pail braucht: ${capabilities}.`,
    unusableTitle: 'Mit diesem Schlüssel kann Pail nicht synchronisieren',
    unusable: 'Bei Backblaze einen Schlüssel erstellen, der lesen und schreiben darf, und den einfügen.',
    masterTitle: 'Das ist ein Hauptschlüssel',
    master:
      'Er darf alles im Konto, darum behält Pail ihn nicht. Er bleibt im Arbeitsspeicher, bis Pail damit einen begrenzten Schlüssel erstellt hat, höchstens eine Stunde, und wird nirgends geschrieben.',
    lostTitle: 'Dieser Schlüssel reicht nicht zu allen Ordnern',
    lost: (places) => `Mit ihm wird nichts mehr hochgeladen nach ${places.join(', ')}. Was dort ist, bleibt.`,
  },
  bucket: {
    title: 'Welcher Bucket?',
    intro: 'Ein Bucket ist ein Behälter in B2, in dem Dateien liegen.',
    list: 'Buckets',
    private: 'Privat',
    privateEncrypted: 'Privat, verschlüsselt',
    public: 'Öffentlich',
    otherType: 'Nicht bekannt',
    publicWarning: 'Wer eine Adresse kennt oder errät, kann die Dateien in einem öffentlichen Bucket öffnen.',
    unknownWarning: 'Dieser Schlüssel darf nicht sehen, ob der Bucket privat ist. Vorher auf backblaze.com nachsehen.',
    emptyTitle: 'Noch kein Bucket',
    emptyText:
      'Der Schlüssel sieht keinen Bucket und darf keinen erstellen. Auf backblaze.com einen privaten erstellen, oder einen anderen Schlüssel verwenden.',
    emptyCreate: 'Es gibt noch keinen Bucket. Einen für Pail erstellen: Jeder Name geht, den sonst niemand hat.',
    onlyThese: (count) =>
      count === 1
        ? 'Der Schlüssel gilt nur für diesen Bucket.'
        : 'Für mehr gilt der Schlüssel nicht. Er darf keine anderen erstellen.',
    create: 'Bucket erstellen',
    name: 'Name des neuen Buckets',
    nameHint: '6 bis 63 Buchstaben, Ziffern und Bindestriche. Jeden Namen gibt es in ganz B2 nur einmal.',
    nameTaken: 'Diesen Namen hat schon ein anderer Bucket. Einen anderen wählen.',
    nameKnown: 'Einen Bucket mit diesem Namen gibt es hier schon: Er steht in der Liste.',
    faults: {
      short: (missing) => (missing === 1 ? 'Noch mindestens 1 Zeichen.' : `Noch mindestens ${missing} Zeichen.`),
      characters: (found) => `Nur Buchstaben, Ziffern und Bindestriche: nicht ${found === ' ' ? 'Leerzeichen' : found}`,
      reserved: 'Namen, die mit b2- beginnen, sind vergeben.',
      long: (over) => `${over} Zeichen zu lang.`,
    },
    howMade: 'Er wird privat, und B2 verschlüsselt, was darin liegt (SSE-B2).',
    howMadePlain:
      'Er wird privat. Verschlüsselung darf dieser Schlüssel nicht einschalten; das geht auf backblaze.com.',
    createPrivate: 'Privaten Bucket erstellen',
    creating: 'Wird erstellt',
    points: (bucket, type) => {
      if (bucket === null)
        return ['Dateien kommen in den gewählten Bucket.', 'Was schon darin ist, bleibt, wie es ist.']
      const access: Readonly<Record<string, string>> = {
        allPublic: 'Alles darin lässt sich von überall öffnen.',
        allPrivate: 'Öffnen kann sie nur, wer den Schlüssel oder einen Link hat.',
      }
      return [`Dateien kommen in ${bucket}.`, access[type] ?? '', 'Was schon darin ist, bleibt, wie es ist.'].filter(
        Boolean,
      )
    },
  },
  folders: {
    title: 'Welche Ordner?',
    intro: 'Pail hält jeden davon in B2, mit allem, was darin ist.',
    list: 'Ordner zum Synchronisieren',
    none: 'Ordner hierher ziehen oder wählen.',
    more: 'Weitere Ordner hierher ziehen',
    choose: 'Ordner wählen',
    chooseMore: 'Weitere wählen',
    onlyFolders: 'Synchronisieren lassen sich nur Ordner. Den Ordner hierher ziehen, in dem die Dateien sind.',
    refusedTitle: (count) => (count === 1 ? 'Nicht dazugenommen' : `${count} Ordner wurden nicht dazugenommen`),
    overlaps: (name, other) =>
      `${name} überschneidet sich mit ${other}, was schon synchronisiert wird oder gewählt ist.`,
    notAFolder: (name) => `${name} ist kein Ordner, der sich finden lässt.`,
    unreadableRoot: (name) => `Pail darf ${name} nicht lesen.`,
    counting: 'Dateien werden gezählt',
    count: (files, bytes, isComplete) => `${isComplete ? '' : 'Mehr als '}${formatFiles(files)}, ${formatBytes(bytes)}`,
    leftOut: (count) =>
      count === 1 ? '1 Eintrag wird ausgelassen' : `${formatNumber(count)} Einträge werden ausgelassen`,
    ignoredBy: {
      'built-in': 'Temporäre und Systemdateien',
      settings: 'Nach den Regeln des Ordners',
      '.pailignore': 'Nach den Regeln in .pailignore',
      'own-data': 'Eigene Daten von Pail',
    },
    skipReasons: {
      symlink: 'Symbolische Links, denen Pail nicht folgt',
      special: 'Geräte, Pipes und Sockets',
      placeholder: 'Nur online: heruntergeladen werden sie synchronisiert',
      'name-not-utf8': 'Namen, die kein Text sind',
      unreadable: 'Pail darf sie nicht lesen',
      ignored: 'Nach einer Regel',
    },
    andMore: (count) => `und ${formatNumber(count)} weitere`,
    remove: 'Entfernen',
    removeOne: (name) => `${name} entfernen`,
    place: 'Ort im Bucket',
    placeTop: 'Kommt auf die oberste Ebene: Dort können Dateien anderer Programme liegen.',
    placeTaken: (name) => `Dort ist schon ${name}. Einen anderen Ort wählen.`,
    wholeBucket: (bucket) => `Der neue Schlüssel darf ${bucket} ganz nutzen`,
    wholeBucketNote:
      'Dann lassen sich später weitere Ordner dazunehmen, ohne den Hauptschlüssel noch einmal einzufügen.',
    points: (count, bucket) => [
      count === 0 ? `Jede Datei in den gewählten Ordnern kommt in ${bucket}.` : `Sie kommen in ${bucket}.`,
      'Was schon dort ist, wird nicht noch einmal hochgeladen.',
      'Von da an wird jede Änderung in Sekunden hochgeladen.',
      'Die Dateien bleiben, wie sie sind. Dazu kommt nur .pail-folder, um den Ordner wiederzuerkennen.',
    ],
  },
  deletions: {
    title: 'Und wenn hier eine Datei gelöscht wird?',
    intro: 'Was soll in B2 aus ihr werden? Das lässt sich später ändern.',
    names: {
      keep: 'In B2 behalten',
      hide: 'In B2 ausblenden',
      'hide-then-remove': 'Ausblenden und nach einigen Tagen entfernen',
      delete: 'In B2 sofort löschen',
    },
    notes: {
      keep: () => 'Sie bleibt in B2, bis sie dort jemand entfernt.',
      hide: () => 'B2 listet sie nicht mehr und behält alle Versionen. Sie lässt sich jederzeit zurückholen.',
      'hide-then-remove': (places) =>
        `Pail setzt eine Regel nur für ${places.join(' und ')}. Danach entfernt B2 Ausgeblendetes und ältere Versionen von Geändertem.`,
      delete: () => 'Alle Versionen gehen für immer, und niemand kann sie zurückholen.',
    },
    lacks: (capabilities) =>
      `Das darf der Schlüssel nicht: Ihm fehlt ${capabilities.join(' und ')}. Behalten und Ausblenden gehen.`,
    days: 'Tage bis zum Entfernen',
    daysWrong: (most) => `Eine Zahl von 1 bis ${formatNumber(most)}.`,
    wholeBucketTitle: 'Die Regel gilt für den ganzen Bucket',
    wholeBucket: (bucket) =>
      `Ein Ordner kommt auf die oberste Ebene von ${bucket}, also betrifft die Regel auch, was andere Programme dort abgelegt haben. Mit einem eigenen Ort für den Ordner bleibt beides getrennt.`,
    confirm: (bucket) => `Zur Bestätigung ${bucket} eingeben`,
    confirmHint: 'Den Namen des Buckets, genau wie er ist.',
    hideInstead: 'Stattdessen ausblenden',
    start: 'Synchronisieren',
    starting: 'Startet',
    pointsOf: (kind, days) => [
      {
        keep: 'Hier gelöschte Dateien bleiben in B2.',
        hide: 'Hier gelöschte Dateien blendet Pail in B2 aus, und nichts davon geht verloren.',
        'hide-then-remove': `Hier gelöschte Dateien blendet Pail in B2 aus; ${days} Tage später sind sie weg.`,
        delete: 'Hier gelöschte Dateien werden in B2 für immer gelöscht.',
      }[kind],
      'Sind auf einmal viele weg, hält Pail an und fragt erst.',
    ],
    ownKey: (buckets, prefix) => [
      `Pail erstellt einen Schlüssel, der nur ${buckets} nutzen darf${prefix === '' ? '' : `, und nur Namen, die mit ${prefix} beginnen`}.`,
      'Der Hauptschlüssel wird vergessen, sobald jener im Schlüsselbund ist.',
    ],
  },
  done: {
    title: 'Pail hat jetzt einen eigenen Schlüssel',
    intro: 'Er wurde mit dem Hauptschlüssel erstellt und darf nur, was die Ordner brauchen.',
    forgottenTitle: 'Der Hauptschlüssel ist vergessen',
    forgotten:
      'Er war nur im Arbeitsspeicher und ist nirgends gespeichert. Der neue Schlüssel liegt im Schlüsselbund; bei Backblaze steht er unter Application Keys als pail.',
    points: ['Die Ordner werden hochgeladen.', 'Das Fenster kann zu: Pail arbeitet im Hintergrund weiter.'],
    showFolders: 'Meine Ordner zeigen',
  },
}
