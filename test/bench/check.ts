/** Whether a bucket, or a restored folder, holds a folder's files: every name, size and SHA-1, and nothing else. */
import { createHash } from 'node:crypto'
import { closeSync, openSync, readdirSync, readSync, statSync } from 'node:fs'
import { join, relative, sep } from 'node:path'
import { MARKER_NAME } from '../../main/engine/scan/root-marker.ts'
import type { VisibleFile } from '../b2-emulator/handle.ts'

/** A file as somebody else holds it. */
export type Held = {
  /** With slashes, from the top of the folder. */
  readonly name: string
  readonly sizeBytes: number
  /** 40 hex digits, of bytes that its holder has hashed; anything else where there are `parts`. */
  readonly sha1: string
  /** In their order. */
  readonly parts?: readonly { readonly sizeBytes: number; readonly sha1: string }[]
}

const chunk = Buffer.allocUnsafe(2 ** 20)

/** What is not as it should be, a line each; none when all is equal. */
export function differences(folder: string, held: readonly Held[]): readonly string[] {
  const left = new Map(held.map((file) => [file.name, file]))
  const found = namesIn(folder).flatMap((name) => {
    const file = left.get(name)
    left.delete(name)
    const what = file === undefined ? 'is missing' : differenceOf(join(folder, name), file)
    return what === null ? [] : [`${name} ${what}`]
  })
  return [...found, ...[...left.keys()].map((name) => `${name} should not be there`)]
}

/** What a bucket has below a prefix. What lies elsewhere gets a name that no file of a folder has. */
export function heldBelow(prefix: string, files: readonly VisibleFile[]): readonly Held[] {
  return files.map(({ fileName, ...file }) => ({
    ...file,
    name: fileName.startsWith(`${prefix}/`) ? fileName.slice(prefix.length + 1) : `/${fileName}`,
  }))
}

/** The files of a folder, hashed. */
export function heldIn(folder: string): readonly Held[] {
  return namesIn(folder).map((name) => {
    const path = join(folder, name)
    const sizeBytes = statSync(path).size
    const [sha1 = ''] = sha1sOf(path, [sizeBytes])
    return { name, sizeBytes, sha1 }
  })
}

/** The SHA-1 of each of the stretches that a file begins with. */
export function sha1sOf(path: string, lengths: readonly number[]): readonly string[] {
  const fd = openSync(path, 'r')
  try {
    return lengths.map((length) => {
      const hash = createHash('sha1')
      for (let left = length; left > 0;) {
        const read = readSync(fd, chunk, 0, Math.min(left, chunk.length), null)
        if (read === 0) break
        hash.update(chunk.subarray(0, read))
        left -= read
      }
      return hash.digest('hex')
    })
  } finally {
    closeSync(fd)
  }
}

/** The files below a folder with slashes in their names, without Pail's mark, in no order. */
export function namesIn(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep).join('/'))
    .filter((name) => name !== MARKER_NAME)
}

function differenceOf(path: string, { sizeBytes, sha1, parts }: Held): string | null {
  const { size } = statSync(path)
  if (size !== sizeBytes) return `has ${sizeBytes} bytes instead of ${size}`
  const stretches = parts ?? [{ sizeBytes, sha1 }]
  const whole = stretches.reduce((sum, part) => sum + part.sizeBytes, 0)
  if (whole !== size) return `has parts of ${whole} bytes instead of ${size}`
  const sha1s = sha1sOf(
    path,
    stretches.map((part) => part.sizeBytes),
  )
  return stretches.every((part, index) => part.sha1 === sha1s[index]) ? null : 'has other bytes'
}
