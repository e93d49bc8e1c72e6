/**
 * The marker: a small file in each root with a random id, so that a folder is known by more than its path. Whoever syncs
 * the same root to another place uses the same marker.
 */
import { randomUUID } from 'node:crypto'
import { closeSync, fsyncSync, lstatSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import type { AbsolutePath } from '../../../shared/ids.ts'

/** Never synced. */
export const MARKER_NAME = '.pail-folder'

/** Where the marker is written before it gets its name; never synced either. */
export const MARKER_DRAFT_NAME = '.pail-folder.new'

/** Whether a path below the root is that of Pail's own file, which is nobody's content. */
export function isMarker(path: string): boolean {
  return path === MARKER_NAME || path === MARKER_DRAFT_NAME
}

/** A marker is some hundred bytes; what is larger is something else. */
const MAX_MARKER_BYTES = 4096

const ID = /^id = ([0-9a-f-]{36})$/m

/** The id in the root's marker; null where there is no marker, or one that cannot be read. */
export function readMarker(root: AbsolutePath): string | null {
  const path = join(root, MARKER_NAME)
  try {
    const stats = lstatSync(path)
    if (!stats.isFile() || stats.size > MAX_MARKER_BYTES) return null
    return ID.exec(readFileSync(path, 'utf8'))?.[1] ?? null
  } catch {
    return null
  }
}

/** Writes a marker with this id, or with a random one, and returns the id; null where the root cannot be written to. */
export function writeMarker(root: AbsolutePath, id: string = randomUUID()): string | null {
  const draft = join(root, MARKER_DRAFT_NAME)
  try {
    const file = openSync(draft, 'w', 0o644)
    try {
      writeSync(
        file,
        `# Pail keeps this folder in Backblaze B2 and knows it by this file. Please leave it here.\nid = ${id}\n`,
      )
      fsyncSync(file)
    } finally {
      closeSync(file)
    }
    renameSync(draft, join(root, MARKER_NAME))
    return id
  } catch {
    return null
  }
}
