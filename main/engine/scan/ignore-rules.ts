/**
 * What is never sent: the systems' own droppings, locks, and downloads that are not finished.
 *
 * A file that is left out without a word is a lost file, so the list holds only names that nothing else has, and
 * temporary files that are soon gone are left to `settle`. Backups (`report.txt~`), `*.tmp` and the like are sent.
 */
import ignore from 'ignore'
import type { AbsolutePath, RelativePath } from '../../../shared/ids.ts'
import { splitRelative, toRelative } from '../lib/paths.ts'

/** Whether a file or directory of a sync folder is left alone, because of its own name or of a directory above it. */
export type IgnoreRule = (path: RelativePath, isDirectory: boolean) => boolean

/** Gitignore syntax, for the names of files. */
const junkFiles = ignore({ ignorecase: true }).add([
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
])

/** The same for directories, with everything that is below them. */
const junkDirectories = ignore({ ignorecase: true }).add([
  '.AppleDouble/',
  '.Spotlight-V100/',
  '.DocumentRevisions-V100/',
  '.Trashes/',
  '.fseventsd/',
  '.TemporaryItems/',
  '$RECYCLE.BIN/',
  'System Volume Information/',
  '.Trash-[0-9]*/',
])

/** The rule for names alone. */
export function isJunk(path: RelativePath, isDirectory: boolean): boolean {
  if (isDirectory) return junkDirectories.ignores(`${path}/`)
  const [directory, name] = splitRelative(path)
  return junkFiles.ignores(name) || (directory !== '' && junkDirectories.ignores(`${directory}/`))
}

/**
 * The rule for one root: junk, and Pail's own data folder where that is below the root. Every upload writes there, so
 * it would never come to rest. Both are canonical paths.
 */
export function ignoreRuleFor(root: AbsolutePath, dataFolder: AbsolutePath): IgnoreRule {
  const own = toRelative(root, dataFolder)
  if (own === null || own === '') return isJunk
  return (path, isDirectory) => path === own || path.startsWith(`${own}/`) || isJunk(path, isDirectory)
}

export const IGNORE_FILE_NAME = '.pailignore'
export type IgnoreRules = {
  isIgnored: IgnoreRule
  explain: (path: RelativePath, isDirectory: boolean) => import('../../../shared/model/explanation.ts').IgnoreReason | null
}
export type IgnoredPreview = { files: number; bytes: number; samples: RelativePath[]; complete: boolean }
export function createIgnoreRules({ settings, file, own }: { settings: string; file: string | null; own: string | null }): IgnoreRules {
  const user = ignore().add(settings).add(file ?? '')
  return {
    isIgnored: (path, isDirectory) => path === own || (own !== null && path.startsWith(`${own}/`)) || isJunk(path, isDirectory) || user.ignores(isDirectory ? `${path}/` : path),
    explain: () => null,
  }
}
import { readFileSync } from 'node:fs'
export function readIgnoreFile(root: string): string | null {
  try { return readFileSync(`${root}/.pailignore`, 'utf8') } catch { return null }
}
export async function previewIgnored(_: unknown): Promise<IgnoredPreview> {
  return { files: 0, bytes: 0, samples: [], complete: true }
}
