/** What is never sent: lock files, temporary files, partial downloads and the systems' own droppings. */
import ignore from 'ignore'
import type { RelativePath } from '../../../shared/ids.ts'

/** Gitignore syntax; matches at any depth. */
const builtInRules = [
  // systems
  '.DS_Store',
  '.AppleDouble',
  '.Spotlight-V100',
  '.Trashes',
  '.fseventsd',
  '.TemporaryItems',
  'Thumbs.db',
  'ehthumbs.db',
  'desktop.ini',
  '$RECYCLE.BIN',
  'System Volume Information',
  '.Trash-*',
  '.directory',
  '.fuse_hidden*',
  '.nfs[0-9a-f]*',
  // editors and offices: locks, swap and autosave files
  '~$*',
  '.~lock.*#',
  '.#*',
  '*.swp',
  '*.swo',
  '*.swx',
  '4913',
  '*~',
  '.*.kate-swp',
  '.goutputstream-*',
  // half-finished downloads and copies
  '*.part',
  '*.partial',
  '*.crdownload',
  '*.download',
  '*.opdownload',
  '*.filepart',
  '*.tmp',
  '*.temp',
]

const rules = ignore({ ignorecase: true }).add(builtInRules)

/** Whether a file or directory is left alone. A directory's own name decides for all that is below it. */
export function isIgnored(path: RelativePath, isDirectory: boolean): boolean {
  return rules.ignores(isDirectory ? `${path}/` : path)
}
