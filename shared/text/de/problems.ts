/** What is said about each error code in German. */
import type { ErrorDetails } from '../../errors.ts'
import { formatFiles, formatNumber } from '../../format/count.ts'
import { named } from '../named-detail.ts'
import type { ProblemTexts } from '../problem-text.ts'
import { nameReason } from './name-reason.ts'

const capabilityUses: Readonly<Record<string, string>> = {
  listBuckets: 'Buckets auflisten',
  listFiles: 'Dateien auflisten',
  readFiles: 'Dateien lesen',
  writeFiles: 'Dateien hochladen',
  deleteFiles: 'Dateiversionen löschen',
  shareFiles: 'Links erstellen',
  writeBuckets: 'Buckets erstellen',
}

export const problems: ProblemTexts = {
  network_unreachable: {
    title: 'Keine Verbindung zu B2',
    advice:
      'B2 ist nicht erreichbar. Dateien warten, nichts geht verloren; Pail macht von selbst weiter, sobald das Netz wieder da ist.',
  },
  timeout: {
    title: 'B2 antwortet nicht',
    advice: 'B2 hat zu lange nicht geantwortet. Pail versucht es von selbst noch einmal.',
  },
  connection_reset: {
    title: 'Die Verbindung ist abgebrochen',
    advice: 'Die Verbindung zu B2 ist abgebrochen. Pail versucht es von selbst noch einmal.',
  },
  b2_service_error: {
    title: 'B2 ist überlastet',
    advice: 'B2 meldet eine eigene Störung. Pail versucht es von selbst noch einmal.',
  },
  checksum_mismatch: {
    title: 'Unterwegs beschädigt',
    advice:
      'Bei B2 kam etwas anderes an, als gesendet wurde, darum hat B2 es abgelehnt. Pail lädt die Datei von selbst noch einmal hoch.',
  },
  too_many_requests: {
    title: 'Von B2 gebremst',
    advice: 'B2 bittet um weniger Anfragen. Pail wartet so lange, wie B2 es sagt, und macht von selbst weiter.',
  },
  upload_url_rejected: {
    title: 'B2 möchte eine andere Adresse',
    advice: 'B2 hat diese Datei hier nicht angenommen. Pail versucht es von selbst noch einmal.',
  },
  token_expired: {
    title: 'Neue Anmeldung',
    advice: 'Die Anmeldung bei B2 ist abgelaufen. Pail meldet sich von selbst neu an.',
  },
  account_not_connected: {
    title: 'Kein B2-Konto',
    advice:
      'Hier ist kein Schlüssel für B2 bekannt. Ein Konto in Pail verbinden, oder für die Befehlszeile B2_APPLICATION_KEY_ID und B2_APPLICATION_KEY setzen.',
  },
  key_rejected: {
    title: 'B2 nimmt diesen Schlüssel nicht an',
    advice:
      'B2 nimmt diesen Schlüssel nicht an. Vielleicht wurde er gelöscht, oder beim Kopieren ging ein Zeichen verloren. Schlüssel-ID und Schlüssel noch einmal einfügen oder einen neuen Schlüssel erstellen.',
  },
  key_unsupported: {
    title: 'Dieser Schlüssel ist von anderer Art',
    advice:
      'B2 erlaubt diesem Programm diesen Schlüssel nicht. Einen neuen Anwendungsschlüssel erstellen und verwenden.',
  },
  account_blocked: {
    title: 'B2 hat dieses Konto vorerst gesperrt',
    advice: 'B2 braucht zuerst etwas: auf backblaze.com die E-Mail-Adresse oder die Zahlungsdaten bestätigen.',
  },
  realm_not_allowed: {
    title: 'Keine sichere Adresse',
    advice:
      'An diese B2-Adresse lässt sich ein Schlüssel nicht sicher senden. Https verwenden, oder http nur für diesen Computer selbst (127.0.0.1).',
  },
  not_a_b2_service: {
    title: 'Nicht B2',
    advice:
      'Was unter dieser Adresse antwortet, ist nicht B2. Die Adresse prüfen (ein S3-Endpunkt geht nicht), oder sich zuerst in diesem Netz anmelden, falls es das verlangt.',
  },
  proxy_refused: (details) => ({
    title: 'Der Proxy lässt B2 nicht zu',
    advice:
      details['status'] === 407
        ? 'Der Proxy dieses Netzes verlangt Namen und Passwort. Beides unter Proxy in den Einstellungen eingeben, oder als http://name:password@host:port in HTTPS_PROXY eintragen und Pail neu starten.'
        : 'Der Proxy dieses Netzes lässt Pail nicht zu B2. Wer ihn betreibt, kann backblazeb2.com und backblaze.com freigeben; oder unter Proxy in den Einstellungen einen anderen Weg wählen.',
  }),
  proxy_unreachable: (details) => ({
    title: 'Der Proxy antwortet nicht',
    advice: `Der Proxy${named(details, 'proxy', ' ')} antwortet nicht. Seine Adresse unter Proxy in den Einstellungen prüfen, oder dort wählen, dass es ohne ihn geht. Dateien warten, nichts geht verloren.`,
  }),
  network_settings_unusable: (details) => ({
    title: 'Eine Netzeinstellung ist unbrauchbar',
    advice:
      details['setting'] === 'NODE_EXTRA_CA_CERTS'
        ? 'Die Zertifikate, die NODE_EXTRA_CA_CERTS nennt, lassen sich nicht lesen. Den Pfad berichtigen oder die Einstellung entfernen, dann Pail neu starten.'
        : `${String(details['setting'] ?? 'HTTPS_PROXY')} ist keine Adresse eines Proxys. Als http://host:port schreiben oder entfernen, dann Pail neu starten.`,
  }),
  capability_missing: (details) => {
    const capability = details['capability']
    const lacks = capability === undefined ? 'ein Recht' : `das Recht ${String(capability)}`
    const use = capabilityUses[String(capability)] ?? 'dies tun'
    return {
      title: 'Das darf der Schlüssel nicht',
      advice: `Dieser Schlüssel darf nicht ${use}: Ihm fehlt ${lacks}. Einen Schlüssel mit diesem Recht erstellen und neu verbinden.`,
    }
  },
  bucket_not_allowed: (details) => ({
    title: 'Der Schlüssel gilt für einen anderen Bucket',
    advice: `Dieser Schlüssel gilt hier nicht${named(details, 'name', ': ')}. Bucket und Ort wählen, für die er gemacht wurde, oder einen anderen Schlüssel erstellen.`,
  }),
  bucket_missing: (details) => ({
    title: 'Der Bucket ist weg',
    advice: `B2 hat keinen Bucket${named(details, 'bucketName', ' ')}, den dieser Schlüssel sehen kann. Auf diesem Computer sind alle Dateien sicher. Einen Schlüssel verwenden, der ihn sieht, oder den Ordner mit einem anderen Bucket synchronisieren.`,
  }),
  bucket_name_taken: {
    title: 'Dieser Name ist vergeben',
    advice:
      'Ein Bucket mit diesem Namen gehört schon jemandem: Namen gibt es in ganz B2 nur einmal. Einen anderen Namen wählen.',
  },
  bucket_changed: {
    title: 'Der Bucket wurde anderswo geändert',
    advice:
      'Die Einstellungen dieses Buckets wurden im selben Moment von anderer Seite geändert. Noch einmal versuchen.',
  },
  lifecycle_rule_conflict: (details) => ({
    title: 'Der Bucket hat schon eine Regel',
    advice: `Für ${details['prefix'] === '' ? 'den ganzen Bucket' : `Namen, die mit ${String(details['prefix'] ?? 'demselben')} beginnen,`} gibt es schon eine Lebenszyklusregel, und B2 nimmt für dieselben Dateien nur eine. Nichts wurde geändert. Eine andere Antwort wählen oder jene Regel auf backblaze.com entfernen.`,
  }),
  master_key_gone: {
    title: 'Der Hauptschlüssel ist vergessen',
    advice:
      'Pail behält einen Hauptschlüssel nur im Arbeitsspeicher, höchstens eine Stunde lang und bis es beendet wird. Nichts wurde geändert. Den Schlüssel noch einmal einfügen.',
  },
  storage_cap_exceeded: {
    title: 'Die Speichergrenze ist erreicht',
    advice:
      'B2 speichert nichts mehr, bis die Speichergrenze erhöht ist (Caps & Alerts auf backblaze.com). Dateien warten, nichts geht verloren.',
  },
  transaction_cap_exceeded: {
    title: 'Die Tagesgrenze ist erreicht',
    advice:
      'B2 nimmt heute keine Anfragen mehr an: die Grenze erhöhen (Caps & Alerts auf backblaze.com) oder bis Mitternacht UTC warten. Dateien warten, nichts geht verloren.',
  },
  download_cap_exceeded: {
    title: 'Die Downloadgrenze ist erreicht',
    advice:
      'B2 sendet heute keine Daten mehr: die Downloadgrenze erhöhen (Caps & Alerts auf backblaze.com) oder bis Mitternacht UTC warten.',
  },
  file_changed_while_reading: {
    title: 'Wird noch geschrieben',
    advice: 'Die Datei hat sich beim Lesen geändert. Pail lädt sie hoch, sobald sie zur Ruhe gekommen ist.',
  },
  file_vanished: {
    title: 'Nicht mehr da',
    advice: 'Die Datei war weg, bevor sie gelesen werden konnte. Es ist nichts zu tun.',
  },
  dropped_file_changed: {
    title: 'Beim Lesen geändert',
    advice: 'An der Datei wurde gerade geschrieben. Noch einmal versuchen, wenn sie fertig ist.',
  },
  dropped_file_gone: {
    title: 'Nicht mehr da',
    advice:
      'Die Datei wurde verschoben, umbenannt oder gelöscht, bevor sie an der Reihe war. Zurücklegen und noch einmal versuchen.',
  },
  place_is_synced: (details) => ({
    title: 'Hier liegt ein synchronisierter Ordner',
    advice: `Pail hält dort${named(details, 'root', ' ') || ' einen Ordner'} und würde, was dazukommt, für etwas Fremdes halten. Einen anderen Ort wählen.`,
  }),
  file_unreadable: {
    title: 'Darf nicht gelesen werden',
    advice: 'Pail darf diese Datei nicht lesen. Ihre Rechte ändern oder sie aus dem Ordner verschieben.',
  },
  name_not_allowed: (details) => ({
    title: 'B2 lehnt diesen Namen ab',
    advice: `B2 kann eine Datei mit diesem Namen nicht speichern${nameReason(details, ': ')}. Umbenennen, dann wird sie hochgeladen.`,
  }),
  file_too_large: (details) => ({
    title: 'Vorerst zu groß',
    advice: `Diese Version von Pail lädt Dateien bis ${String(details['limit'] ?? '5 GB')} hoch. Die Datei bleibt, wo sie ist; sie verkleinern oder aus dem Ordner verschieben.`,
  }),
  file_busy: {
    title: 'In einem anderen Programm geöffnet',
    advice:
      'Ein anderes Programm hält diese Datei fest. Pail lädt sie hoch, sobald sie frei ist; das Programm zu schließen hilft.',
  },
  file_emptied: {
    title: 'Plötzlich leer',
    advice:
      'Diese Datei ist leer, doch ihrem Datum nach hat niemand sie geändert: So sieht es nach einem Stromausfall aus. Was B2 hat, bleibt, wie es ist. Die Datei wiederherstellen, oder noch einmal speichern, falls sie leer sein soll.',
  },
  would_overwrite: {
    title: 'B2 hat eine andere Datei dieses Namens',
    advice:
      'Was B2 unter diesem Namen hat, kam nicht aus diesem Ordner, darum lässt Pail es in Ruhe. Die eigene Datei umbenennen, oder entscheiden, ob sie die in B2 ersetzen darf, die dann als ältere Version bleibt.',
  },
  b2_refused: (details) => ({
    title: 'B2 hat dies abgelehnt',
    advice: `B2 hat die Anfrage abgelehnt${named(details, 'message', ': ')}. Pail versucht es später noch einmal; wenn es so bleibt, bitte melden.`,
  }),
  root_missing: (details) => ({
    title: 'Der Ordner ist nicht da',
    advice: `Der Ordner${named(details, 'root', ' ')} ist nicht da. Sein Laufwerk anschließen oder den Pfad prüfen. In B2 wird nichts angerührt.`,
  }),
  root_unreadable: (details) => ({
    title: 'Der Ordner darf nicht gelesen werden',
    advice: `Pail darf den Ordner${named(details, 'root', ' ')} nicht lesen. Seine Rechte ändern. In B2 wird nichts angerührt.`,
  }),
  root_replaced: (details) => ({
    title: 'An seiner Stelle ist ein anderer Ordner',
    advice: `Was ${at(details, 'an seiner Stelle')} liegt, ist nicht der Ordner, den Pail synchronisiert hat; vielleicht fehlt sein Laufwerk. In B2 wird nichts angerührt. Das Laufwerk anschließen, dann macht Pail von selbst weiter, oder angeben, dass dies nun der Ordner ist.`,
  }),
  root_emptied: (details) => ({
    title: 'Der Ordner ist plötzlich leer',
    advice: `Der Ordner${named(details, 'root', ' ')} enthielt ${heldFiles(details)} und ist nun leer, darum hat Pail angehalten. In B2 wird nichts angerührt. Die Dateien zurücklegen, dann macht Pail von selbst weiter, oder entscheiden, was in B2 mit ihnen geschieht.`,
  }),
  mass_deletion: (details) => ({
    title: details['files'] === 1 ? 'Eine Datei ist weg' : 'Viele Dateien sind weg',
    advice: `${missing(details, 'ist', 'sind')} weg ${from(details)}, darum hat Pail angehalten. In B2 wird nichts angerührt. ${details['files'] === 1 ? 'Sie' : 'Die Dateien'} zurücklegen, dann macht Pail von selbst weiter, oder entscheiden, was in B2 damit geschieht.`,
  }),
  mass_emptied: (details) => ({
    title: 'Viele Dateien sind leer',
    advice: `${missing(details, 'wurde', 'wurden')} leer ${inside(details)}, darum hat Pail angehalten. In B2 wird nichts angerührt. Die Dateien wiederherstellen, dann macht Pail von selbst weiter, oder entscheiden, ob B2 die leeren bekommt.`,
  }),
  drive_missing: {
    title: 'Ein Laufwerk ist nicht angeschlossen',
    advice:
      'Was Pail von hier hochgeladen hat, lag auf einem anderen Laufwerk, und das fehlt. In B2 bleibt alles. Das Laufwerk anschließen; falls es nicht wiederkommt, diesen Ordner in die Ausschlussregeln aufnehmen.',
  },
  ignore_rules_unreadable: {
    title: 'Die Ausschlussregeln sind nicht lesbar',
    advice:
      'Die Datei .pailignore in diesem Ordner lässt sich nicht lesen, darum weiß Pail nicht, was auszulassen ist, und lädt nichts hoch. Sie zu einer lesbaren Textdatei von höchstens 1 MB machen oder löschen.',
  },
  directory_unreadable: {
    title: 'Ein Ordner darf nicht gelesen werden',
    advice:
      'Pail darf nicht in diesen Ordner sehen. Was von dort hochgeladen wurde, bleibt in B2. Die Rechte des Ordners ändern.',
  },
  folder_overlaps: (details) => ({
    title: 'Gehört schon zu einem anderen Ordner',
    advice: `Dies überschneidet sich mit dem Ordner${named(details, 'root', ' ')}, der schon synchronisiert wird. Einen Ordner und einen Ort im Bucket wählen, die kein anderer verwendet.`,
  }),
  prefix_not_allowed: (details) => ({
    title: 'B2 lehnt diesen Ort ab',
    advice: `B2 kann an diesem Ort im Bucket keine Dateien speichern${nameReason(details, ': ')}. Einen anderen wählen.`,
  }),
  watch_limit_reached: (details) => ({
    title: 'Zu viele Ordner zu beobachten',
    advice: `Das System lässt Pail nicht mehr beobachten: ${unwatched(details)} stattdessen etwa einmal in der Minute geprüft. Unter Linux die Grenze erhöhen, sudo sysctl fs.inotify.max_user_watches=1048576, und wenn das nicht reicht, sudo sysctl fs.inotify.max_user_instances=1024. Pail macht von selbst weiter.`,
  }),
  disk_full: {
    title: 'Der Datenträger ist voll',
    advice:
      'Der Datenträger mit den Daten von Pail ist voll, darum lässt sich nichts Neues festhalten. Etwas Platz schaffen; Pail macht von selbst weiter.',
  },
  database_unusable: (details) => ({
    title: 'Pails Aufzeichnungen sind nicht lesbar',
    advice:
      details['reason'] === 'newer'
        ? `Die Datenbank pail.db${named(details, 'dataFolder', ' in ')} stammt von einer neueren Version von Pail. Diese Version starten, oder die Datei wegschieben und neu beginnen: Was schon in B2 ist, wird erkannt und nicht zweimal hochgeladen.`
        : `Die Datenbank pail.db${named(details, 'dataFolder', ' in ')} ist beschädigt, und Pail konnte sie nicht beiseitelegen. Den Datenträger prüfen, oder die Datei wegschieben und neu beginnen: Was schon in B2 ist, wird erkannt und nicht zweimal hochgeladen.`,
  }),
  data_folder_unusable: (details) => ({
    title: 'Kein Platz für die Aufzeichnungen',
    advice: `Pail kann nicht in seinen Datenordner${named(details, 'dataFolder', ' ')} schreiben. Dessen Rechte ändern, oder mit --data-dir einen anderen wählen.`,
  }),
  data_folder_in_use: (details) => ({
    title: 'Pail läuft schon',
    advice: `Ein anderes Pail verwendet den Datenordner${named(details, 'dataFolder', ' ')}. Es beenden, oder mit --data-dir einen anderen wählen.`,
  }),
  keychain_unavailable: {
    title: 'Wartet auf den Schlüsselbund',
    advice:
      'Der Schlüssel liegt im Schlüsselbund des Systems, und der ist gesperrt oder läuft nicht. Ihn entsperren (neu anmelden oder den Schlüsselbund starten); Pail macht von selbst weiter.',
  },
  engine_stopped: {
    title: 'Der Dateidienst ist stehen geblieben',
    advice:
      'Der Teil von Pail, der Dateien überträgt, ist stehen geblieben und wird neu gestartet. Nichts geht verloren; in einem Moment noch einmal versuchen.',
  },
  link_too_wide: {
    title: 'Zu viel für einen Link',
    advice: 'Ein Link hierauf würde den ganzen Bucket öffnen. Einen Ordner darin teilen, oder einzelne Dateien.',
  },
  link_too_many_files: (details) => ({
    title: 'Zu viele Dateien für einen Link',
    advice: `Ein Link auf einen Ordner führt seine Dateien auf, und es sind mehr als ${formatNumber(Number(details['limit'] ?? 10_000))}. Einen Ordner darunter teilen.`,
  }),
  link_no_place: {
    title: 'Kein Platz für eine Kopie',
    advice:
      'Der Schlüssel darf nicht dorthin schreiben, wo eine Kopie für den Link liegen könnte. Eine andere Datei teilen, oder einen Schlüssel verwenden, der weiter reicht.',
  },
  link_outside: {
    title: 'In keinem Ordner, den Pail synchronisiert',
    advice:
      'Pail macht Links auf das, was es synchronisiert, und auf einzelne Dateien. Diesen Ordner in Pail hinzufügen, oder seine Dateien einzeln teilen.',
  },
  link_opens_more: (details) => ({
    title: 'Ein Link öffnet inzwischen mehr',
    advice: `Der Link auf${named(details, 'name', ' ')} öffnet auch${named(details, 'sample', ' ')}, denn dieser Name beginnt ebenso. Umbenennen, verschieben oder so lassen; der Link endet nach höchstens 7 Tagen von selbst.`,
  }),
  bad_request: {
    title: 'Nicht verstanden',
    advice: 'Das wurde nicht verstanden. Die Eingabe prüfen und noch einmal versuchen.',
  },
  not_found: {
    title: 'Nicht da',
    advice: 'Das ist nicht mehr da. Vielleicht wurde es gerade geändert oder entfernt.',
  },
  list_changed: {
    title: 'Die Liste hat sich geändert',
    advice:
      'Inzwischen geht es um andere Dateien als die gezeigten, darum ist nichts geschehen. Die Liste noch einmal ansehen und dann entscheiden.',
  },
  confirmation_wrong: (details) => ({
    title: 'Nicht bestätigt',
    advice: `Nichts wurde geändert. Zum Bestätigen den Namen des Buckets genau so eingeben, wie er ist${named(details, 'bucketName', ': ')}.`,
  }),
  bug: {
    title: 'Ein Fehler in Pail',
    advice: 'In Pail ist etwas schiefgegangen. Alle Dateien sind sicher. Bitte melden; im Protokoll steht mehr.',
  },
}

function heldFiles({ files }: ErrorDetails): string {
  return typeof files === 'number' ? formatFiles(files) : 'Dateien'
}

/** `12 Dateien sind auf einmal`; `Viele Dateien` where nobody counted. */
function missing({ files }: ErrorDetails, one: string, several: string): string {
  if (files === 1) return `1 Datei ${one}`
  return `${typeof files === 'number' ? formatFiles(files) : 'Viele Dateien'} ${several} auf einmal`
}

/** `12 Ordner in /photos (etwa 2019/may) werden`; `einige Ordner werden` where nobody counted. */
function unwatched({ folders, root, sample }: ErrorDetails): string {
  if (typeof folders !== 'number') return 'Einige Ordner werden'
  if (sample === '') return `${String(root)} selbst wird`
  if (folders === 1) return `1 Ordner in ${String(root)} (${String(sample)}) wird`
  return `${formatNumber(folders)} Ordner in ${String(root)} (etwa ${String(sample)}) werden`
}

function at({ root }: ErrorDetails, otherwise: string): string {
  return root === undefined || root === '' ? otherwise : `unter ${String(root)}`
}

function from({ root }: ErrorDetails): string {
  return root === undefined || root === '' ? 'aus diesem Ordner' : `aus ${String(root)}`
}

function inside({ root }: ErrorDetails): string {
  return root === undefined || root === '' ? 'in diesem Ordner' : `in ${String(root)}`
}
