import type { Texts } from '../en.ts'

export const activity: Texts['activity'] = {
  verbs: {
    uploaded: 'Hochgeladen',
    adopted: 'Schon in B2',
    copied: 'In B2 kopiert',
    hidden: 'Ausgeblendet',
    deleted: 'Aus B2 gelöscht',
    kept: 'In B2 behalten',
    failed: 'Nicht hochgeladen',
    'folder-added': 'Ordner hinzugefügt',
    'folder-removed': 'Ordner entfernt',
    'folder-changed': 'Ordner geändert',
    held: 'Angehalten',
    resumed: 'Weitergemacht',
    'records-recovered': 'Daten ersetzt',
    'records-begun-anew': 'Daten neu begonnen',
  },
  notes: {
    'records-recovered': 'Die Datenbank war beschädigt und wurde durch eine Sicherung ersetzt',
    'records-begun-anew':
      'Die Datenbank war beschädigt: Konto und Ordner noch einmal hinzufügen, nichts wird zweimal hochgeladen',
  },
  verbNotes: {
    adopted: 'B2 hatte denselben Inhalt schon, darum wurde nichts hochgeladen.',
    copied: 'Aus einer Datei kopiert, die B2 schon hatte, darum wurde nichts hochgeladen.',
    hidden: 'B2 listet die Datei nicht mehr auf; ihre Versionen bleiben.',
    deleted: 'Alle Versionen der Datei wurden aus B2 gelöscht.',
    kept: 'Von diesem Computer verschwunden und mit Absicht in B2 gelassen.',
    'folder-changed': 'Die Einstellungen oder der Ort des Ordners wurden geändert.',
  },
  spared: (size) => `${size} schon in B2`,
  sparedNote: 'Nur die Änderungen wurden hochgeladen. Den Rest hat B2 aus der vorigen Version kopiert.',
  emptyTitle: 'Noch ist nichts geschehen',
  emptyText: 'Jede Datei, die in B2 ankommt, steht dann hier.',
  loadMore: 'Ältere zeigen',
}
