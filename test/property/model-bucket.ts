/** A bucket in memory: versions of names, the newest last, and who made them. */
import { createHash } from 'node:crypto'
import type { RelativePath, Sha1Hex, UnixMs } from '../../shared/ids.ts'
import type { RemoteEntry } from '../../main/engine/model/agreed.ts'

export type Version = {
  readonly fileId: string
  readonly kind: 'upload' | 'hide'
  readonly content: string
  /** Whether it carries the mark of the folder's root. */
  readonly isOurs: boolean
}

export class ModelBucket {
  readonly #names = new Map<string, Version[]>()
  #nextId = 1

  names(): readonly string[] {
    return [...this.#names.keys()].sort()
  }

  versions(name: string): readonly Version[] {
    return this.#names.get(name) ?? []
  }

  /** What the name shows; undefined where it is hidden or was never there. */
  visible(name: string): Version | undefined {
    const newest = this.#names.get(name)?.at(-1)
    return newest?.kind === 'upload' ? newest : undefined
  }

  find(fileId: string): Version | undefined {
    for (const versions of this.#names.values()) {
      const found = versions.find((version) => version.fileId === fileId)
      if (found?.kind === 'upload') return found
    }
    return undefined
  }

  upload(name: string, content: string, isOurs: boolean): Version {
    return this.#add(name, { kind: 'upload', content, isOurs })
  }

  /** Does nothing where nothing is to be seen, as B2 refuses that. */
  hide(name: string): void {
    if (this.visible(name) !== undefined) this.#add(name, { kind: 'hide', content: '', isOurs: false })
  }

  /** Deletes the newest version, be it a hide marker: an older one may come into sight. */
  deleteNewest(name: string): void {
    this.#names.get(name)?.pop()
  }

  deleteAll(name: string): void {
    this.#names.delete(name)
  }

  /** As a listing, or a look at one name, tells of it. */
  entry(name: string): RemoteEntry | undefined {
    const version = this.visible(name)
    return (
      version && {
        path: name as RelativePath,
        fileId: version.fileId,
        sha1: sha1Of(version.content),
        sizeBytes: version.content.length,
        uploadedAt: 1 as UnixMs,
        isOurs: version.isOurs,
      }
    )
  }

  #add(name: string, version: Omit<Version, 'fileId'>): Version {
    const added = { ...version, fileId: `v${this.#nextId}` }
    this.#nextId += 1
    this.#names.set(name, [...this.versions(name), added])
    return added
  }
}

const hashes = new Map<string, Sha1Hex>()

/** The SHA-1 of a text, remembered. */
export function sha1Of(content: string): Sha1Hex {
  const known = hashes.get(content)
  if (known !== undefined) return known
  const sha1 = createHash('sha1').update(content).digest('hex') as Sha1Hex
  hashes.set(content, sha1)
  return sha1
}
