/** A folder that never rests: programs that create, save, move, copy and delete files, one small step after the other. */
import { appendFileSync, copyFileSync, linkSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import type { Witness } from '../support/history.ts'

/** The folder holds about this many files. */
const FILES = 80

/** Longest pause between two steps, milliseconds. */
const MAX_PAUSE_MS = 15

export class Churn {
  readonly #root: string
  readonly #outside: string
  readonly #random: () => number
  readonly #witness: Pick<Witness, 'look' | 'expectUntouched'>
  /** Every file there is. */
  #paths: string[] = []
  #count = 0

  /** `outside` is on the same disk; the witness looks before and after each step, of which each is whole in itself. */
  constructor(root: string, outside: string, random: () => number, witness: Pick<Witness, 'look' | 'expectUntouched'>) {
    this.#root = root
    this.#outside = outside
    this.#random = random
    this.#witness = witness
    mkdirSync(outside, { recursive: true })
    while (this.#paths.length < FILES) this.#create(this.#newPath())
  }

  /** Goes on until the signal. */
  async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      this.#step()
      await pause(this.#random() * MAX_PAUSE_MS)
    }
  }

  #step(): void {
    this.#witness.expectUntouched()
    const path = this.#any()
    const kind = this.#random()
    if (this.#paths.length < FILES / 2 || kind < 0.2) this.#create(this.#newPath())
    else if (kind < 0.35) this.#append(path)
    else if (kind < 0.5) this.#create(path)
    else if (kind < 0.65) this.#move(path, this.#newPath())
    else if (kind < 0.7) this.#moveDirectory(dirname(path))
    else if (kind < 0.75) this.#copy(path)
    else if (kind < 0.8) this.#swap(path, this.#any())
    else this.#remove(path)
  }

  /** New content arrives by a rename, so that nobody sees the half of it. */
  #create(path: string): void {
    const draft = join(this.#outside, 'draft')
    writeFileSync(draft, this.#newContent())
    this.#makeParent(path)
    renameSync(draft, this.#at(path))
    if (!this.#paths.includes(path)) this.#paths.push(path)
    this.#witness.look()
  }

  #append(path: string): void {
    appendFileSync(this.#at(path), this.#newContent())
    this.#witness.look()
  }

  #move(from: string, to: string): void {
    this.#makeParent(to)
    renameSync(this.#at(from), this.#at(to))
    this.#paths = this.#paths.map((path) => (path === from ? to : path))
    this.#witness.look()
  }

  #moveDirectory(from: string): void {
    if (from === '.') return
    const to = this.#newPath()
    this.#makeParent(to)
    // Not into itself.
    if (to.startsWith(`${from}/`)) return
    renameSync(this.#at(from), this.#at(to))
    this.#paths = this.#paths.map((path) => (path.startsWith(`${from}/`) ? `${to}${path.slice(from.length)}` : path))
    this.#witness.look()
  }

  #copy(from: string): void {
    const to = this.#newPath()
    if (this.#random() < 0.5) {
      const draft = join(this.#outside, 'draft')
      copyFileSync(this.#at(from), draft)
      this.#makeParent(to)
      renameSync(draft, this.#at(to))
    } else {
      this.#makeParent(to)
      linkSync(this.#at(from), this.#at(to))
    }
    this.#paths.push(to)
    this.#witness.look()
  }

  #swap(a: string, b: string): void {
    if (a === b) return
    const aside = join(this.#outside, 'aside')
    renameSync(this.#at(a), aside)
    this.#witness.look()
    renameSync(this.#at(b), this.#at(a))
    this.#witness.look()
    renameSync(aside, this.#at(b))
    this.#witness.look()
  }

  #remove(path: string): void {
    rmSync(this.#at(path))
    this.#paths = this.#paths.filter((each) => each !== path)
    this.#witness.look()
  }

  #makeParent(path: string): void {
    mkdirSync(dirname(this.#at(path)), { recursive: true })
  }

  #at(path: string): string {
    return join(this.#root, path)
  }

  #any(): string {
    return this.#paths[Math.floor(this.#random() * this.#paths.length)] ?? ''
  }

  /** A name that was never there, in one of some directories. */
  #newPath(): string {
    const depth = Math.floor(this.#random() * 3)
    const directories = Array.from({ length: depth }, () => `d${Math.floor(this.#random() * 4)}`)
    return [...directories, `n${(this.#count += 1)}`].join('/')
  }

  /** Unlike every other, so that what is sent twice shows. */
  #newContent(): string {
    return `${(this.#count += 1)} `.repeat(1 + Math.floor(this.#random() * 500))
  }
}
