/** What comes in by a right click: which entry was chosen, and for what. Bytes of other programs, read with suspicion. */
import { isAbsolute, normalize, resolve, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { AbsolutePath } from '../../../shared/ids.ts'
import { RightClickAction } from '../../../shared/model/right-click.ts'

/** Tells a start for requests that wait from one by a person. */
export const FOR_RIGHT_CLICK = '--right-click'

/** In bytes: room for ten times as many usual paths as there are links at once. */
export const LARGEST_REQUEST = 1_000_000

export type RightClickRequest = {
  readonly action: RightClickAction
  /** In the order of the selection, each once. */
  readonly paths: readonly AbsolutePath[]
  /** How many of those selected are no files of this computer, or have names that are no text. */
  readonly unusable: number
}

/**
 * Reads a request: the action and what it is for, each ended by a NUL. Files are absolute paths or `file:` addresses. Null
 * for anything else, and for no file at all.
 */
export function parseRequest(bytes: Uint8Array): RightClickRequest | null {
  const [first, ...names] = fieldsOf(bytes)
  const action = RightClickAction.safeParse(first)
  if (!action.success || names.length === 0) return null
  const paths = names.map((name) => (name === null ? null : pathOf(name)))
  return {
    action: action.data,
    paths: [...new Set(paths.filter((path) => path !== null))],
    unusable: paths.filter((path) => path === null).length,
  }
}

/** The same as bytes. */
export function requestBytes(action: RightClickAction, paths: readonly string[]): Buffer {
  return Buffer.from([action, ...paths].map((field) => `${field}\0`).join(''))
}

/** What a start of Pail is for: `--copy-link FILE...` or `--show FILE...`, relative to `cwd`; null for any other start. */
export function requestOfArguments(argv: readonly string[], cwd: string): Buffer | null {
  const at = argv.findIndex((argument) => argument === '--copy-link' || argument === '--show')
  const files = argv.slice(at + 1).filter((argument) => argument !== '')
  if (at < 0 || files.length === 0) return null
  const action = argv[at] === '--show' ? 'show' : 'copy-link'
  return requestBytes(
    action,
    files.map((file) => (file.startsWith('file:') ? file : resolve(cwd, file))),
  )
}

/** Requests that came together, as Explorer starts a program once for each file that is selected. */
export function joinRequests(requests: readonly RightClickRequest[]): readonly RightClickRequest[] {
  return RightClickAction.options.flatMap((action) => {
    const same = requests.filter((request) => request.action === action)
    if (same.length === 0) return []
    const paths = [...new Set(same.flatMap((request) => request.paths))]
    return { action, paths, unusable: same.reduce((sum, { unusable }) => sum + unusable, 0) }
  })
}

/** Null in place of a field that is not UTF-8. */
function fieldsOf(bytes: Uint8Array): readonly (string | null)[] {
  const fields: (string | null)[] = []
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
  for (let start = 0; start < bytes.length;) {
    const end = bytes.indexOf(0, start)
    const field = bytes.subarray(start, end < 0 ? bytes.length : end)
    try {
      fields.push(decoder.decode(field))
    } catch {
      fields.push(null)
    }
    start += field.length + 1
  }
  return fields
}

function pathOf(name: string): AbsolutePath | null {
  let path = name
  if (name.startsWith('file:')) {
    try {
      path = fileURLToPath(name)
    } catch {
      // Another computer's, or a name that is no text.
      return null
    }
  }
  // No file has a NUL in its name, but an address can say so.
  if (!isAbsolute(path) || path.includes('\0')) return null
  const clean = normalize(path)
  const isTop = normalize(`${clean}${sep}..`) === clean
  return (clean.endsWith(sep) && !isTop ? clean.slice(0, -1) : clean) as AbsolutePath
}
