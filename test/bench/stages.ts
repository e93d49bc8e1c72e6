/** Where runs happen: folders, servers, and what a program keeps; all of it gone at the end. */
import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { MARKER_NAME } from '../../main/engine/scan/root-marker.ts'
import { differences, heldBelow } from './check.ts'
import { startEmulatorProcess, type Line } from './emulator-process.ts'
import { measure } from './measured.ts'
import { pail, PREFIX, type Place } from './programs.ts'
import { makeTree, type TreePlan } from './trees.ts'

/** The plain emulator, on loopback. */
export const LAN: Line = { latencyMs: 0, bytesPerSecond: null, requestsPerSecond: null }
/** 60 ms there and back, and 50 Mbit/s for each connection. */
export const WAN: Line = { latencyMs: 60, bytesPerSecond: 50e6 / 8, requestsPerSecond: null }

export type Store = 'discard' | 'files'

const BUCKET = 'pail-bench'

/** What a run shows of a wrong result. */
const SHOWN_DIFFERENCES = 5

/** A person who runs the bench, and what they asked for. */
export type Bench = {
  readonly pairs: number
  /** A share of the files, or of the bytes of a single one; 1 for what the bars are about. */
  readonly scale: number
  readonly stages: Stages
  /** Tells how far it is. */
  readonly tell: (text: string) => void
}

export class Stages {
  readonly #temp: string
  readonly #home: string
  readonly #shared = new Map<string, Promise<Place>>()
  #counter = 0

  /** Everything is made below this folder; whoever made it removes it. */
  constructor(temp: string) {
    this.#temp = temp
    this.#home = this.#newFolder()
  }

  /** A folder with the files of a plan, and how to be rid of it. */
  async tree(plan: TreePlan): Promise<{ readonly folder: string; readonly remove: () => void }> {
    const folder = this.#newFolder()
    await makeTree(folder, plan)
    return { folder, remove: () => remove(folder) }
  }

  /** Runs `work` with an empty bucket, and as if no program had been there before. */
  async fresh<Result>(folder: string, store: Store, work: (place: Place) => Promise<Result>): Promise<Result> {
    rmSync(join(folder, MARKER_NAME), { force: true })
    const emulator = await startEmulatorProcess(BUCKET, store)
    try {
      return await this.withState((state) => work({ folder, state, home: this.#home, emulator }))
    } finally {
      await emulator.stop()
    }
  }

  /** Runs `work` with a folder for what a program keeps. */
  async withState<Result>(work: (state: string) => Promise<Result>): Promise<Result> {
    const state = this.#newFolder()
    try {
      return await work(state)
    } finally {
      remove(state)
    }
  }

  /** What Pail has synced once for all cases that begin with this tree and store. Nothing that is checked may change. */
  shared(plan: TreePlan, store: Store): Promise<Place> {
    const key = `${plan.name} ${store}`
    const known = this.#shared.get(key) ?? this.#synced(plan, store)
    this.#shared.set(key, known)
    return known
  }

  /** Ends what is shared. */
  async close(): Promise<void> {
    for (const each of this.#shared.values()) await each.then(({ emulator }) => emulator.stop()).catch(() => {})
  }

  async #synced(plan: TreePlan, store: Store): Promise<Place> {
    const { folder } = await this.tree(plan)
    const place = {
      folder,
      state: this.#newFolder(),
      home: this.#home,
      emulator: await startEmulatorProcess(BUCKET, store),
    }
    await measure(pail.sync(place))
    await assertSynced(place)
    return place
  }

  #newFolder(): string {
    this.#counter += 1
    const folder = join(this.#temp, String(this.#counter))
    mkdirSync(folder)
    return folder
  }
}

/** Throws when the bucket is not as the folder is. */
export async function assertSynced({ folder, emulator }: Place): Promise<void> {
  assertNone(differences(folder, heldBelow(PREFIX, await emulator.files())))
}

/** Throws when a result is wrong. */
export function assertNone(wrong: readonly string[]): void {
  if (wrong.length === 0) return
  const shown = wrong.slice(0, SHOWN_DIFFERENCES).join(', ')
  throw new Error(`WRONG RESULT, ${wrong.length} files: ${shown}${wrong.length > SHOWN_DIFFERENCES ? ' ...' : ''}`)
}

function remove(folder: string): void {
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
}
