/** What a key must be able to do, in the order the window lists it. */
export const capabilityUses: Readonly<Record<string, string>> = {
  listBuckets: 'Buckets sehen',
  listFiles: 'sehen, was schon in B2 ist',
  readFiles: 'Dateien innerhalb von B2 kopieren und wiederherstellen',
  writeFiles: 'Dateien hochladen und gelöschte ausblenden',
  shareFiles: 'Links zu privaten Dateien erstellen',
}
