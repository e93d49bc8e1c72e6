/** What a key must be able to do, in the order the window lists it. */
export const capabilityUses: Readonly<Record<string, string>> = {
  listBuckets: 'see your buckets',
  listFiles: 'see what is in B2 already',
  readFiles: 'copy files within B2, and restore them',
  writeFiles: 'send files, and hide deleted ones',
  shareFiles: 'make links to private files',
}
