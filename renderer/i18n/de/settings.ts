import { formatFiles, formatNumber } from '../../../shared/format/count.ts'
import type { Texts } from '../en.ts'

export const settings: Texts['settings'] = {
  search: 'Einstellungen durchsuchen',
  clear: 'Suche leeren',
  nothingFound: (query) => `Keine Einstellung enthält „${query}“.`,

  account: {
    title: 'Konto',
    key: 'Schlüssel',
    keyInUse: (keyId, accountId) => `${keyId}, von Konto ${accountId}. Der Schlüssel selbst liegt im Schlüsselbund.`,
    keyWaiting: (keyId) => `${keyId}. Pail ist damit gerade nicht angemeldet.`,
    noKey: 'Pail ist nicht mit B2 verbunden, und nichts wird hochgeladen.',
    replace: 'Schlüssel ersetzen...',
    connect: 'Verbinden...',
    reach: 'Was er erreicht',
    buckets: 'B2 wird gefragt',
    noBuckets: 'Keinen Bucket.',
    bucketList: (names, more) =>
      more === 0 ? `Buckets: ${names}.` : `Buckets: ${names} und ${formatNumber(more)} weitere.`,
    onlyNames: (prefix) => `Nur Namen, die mit ${prefix} beginnen.`,
    powers: 'Was er darf',
    may: 'Darf',
    mayNot: 'Darf nicht',
    lacks: 'Pail braucht das',
    capabilities: {
      listBuckets: 'Die Namen der Buckets sehen',
      listFiles: 'Sehen, was schon in B2 ist',
      readFiles: 'Dateien innerhalb von B2 kopieren und wiederherstellen',
      writeFiles: 'Dateien hochladen und gelöschte ausblenden',
      shareFiles: 'Links zu privaten Dateien erstellen',
      writeBuckets: 'Buckets erstellen und Ausgeblendetes nach einigen Tagen entfernen lassen',
      deleteFiles: 'Dateien endgültig löschen',
    },
    surplus: (names) =>
      `Dieser Schlüssel darf mehr, als Pail braucht: ${names}. Ein eigener Schlüssel für Pail ist sicherer, falls dieser Computer gestohlen wird.`,
  },

  folders: {
    title: 'Ordner',
    none: 'Noch wird kein Ordner synchronisiert.',
    another: 'Weiterer Ordner',
    add: 'Ordner hinzufügen',
    settingsOf: (name) => `Einstellungen von ${name}`,
    ignore: 'Was ausgelassen wird',
    ignoreHint:
      'Eine Regel je Zeile, wie in .gitignore: *.tmp, /Cache/, !wichtig.tmp. Was eine Regel auslässt, wird nicht weiter verfolgt und nirgends gelöscht.',
    ignoreRules: (name) => `Ausschlussregeln von ${name}`,
    useRules: 'Diese Regeln verwenden',
    undoRules: 'Änderungen verwerfen',
    looking: 'Im Ordner wird nachgesehen',
    leavesOut: (count, size, isComplete) =>
      count === 0
        ? isComplete
          ? 'Lässt nichts aus, was jetzt hochgeladen wird.'
          : 'Lässt bisher nichts von dem aus, was angesehen wurde.'
        : `Lässt ${isComplete ? '' : 'mindestens '}${formatFiles(count)} (${size}) aus, die jetzt hochgeladen ${count === 1 ? 'wird' : 'werden'}:`,
    andMore: (count) => `und ${formatNumber(count)} weitere`,
    showLeftOut: 'Alles zeigen, was nicht hochgeladen wird...',
    deleted: 'Gelöschte Dateien',
    deletedHint: 'Was in B2 mit einer Datei geschieht, die hier gelöscht wird.',
    policies: {
      keep: 'Bleiben in B2',
      hide: 'Werden ausgeblendet, alle Versionen bleiben',
      'hide-then-remove': 'Werden ausgeblendet und Tage später entfernt',
      delete: 'Werden endgültig gelöscht',
    },
    removedAfter: 'Entfernt nach',
    removedAfterHint: 'Pail legt eine Lifecycle-Regel für genau diesen Ort im Bucket an.',
    days: (count) => (count === 1 ? 'Tag' : 'Tagen'),
    daysWrong: '1 bis 3.650 Tage.',
    delay: 'Gilt als gelöscht nach',
    delayHint: 'So lange muss eine Datei fehlen, bevor in B2 etwas mit ihr geschieht.',
    gate: 'Vor vielen auf einmal fragen',
    gateHint:
      'Fehlen innerhalb einer Stunde mehr Dateien als hier angegeben und ein größerer Anteil aller, hält Pail an und fragt.',
    gateFiles: 'Dateien',
    gatePercent: '%',
    gateFilesWrong: '1 bis 1.000.000 Dateien.',
    gatePercentWrong: '1 bis 100 %.',
    hours: 'Zeiten des Hochladens',
    hoursHint:
      'Zu anderen Zeiten wartet dieser Ordner: Nichts davon wird hochgeladen, in B2 ausgeblendet oder gelöscht. Änderungen werden trotzdem festgehalten.',
    hoursWords: 'Zeitplan Woche Nacht',
    hoursKinds: { always: 'Zu jeder Zeit', some: 'Zu diesen Zeiten' },
    hoursHow:
      'Die Stunden malen, in denen hochgeladen wird. Mit der Tastatur: Pfeiltasten bewegen, Leertaste malt, Umschalt und Pfeil malen weiter.',
    hoursGrid: (name) => `Stunden, in denen ${name} hochgeladen wird`,
    hoursBrush: 'Was gemalt wird',
    sends: 'Lädt hoch',
    waits: 'Wartet',
    hoursRounded:
      'Manche Zeiten sind auf die Minute gesetzt. Hier stehen sie als volle Stunden, und beim Malen werden sie dazu.',
    priority: 'Reihenfolge',
    priorityHint:
      'Wo Dateien mehrerer Ordner warten. Keiner steht still: Ein Ordner, der zuerst kommt, ist am häufigsten an der Reihe, jeder andere ab und zu.',
    priorityWords: 'Priorität Vorrang zuerst zuletzt',
    priorities: { first: 'Kommt zuerst', normal: 'Normal', last: 'Kommt zuletzt' },
    root: 'Auf diesem Computer',
    rootHint: 'Ordner verschoben? Hier angeben, wo er nun ist. Was dort fehlt, wird zuerst erfragt.',
    move: 'Er ist jetzt woanders...',
    place: 'In B2',
    placeHint: (count, place) =>
      count === 0
        ? 'Von da an gilt der andere Ort.'
        : `An einem anderen Ort wird alles neu hochgeladen. ${formatFiles(count)} in ${place} ${count === 1 ? 'bleibt' : 'bleiben'} dort, und Pail weiß davon nichts mehr.`,
    changePlace: 'Diesen Ort verwenden',
    deleteTitle: (name) => `Dateien von ${name} endgültig löschen?`,
    deleteText: (name, count) =>
      `Von da an wird eine Datei, die in ${name} gelöscht wird, mit allen Versionen aus B2 gelöscht, und nichts bringt sie zurück. Von diesem Ordner ${count === 1 ? 'ist' : 'sind'} jetzt ${formatFiles(count)} in B2; damit geschieht nichts, bevor hier etwas gelöscht wird.`,
    deleteType: (bucket) => `Zum Bestätigen den Namen des Buckets eingeben: ${bucket}`,
    deleteConfirm: 'Von nun an endgültig löschen',
    deleteKeep: 'So lassen, wie es ist',
  },

  bandwidth: {
    title: 'Bandbreite',
    up: 'Hochladen',
    upHint: 'Für alle Dateien zusammen, zu jeder Zeit. Leer lassen für keine Grenze.',
    down: 'Herunterladen',
    downHint: 'Für alles, was aus B2 zurückgelesen wird. Leer lassen für keine Grenze.',
    unit: 'MB/s',
    noLimit: 'Keine Grenze',
    unlimited: 'unbegrenzt',
    wrong: 'Eine Zahl ab 0,01, zum Beispiel 2,5.',
    now: (up, down, until) => `Jetzt: Hochladen ${up}, Herunterladen ${down}${until === null ? '' : `, bis ${until}`}.`,
    week: 'Zeiten der Woche',
    weekHint:
      'Eine Grenze wählen und die Stunden malen, für die sie gilt. Mit der Tastatur: Pfeiltasten bewegen, Leertaste malt, Umschalt und Pfeil malen weiter.',
    rounded:
      'Manche Zeiten sind auf der Befehlszeile auf die Minute gesetzt. Hier stehen sie als volle Stunden, und beim Malen werden sie dazu.',
    grid: 'Stunden der Woche',
    usual: 'Grenzen wie oben',
    brush: 'Was gemalt wird',
    limit: (number) => `Grenze ${number}`,
    limitUp: (number) => `Grenze ${number}, Hochladen`,
    limitDown: (number) => `Grenze ${number}, Herunterladen`,
    addLimit: 'Weitere Grenze',
    removeLimit: (number) => `Grenze ${number} entfernen`,
    allDay: (shortDay, day) => `${shortDay}: ${day} ganz malen`,
    hour: (day, from, to, limits) => `${day}, ${from} bis ${to}: ${limits}`,
    limits: (up, down) => `Hochladen ${up}, Herunterladen ${down}`,
    tooMany: 'So viele verschiedene Zeiten kann Pail nicht behalten. Größere Blöcke malen.',
    days: {
      mon: 'Montag',
      tue: 'Dienstag',
      wed: 'Mittwoch',
      thu: 'Donnerstag',
      fri: 'Freitag',
      sat: 'Samstag',
      sun: 'Sonntag',
    },
    shortDays: { mon: 'Mo', tue: 'Di', wed: 'Mi', thu: 'Do', fri: 'Fr', sat: 'Sa', sun: 'So' },
  },

  proxy: {
    title: 'Weg zu B2',
    proxy: 'Proxy',
    hint: 'Ein Computer, über den alles zu B2 geht, wie es manche Büros und Schulen wollen. Was gerade unterwegs ist, beginnt bei einer Änderung neu.',
    words: 'Netz Verbindung HTTPS_PROXY',
    kinds: {
      system: 'Wie das System sagt',
      none: 'Keiner',
      address: 'Dieser',
    },
    systemHint: 'HTTPS_PROXY und NO_PROXY gelten, wo sie beim Start von Pail gesetzt waren.',
    address: 'Adresse',
    addressExample: 'http://proxy.beispiel.de:3128',
    addressWrong: 'Ein Rechner und ein Port, zum Beispiel http://proxy.beispiel.de:3128.',
    name: 'Benutzername',
    password: 'Passwort',
    ifAsked: 'Falls er fragt',
    kept: 'Im Schlüsselbund',
    nameMissing: 'Zu einem Passwort gehört ein Benutzername.',
    use: 'Diesen Proxy verwenden',
    forget: 'Name und Passwort vergessen',
  },

  transfers: {
    title: 'Übertragungen',
    most: 'Gleichzeitig',
    mostHint:
      'So viele Übertragungen einer Art höchstens. Pail findet heraus, was am besten geht; weniger schonen alte Computer und Leitungen.',
    best: 'Was am besten geht',
  },

  links: {
    title: 'Adressen der Links',
    host: (bucket) => `Domain für Links zu ${bucket}`,
    hostHint:
      'Für einen Bucket hinter einer eigenen Domain, etwa bei Cloudflare. Der Pfad der Links bleibt gleich. Leer lassen für die Adresse von B2.',
    words: 'eigene Domain CDN Cloudflare teilen',
    usual: 'Adresse von B2',
    wrong: 'Nur der Name, zum Beispiel dateien.example.com, ohne https:// und ohne Pfad.',
    asking: (host) => `${host} wird gefragt.`,
    answers: (host) => `${host} hat geantwortet. Neue Links beginnen damit.`,
    silent: (host) => `${host} antwortet nicht. Links beginnen trotzdem damit: Name prüfen, und wohin er führt.`,
    fails: (host, status) =>
      `${host} hat mit Fehler ${status} geantwortet. Links beginnen trotzdem damit: prüfen, wohin er führt.`,
    notTrusted: (host) =>
      `${host} hat kein Zertifikat, dem Browser vertrauen. Links beginnen trotzdem damit: eines für diesen Namen ausstellen lassen.`,
    noBucket: 'Noch kein Bucket',
    noBucketHint: 'Sobald ein Ordner synchronisiert wird, lässt sich hier eine eigene Domain setzen.',
  },

  start: {
    title: 'Start und Aussehen',
    atLogin: 'Beim Anmelden starten',
    atLoginHint: 'Änderungen werden hochgeladen, ohne dass man daran denken muss.',
    hidden: 'Ohne Fenster starten',
    hiddenHint: 'Beim Anmelden erscheint nur das Symbol in der Leiste. Ein weiterer Start von Pail öffnet das Fenster.',
    appearance: 'Aussehen',
    appearanceWords: 'Design Farben dunkel hell',
    appearances: { system: 'Wie das System', light: 'Hell', dark: 'Dunkel' },
  },

  language: {
    title: 'Sprache',
    window: 'Sprache von Pail',
    words: 'Deutsch English language',
    system: (language) => `Wie das System (${language})`,
  },

  notifications: {
    title: 'Benachrichtigungen',
    kinds: {
      'needs-you': {
        title: 'Ein Eingriff ist nötig',
        hint: 'Eine Frage, die nur ein Mensch beantworten kann, ein ungültiger Schlüssel, eine erreichte Grenze.',
      },
      finished: { title: 'Alles ist in B2', hint: 'Nachdem viele Dateien hochgeladen wurden.' },
      'link-ready': { title: 'Links', hint: 'Ein Link wurde kopiert, geht jetzt, oder endet bald.' },
    },
  },

  diagnostics: {
    title: 'Diagnose',
    version: 'Version',
    data: 'Aufzeichnungen',
    dataHint: 'Wo Pail festhält, was es über die Ordner weiß. Der Schlüssel ist nicht dabei.',
    logs: 'Protokolle',
    openLogs: 'Ordner öffnen',
    report: 'Für eine Meldung',
    reportHint:
      'Versionen, Einstellungen und Zustände, auf Englisch. Kein Schlüssel, kein Name von Datei, Ordner oder Bucket.',
    copy: 'Diagnose kopieren',
    copied: 'Diagnose kopiert.',
  },

  ending: {
    title: 'Beenden und trennen',
    stop: (name) => `${name} nicht mehr synchronisieren`,
    stopHint: (count, place) =>
      count === 0
        ? 'Nichts wird gelöscht. Änderungen werden nicht mehr hochgeladen.'
        : `Nichts wird gelöscht: ${formatFiles(count)} in ${place} ${count === 1 ? 'bleibt' : 'bleiben'}, und der Ordner auch. Änderungen werden nicht mehr hochgeladen.`,
    stopButton: 'Nicht mehr synchronisieren...',
    disconnect: 'Verbindung zu B2 trennen',
    disconnectHint: (folders, count) =>
      `Pail vergisst den Schlüssel. ${folders === 1 ? '1 Ordner' : `${formatNumber(folders)} Ordner`} mit ${formatFiles(count)} ${folders === 1 ? 'wird' : 'werden'} bis zur nächsten Verbindung nicht mehr hochgeladen; alles bleibt, hier und in B2.`,
    disconnectButton: 'Trennen...',
  },
}
