/** A version in the bucket as a file to be here. */
import { deflateSync, inflateSync } from 'node:zlib'
import type { RelativePath, Sha1Hex } from '../../../shared/ids.ts'
import { claimedSha1 } from '../b2/content-sha1.ts'
import type { FileVersion } from '../b2/types.ts'

export type WantedFile = {
  readonly fileId: string
  readonly path: RelativePath
  readonly sizeBytes: number
  /** What B2 has computed, or the uploader has noted or claimed; null where nobody says what the bytes are. */
  readonly sha1: Sha1Hex | null
  /** When it was last changed, Unix milliseconds; when it was uploaded where that is not noted. */
  readonly modifiedMs: number
}

export function wantedFrom(version: FileVersion, path: RelativePath): WantedFile {
  const { fileId, contentLength, fileInfo, uploadTimestamp } = version
  const noted = fileInfo['src_last_modified_millis'] ?? ''
  return {
    fileId,
    path,
    sizeBytes: contentLength,
    sha1: claimedSha1(version),
    modifiedMs: /^-?\d{1,15}$/.test(noted) ? Number(noted) : uploadTimestamp,
  }
}

/** Wanted files in little room, some 80 bytes each: names and ids that follow each other are alike. */
export class WantedList {
  readonly #pages: Buffer[] = []

  /** Adds a page of a listing. */
  add(files: readonly WantedFile[]): void {
    if (files.length === 0) return
    const text = JSON.stringify(files.map((file) => FIELDS.map((field) => file[field])))
    this.#pages.push(deflateSync(text, { level: 1 }))
  }

  /** In the order they were added. */
  *[Symbol.iterator](): Generator<WantedFile> {
    for (const page of this.#pages) {
      for (const values of JSON.parse(inflateSync(page).toString()) as unknown[][]) {
        yield Object.fromEntries(FIELDS.map((field, i) => [field, values[i]])) as unknown as WantedFile
      }
    }
  }
}

const FIELDS = ['fileId', 'path', 'sizeBytes', 'sha1', 'modifiedMs'] as const satisfies (keyof WantedFile)[]
