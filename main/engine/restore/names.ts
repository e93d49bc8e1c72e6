/**
 * Names of the bucket as names on this disk. Pure.
 *
 * A name that the disk can hold stays as it is. What it cannot hold is written as an escape, so that every name has a
 * place of its own and `originalName` finds it again:
 *
 * - `%{3A}` stands for one UTF-16 unit by its number in hexadecimal, here a colon. A `%` that begins such an escape in
 *   the name itself becomes `%{25}`.
 * - `%{}` stands for nothing. It is the name of an empty segment (`a//b` is `a/%{}/b`, `a/` is `a/%{}`), and tells two
 *   names apart that would be one on this disk (`README` and `readme` where case does not count; a file `a` and the
 *   folder of `a/b`) or that Pail keeps for itself.
 * - `%{+}` at the end of a segment: it goes on in the next one. So a segment that is too long becomes several.
 */
import type { RelativePath } from '../../../shared/ids.ts'
import { joinRelative, type DirectoryPath } from '../lib/paths.ts'
import { STAGING_NAME } from '../scan/junk-names.ts'
import { MARKER_DRAFT_NAME, MARKER_NAME } from '../scan/root-marker.ts'

/** What a disk can hold, as far as names go. */
export type NameRules = {
  /** Names as Windows and its file systems want them: no `:`, no `aux.txt`, no dot at the end. */
  readonly isWindows: boolean
  /** Names that differ only in case, or in how an accent is written, are the same name. */
  readonly folds: boolean
  /** How long a segment is, to compare with `MAX_SEGMENT`. */
  readonly lengthOf: (segment: string) => number
}

/** UTF-16 units on Windows and macOS's HFS+, bytes elsewhere. */
const MAX_SEGMENT = 255

/** A piece of a longer segment; leaves room for what is added to it. */
const PIECE = 240

/** Of `statfs`, as Linux has them: vfat, exFAT, NTFS (ntfs3, the older driver, FUSE), SMB. */
const WINDOWS_FILE_SYSTEMS: ReadonlySet<number> = new Set([
  0x4d44, 0x2011bab0, 0x7366746e, 0x5346544e, 0x65735546, 0xff534d42, 0xfe534d42,
])

/** The rules of a disk; `fileSystem` is the type that `statfs` tells. */
export function nameRulesOf(platform: NodeJS.Platform, fileSystem: number): NameRules {
  const isWindows = platform === 'win32' || (platform === 'linux' && WINDOWS_FILE_SYSTEMS.has(fileSystem))
  return {
    isWindows,
    folds: isWindows || platform === 'darwin',
    lengthOf: platform === 'win32' ? (segment) => segment.length : (segment) => Buffer.byteLength(segment),
  }
}

const GOES_ON = '%{+}'
const ESCAPE = /%\{([0-9A-F]{1,4}|\+|)\}/g
/** A `%` that would be read as the beginning of an escape. */
const LOOKS_ESCAPED = /%(?=\{(?:[0-9A-F]{1,4}|\+|)\})/g
/** NUL, and halves of characters, which UTF-8 does not have. */
// eslint-disable-next-line no-control-regex
const NEVER = /\u0000|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g
/** What must not be cut: an escape, or a character. */
const TOKEN = /%\{(?:[0-9A-F]{1,4}|)\}|[^]/gu
// eslint-disable-next-line no-control-regex
const NOT_ON_WINDOWS = /[\u0000-\u001f<>:"\\|?*]/g
/** With any ending, also behind spaces: `nul .txt` is the device as well. */
const DEVICE = /^(?:con|prn|aux|nul|conin\$|conout\$|(?:com|lpt)[0-9¹²³]) *(?:\.|$)/i

/** The name in the bucket, below the prefix, that a path was made from. */
export function originalName(path: string): string {
  return path
    .replaceAll(`${GOES_ON}/`, '')
    .replace(ESCAPE, (_, code: string) => (code === '' || code === '+' ? '' : String.fromCharCode(parseInt(code, 16))))
}

export type MappedName = { readonly path: RelativePath; readonly isMapped: boolean }

/** One segment, or a piece of one: as it is in the bucket, and as it is here. */
type Piece = { readonly raw: string; readonly local: string }

/** A directory that names are being put into. */
type Frame = {
  /** The last segment of its path, before it was told apart from others. */
  readonly local: string
  readonly path: DirectoryPath
  /** Files whose name the next ones may use for a directory: each is the beginning of the one after it. */
  readonly files: Piece[]
  /** Folded names that are taken; null where all names differ. */
  readonly taken: Set<string> | null
}

/** Gives each name of a listing its path. Names come in B2's order, so that only one directory is open at a time. */
export class NameMap {
  readonly rules: NameRules
  readonly #open: Frame[]

  constructor(rules: NameRules) {
    this.rules = rules
    this.#open = [this.#frame('', '')]
  }

  /** `name` is what follows the prefix; greater than all before it. */
  map(name: string): MappedName {
    const pieces = name.split('/').flatMap((segment) => piecesOf(segment, this.rules))
    const file = pieces.pop() ?? { raw: '', local: '%{}' }
    let depth = 0
    while (depth < pieces.length && this.#open[depth + 1]?.local === pieces[depth]?.local) depth += 1
    this.#open.length = Math.min(this.#open.length, depth + 1)
    for (const piece of pieces.slice(depth)) {
      this.#open.push(this.#frame(piece.local, this.#claim(piece, 'directory')))
    }
    const path = this.#claim(file, 'file')
    return { path, isMapped: path !== name }
  }

  #frame(local: string, path: DirectoryPath): Frame {
    return { local, path, files: [], taken: this.rules.folds ? new Set() : null }
  }

  #claim({ raw, local }: Piece, kind: 'file' | 'directory'): RelativePath {
    const frame = this.#open.at(-1)
    if (frame === undefined) throw new Error('no directory is open')
    const { files, taken, path } = frame
    while (files.length > 0 && !raw.startsWith(files.at(-1)?.raw ?? '')) files.pop()
    let name = local
    const isFree = (): boolean =>
      !isKept(path, name) && taken?.has(fold(name)) !== true && !files.some((file) => file.local === name)
    while (!isFree()) name = tellApart(name)
    taken?.add(fold(name))
    if (kind === 'file') files.push({ raw, local: name })
    return joinRelative(path, name)
  }
}

/** Before the ending, so that the file still opens with what it opened with. */
function tellApart(name: string): string {
  if (name.endsWith(GOES_ON)) return `${name.slice(0, -GOES_ON.length)}%{}${GOES_ON}`
  const dot = name.lastIndexOf('.')
  return dot > 0 ? `${name.slice(0, dot)}%{}${name.slice(dot)}` : `${name}%{}`
}

/** What a file system that does not tell case and accents apart sees; takes too much for equal rather than too little. */
function fold(name: string): string {
  return name.normalize('NFC').toUpperCase().toLowerCase().normalize('NFC')
}

/** Names that mean something to Pail itself: a marker of another folder would make this one seem replaced. */
function isKept(directory: DirectoryPath, name: string): boolean {
  const folded = name.toLowerCase()
  if (folded === STAGING_NAME) return true
  return directory === '' && (folded === MARKER_NAME || folded === MARKER_DRAFT_NAME)
}

/** One piece for a segment that the disk can hold; several for one that is too long. */
function piecesOf(segment: string, rules: NameRules): readonly Piece[] {
  const escaped = escapeUnits(segment, rules)
  const local = guard(escaped, rules)
  if (rules.lengthOf(local) <= MAX_SEGMENT) return [{ raw: segment, local }]
  const pieces = ['']
  for (const token of escaped.match(TOKEN) ?? []) {
    const longer = `${pieces.at(-1) ?? ''}${token}`
    if (rules.lengthOf(longer) <= PIECE) pieces[pieces.length - 1] = longer
    else pieces.push(token)
  }
  return pieces.map((piece, i) => ({
    raw: originalName(piece),
    local: `${guard(piece, rules)}${i < pieces.length - 1 ? GOES_ON : ''}`,
  }))
}

function escapeUnits(segment: string, { isWindows }: NameRules): string {
  const escaped = segment.replace(LOOKS_ESCAPED, escapeFirst).replace(NEVER, escapeFirst)
  return isWindows ? escaped.replace(NOT_ON_WINDOWS, escapeFirst) : escaped
}

/** What matters for a segment as a whole: that it is not empty, no way up, no device, and ends as it has to. */
function guard(segment: string, { isWindows }: NameRules): string {
  if (segment === '') return '%{}'
  const endsBadly = segment === '.' || segment === '..' || (isWindows && /[. ]$/.test(segment))
  const ended = endsBadly ? `${segment.slice(0, -1)}${escapeFirst(segment.slice(-1))}` : segment
  return isWindows && DEVICE.test(ended) ? `${escapeFirst(ended)}${ended.slice(1)}` : ended
}

function escapeFirst(text: string): string {
  return `%{${text.charCodeAt(0).toString(16).toUpperCase()}}`
}
