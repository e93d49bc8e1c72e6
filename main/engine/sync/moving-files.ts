/** Files that are being written, or wait until they were quiet for long enough: when to look at each again. */
import type { RelativePath } from '../../../shared/ids.ts'
import { isSameFile, type Compared, type Fingerprint } from '../model/entry.ts'

export class MovingFiles {
  /** When to look again, Unix milliseconds, and as what the file was seen. */
  readonly #revisits = new Map<RelativePath, { readonly at: number; readonly fingerprint: Fingerprint }>()

  get count(): number {
    return this.#revisits.size
  }

  put(path: RelativePath, at: number, fingerprint: Fingerprint): void {
    this.#revisits.set(path, { at, fingerprint })
  }

  forget(path: RelativePath): void {
    this.#revisits.delete(path)
  }

  clear(): void {
    this.#revisits.clear()
  }

  has(path: RelativePath): boolean {
    return this.#revisits.has(path)
  }

  /** Whether this very file is among them, under some name. */
  hasFile(file: Compared): boolean {
    for (const { fingerprint } of this.#revisits.values()) if (isSameFile(fingerprint, file)) return true
    return false
  }

  /** When the next one wants another look; null when none moves. */
  nextAt(): number | null {
    let next: number | null = null
    for (const { at } of this.#revisits.values()) if (next === null || at < next) next = at
    return next
  }

  /** Takes those that are due. */
  takeDue(now: number): readonly RelativePath[] {
    const due = [...this.#revisits].filter(([, { at }]) => at <= now).map(([path]) => path)
    for (const path of due) this.#revisits.delete(path)
    return due
  }
}
