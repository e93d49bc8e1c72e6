/**
 * What is never sent: the systems' own droppings, locks, and downloads that are not finished.
 *
 * A file that is left out without a word is a lost file, so the list holds only names that nothing else has, and
 * temporary files that are soon gone are left to `settle`. Backups (`report.txt~`), `*.tmp` and the like are sent.
 */

/** Gitignore syntax, for the names of files, in any case. */
export const JUNK_FILES: readonly string[] = [
  // systems; the carriage return is part of the name that macOS gives a folder's picture
  '.DS_Store',
  'Icon[\r]',
  'Thumbs.db',
  'ehthumbs.db',
  'desktop.ini',
  '.directory',
  '.fuse_hidden*',
  '.nfs0000*',
  // locks and swap files of editors and offices; not every *.swp: SolidWorks keeps macros in those
  '~$*',
  '~*.tmp',
  '.~lock.*#',
  '.#*',
  '.*.sw[a-p]',
  '.*.kate-swp',
  '.goutputstream-*',
  // half-finished downloads; not *.download: browsers save parts of pages under that name
  '*.part',
  '*.partial',
  '*.crdownload',
  '*.opdownload',
  '*.filepart',
]

/** Where `pail restore` keeps what has not arrived completely: in the folder itself, to be on the same disk. */
export const STAGING_NAME = '.pail-restore'

/** The same for directories, with everything that is below them. */
export const JUNK_DIRECTORIES: readonly string[] = [
  '.AppleDouble/',
  '.Spotlight-V100/',
  '.DocumentRevisions-V100/',
  '.Trashes/',
  '.fseventsd/',
  '.TemporaryItems/',
  '$RECYCLE.BIN/',
  'System Volume Information/',
  '.Trash-[0-9]*/',
  `${STAGING_NAME}/`,
]
