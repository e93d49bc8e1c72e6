/**
 * Random scenarios: a tree, what programs do to it, and what happens to Pail meanwhile. All of them end with both sides
 * equal: what a person would be asked about is left out, as `planner.test.ts` has it all.
 */
import type { DiskStep, MachineStep, Scenario, Step, Tree } from '../scenarios/scenario.ts'

/** Names that meet in every way, see `planner-cases.ts`; one is never touched, so that the folder is never empty. */
const DIRECTORIES = ['', 'docs/', 'docs/old/', 'Docs/', 'caf\u00e9/', 'cafe\u0301/']
const NAMES = ['report.txt', 'Report.txt', 'n\u0303 #1', '\u00f1 #1', 'x', 'y', 'z', 'a b+c']
const UNTOUCHED = 'stays.txt'

/** Between two waits until everything is at rest. */
const STEPS_OF_A_SPELL = 8
const SPELLS = 3

/** A history drawn from `random`, which gives numbers from 0 to 1. */
export function drawHistory(name: string, random: () => number): Scenario {
  const draw = new Draw(random)
  const init: Record<string, string> = { [UNTOUCHED]: 'this stays' }
  for (let files = 2 + draw.below(9); files > 0; files -= 1) {
    const path = draw.freePath()
    if (path !== null) init[path] = draw.content()
  }
  draw.files = new Set(Object.keys(init).filter((path) => path !== UNTOUCHED))
  const steps: Step[] = []
  for (let spell = 0; spell < SPELLS; spell += 1) {
    for (let left = 1 + draw.below(STEPS_OF_A_SPELL); left > 0; left -= 1) steps.push(...draw.step())
    steps.push({ do: 'settle', expect: {} })
  }
  const tree: Tree = init
  // Whatever is deleted here is meant to be.
  return { name, covers: [], init: tree, settings: { gateFiles: 1_000_000 }, steps }
}

class Draw {
  /** Files that are on disk, but for the one that is not touched. */
  files = new Set<string>()
  /** Files with several names. What changes through one of them is told of the others by no system. */
  readonly #linked = new Set<string>()
  readonly #random: () => number
  #contents = 0
  #directories = 0

  constructor(random: () => number) {
    this.#random = random
  }

  below(limit: number): number {
    return Math.floor(this.#random() * limit)
  }

  one<T>(items: readonly T[]): T {
    return items[this.below(items.length)] as T
  }

  /** Mostly new, sometimes one that other files have; never empty, as emptying is asked about. */
  content(): string {
    this.#contents += 1
    return this.one([`content ${this.#contents} `.repeat(1 + this.below(20)), 'the same in several files', 'x'])
  }

  /** A name that is neither taken nor below or above a file. */
  freePath(): string | null {
    const path = `${this.one(DIRECTORIES)}${this.one(NAMES)}`
    const isTaken = [...this.files].some(
      (file) => file === path || path.startsWith(`${file}/`) || file.startsWith(`${path}/`),
    )
    return isTaken ? null : path
  }

  step(): readonly Step[] {
    if (this.#random() < 0.2) return this.#machineSteps()
    const step = this.#diskStep()
    return step === null ? [] : [step]
  }

  #machineSteps(): readonly MachineStep[] {
    return this.one<readonly MachineStep[]>([
      [{ do: 'restart' }],
      [{ do: 'let-pass', seconds: 1 + this.below(40) }],
      [{ do: 'expire-tokens' }],
      [{ do: 'go-offline' }, { do: 'let-pass', seconds: 5 }, { do: 'go-online' }],
      [{ do: 'jump-clock', hours: 1 + this.below(48) }],
      [{ do: 'fail-next', operation: 'upload_file', fault: { kind: this.one(['cut-after', 'cut-midway', 'answer']) } }],
      [{ do: 'fail-next', operation: 'copy_file', fault: { kind: this.one(['cut-after', 'answer']) } }],
      [{ do: 'fail-next', operation: 'hide_file', fault: { kind: this.one(['cut-after', 'answer']) } }],
    ])
  }

  #diskStep(): DiskStep | null {
    const path = this.files.size === 0 ? null : this.one([...this.files])
    const to = this.freePath()
    if (path === null || this.#random() < 0.25) return to === null ? null : this.#create(to)
    const kind = this.below(10)
    if (kind < 3 && this.#linked.has(path)) return this.#replace(path)
    switch (kind) {
      case 0:
        return { do: 'write', path, content: this.content(), keepsTimes: this.#random() < 0.3 }
      case 1:
        return { do: 'append', path, content: 'more', keepsTimes: this.#random() < 0.3 }
      case 2:
        return { do: 'touch', path, byHours: this.below(100) - 50 }
      case 3:
        this.#forget(path)
        return { do: 'remove', path }
      case 4:
        return this.#replace(path)
      case 5:
        return this.#swap(path)
      case 6:
        return this.#renameDirectory()
      default:
        return to === null ? null : this.#arrive(path, to)
    }
  }

  #create(path: string): DiskStep {
    this.files.add(path)
    return { do: 'write', path, content: this.content() }
  }

  /** As editors save: a new file beside it takes its name. */
  #replace(path: string): DiskStep {
    const draft = `${path}.draft`
    this.#linked.delete(path)
    const steps: readonly DiskStep[] = [
      { do: 'write', path: draft, content: this.content() },
      { do: 'rename', from: draft, to: path },
    ]
    return { do: 'together', steps }
  }

  #swap(a: string): DiskStep | null {
    const b = this.one([...this.files])
    if (a === b) return null
    const wasLinked = this.#linked.has(a)
    this.#markLinked(a, this.#linked.has(b))
    this.#markLinked(b, wasLinked)
    return { do: 'swap', a, b }
  }

  #arrive(from: string, to: string): DiskStep {
    const kind = this.one(['rename', 'rename', 'copy', 'link'] as const)
    if (kind === 'link') this.#linked.add(from)
    if (kind !== 'copy') this.#markLinked(to, this.#linked.has(from))
    if (kind === 'rename') this.#forget(from)
    this.files.add(to)
    return { do: kind, from, to }
  }

  #renameDirectory(): DiskStep | null {
    const inside = (directory: string): readonly string[] =>
      [...this.files].filter((path) => path.startsWith(directory))
    const from = this.one(DIRECTORIES.slice(1))
    if (inside(from).length === 0) return null
    this.#directories += 1
    const to = `${this.one(['', 'Docs/', 'elsewhere/'])}moved ${this.#directories}/`
    if (to.startsWith(from)) return null
    for (const path of inside(from)) {
      const moved = to + path.slice(from.length)
      this.files.add(moved)
      this.#markLinked(moved, this.#linked.has(path))
      this.#forget(path)
    }
    return { do: 'rename', from: from.slice(0, -1), to: to.slice(0, -1) }
  }

  #markLinked(path: string, isLinked: boolean): void {
    if (isLinked) this.#linked.add(path)
    else this.#linked.delete(path)
  }

  #forget(path: string): void {
    this.files.delete(path)
    this.#linked.delete(path)
  }
}
