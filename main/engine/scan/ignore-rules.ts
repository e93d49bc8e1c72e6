/**
 * What of a sync folder is left alone: junk by built-in rules, and whatever the settings and the folder's own
 * `.pailignore` say in gitignore syntax.
 *
 * Later rules outdo earlier ones, in that order: `!Thumbs.db` brings back what a built-in rule leaves out. Nothing brings
 * back what is in a directory that is left out, as in git. Case counts in rules of people: leaving out too little is seen,
 * leaving out too much is not.
 */
import type { AbsolutePath, RelativePath } from '../../../shared/ids.ts'
import type { IgnoreReason } from '../../../shared/model/explanation.ts'
import { splitRelative, toRelative, type DirectoryPath } from '../lib/paths.ts'
import { SHARE_FOLDER } from '../model/share-place.ts'
import { JUNK_DIRECTORIES, JUNK_FILES } from './junk-names.ts'
import { isMarker, MARKER_NAME } from './root-marker.ts'
import { RuleSet } from './rule-set.ts'

/** Whether a file or directory of a sync folder is left alone, because of its own name or of a directory above it. */
export type IgnoreRule = (path: RelativePath, isDirectory: boolean) => boolean

export type IgnoreRules = {
  readonly isIgnored: IgnoreRule
  /** The rule that leaves this path out, or a directory above it; null where it is not left out. */
  readonly explain: (path: RelativePath, isDirectory: boolean) => IgnoreReason | null
}

export type IgnoreSources = {
  /** Rules from the folder's settings, in gitignore syntax. */
  readonly settings: string
  /** The text of `.pailignore`; null for none. */
  readonly file: string | null
  /** Pail's own data folder where that is below the root: every upload writes there, so it would never come to rest. */
  readonly own: DirectoryPath | null
}

/** What has that name in a bucket was made for links, and would never be taken for a file of the folder. */
const SHARES: IgnoreReason = { source: 'own-data', rule: SHARE_FOLDER, line: null }

const MARKER: IgnoreReason = { source: 'own-data', rule: MARKER_NAME, line: null }

/** Verdicts about directories that are remembered at a time: a walk asks about one after the other. */
const MAX_REMEMBERED = 1000

/** Lines that make no sense are passed over. */
export function createIgnoreRules({ settings, file, own }: IgnoreSources): IgnoreRules {
  const lines = [...linesOf(settings, 'settings'), ...linesOf(file ?? '', '.pailignore')]
  const people = new RuleSet(lines, false)
  const ownData: IgnoreReason = { source: 'own-data', rule: own ?? '', line: null }
  const remembered = new Map<RelativePath, IgnoreReason | null>()

  const explain = (path: RelativePath, isDirectory: boolean): IgnoreReason | null => {
    const [directory] = splitRelative(path)
    const above = directory === '' ? null : explainDirectory(directory)
    return above ?? explainItself(path, isDirectory)
  }
  const explainDirectory = (directory: RelativePath): IgnoreReason | null => {
    const known = remembered.get(directory)
    if (known !== undefined) return known
    const reason = explain(directory, true)
    if (remembered.size >= MAX_REMEMBERED) remembered.clear()
    remembered.set(directory, reason)
    return reason
  }
  const explainItself = (path: RelativePath, isDirectory: boolean): IgnoreReason | null => {
    if (path === own) return ownData
    if (isDirectory && splitRelative(path)[1] === SHARE_FOLDER) return SHARES
    if (!isDirectory && isMarker(path)) return MARKER
    const judged = people.judge(path, isDirectory) ?? explainJunk(path, isDirectory)
    return judged === 'brought-back' ? null : judged
  }
  return { isIgnored: (path, isDirectory) => explain(path, isDirectory) !== null, explain }
}

/**
 * The rules for a root that has no settings yet: built-in ones, those of its `.pailignore` (`file`, null for none), and
 * Pail's own data folder where that is below the root. Both paths are canonical.
 */
export function rulesForNewRoot(root: AbsolutePath, dataFolder: AbsolutePath, file: string | null): IgnoreRules {
  const own = toRelative(root, dataFolder)
  return createIgnoreRules({ settings: '', file, own: own === '' ? null : own })
}

const junkFiles = builtIn(JUNK_FILES)
const junkDirectories = builtIn(JUNK_DIRECTORIES)

/** Built-in rules are for names alone, and for files or directories. */
function explainJunk(path: RelativePath, isDirectory: boolean): IgnoreReason | null {
  const [, name] = splitRelative(path)
  const reason = (isDirectory ? junkDirectories : junkFiles).judge(name, isDirectory)
  return reason === 'brought-back' ? null : reason
}

function builtIn(rules: readonly string[]): RuleSet {
  return new RuleSet(
    rules.map((rule) => ({ source: 'built-in', rule, line: null })),
    true,
  )
}

/** One rule for each line that is neither empty nor a comment. */
function linesOf(text: string, source: IgnoreReason['source']): readonly IgnoreReason[] {
  const lines = text.replace(/^\uFEFF/, '').split(/\r?\n/)
  return lines
    .map((rule, i): IgnoreReason => ({ source, rule, line: i + 1 }))
    .filter(({ rule }) => rule.trim() !== '' && !rule.startsWith('#'))
}
