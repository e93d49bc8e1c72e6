/** Runs Pail and others in turn - A B A B - and compares what they took. */
import { join } from 'node:path'
import { differences, heldIn } from './check.ts'
import type { Line } from './emulator-process.ts'
import {
  figuresOf,
  mediansOf,
  memoryBar,
  quickestOf,
  timeBar,
  type Bar,
  type Figures,
  type Row,
  type Unit,
} from './figures.ts'
import { measure, type Command } from './measured.ts'
import { pail, type Place, type Program } from './programs.ts'
import { assertNone, assertSynced, LAN, type Bench, type Store } from './stages.ts'
import { short } from './table.ts'
import { bytesIn, scaled, type TreePlan } from './trees.ts'

/** Something that Pail is compared with. */
export type Peer = {
  readonly against: string
  /** The quickest of them counts. */
  readonly ways: readonly [Program, ...Program[]]
  /** The most that Pail's time may be of the peer's. */
  readonly time: number
  /** The same for the peak of memory; it does not matter when absent. */
  readonly memory?: number
}

/** Something that only Pail is asked about. */
export type Demand = {
  readonly what: string
  readonly unit: Unit
  readonly most: number
  /** From the medians of its runs, or from each of them; and from how many bytes the files have. */
  readonly of: (medians: Figures, runs: readonly Figures[], bytes: number) => number
}

export type Comparison = {
  readonly name: string
  readonly what: string
  readonly tree: TreePlan
  readonly line: Line
  /** `discard` when absent; what reads or copies stretches needs the contents. */
  readonly store?: Store
  /**
   * What there is before a run. `empty`: nothing. `own`: what the same program has synced. `shared`: what Pail has synced
   * for all runs.
   */
  readonly before: 'empty' | 'own' | 'shared'
  /** What happens to the files after that; different in every round. */
  readonly change?: (folder: string, round: number) => Promise<void>
  /** Pail without any flags when absent. */
  readonly ours?: Program
  /** From the bucket to another folder, instead of the other way. */
  readonly isRestore?: true
  readonly peers: readonly Peer[]
  readonly demands?: readonly Demand[]
}

/** All that was measured in a case. */
export type Result = {
  readonly rows: readonly Row[]
  readonly runs: readonly { readonly program: string; readonly runs: readonly Figures[] }[]
}

/** Measures a comparison; throws where a program fails or a result is wrong. */
export async function compare(comparison: Comparison, bench: Bench): Promise<Result> {
  const { name, peers, before, ours = pail, store = 'discard' } = comparison
  const tree = scaled(comparison.tree, bench.scale)
  const programs: readonly Program[] = [ours, ...peers.flatMap(({ ways }) => ways)]
  const runs = new Map(programs.map((program) => [program, [] as Figures[]]))
  const inAll = async (runOne: (program: Program) => Promise<Figures>): Promise<void> => {
    for (let pair = 1; pair <= bench.pairs; pair += 1) {
      for (const program of programs) {
        const figures = await runOne(program)
        runs.get(program)?.push(figures)
        bench.tell(progress(`${name} ${pair}/${bench.pairs}`, program, figures))
      }
    }
  }
  if (before === 'shared') {
    const place = await bench.stages.shared(tree, store)
    await inAll((program) => runInShared(comparison, place, program, bench))
  } else {
    const { folder, remove } = await bench.stages.tree(tree)
    let round = 0
    try {
      await inAll((program) => {
        round += 1
        return bench.stages.fresh(folder, store, (place) => runInFresh(comparison, place, program, round))
      })
    } finally {
      remove()
    }
  }
  return {
    rows: rowsOf(comparison, bytesIn(tree), (program) => runs.get(program) ?? []),
    runs: programs.map((program) => ({ program: program.label, runs: runs.get(program) ?? [] })),
  }
}

async function runInFresh(
  { before, change, line }: Comparison,
  place: Place,
  program: Program,
  round: number,
): Promise<Figures> {
  if (before === 'own') await measure(program.sync(place))
  await change?.(place.folder, round)
  program.prepare?.(place)
  const figures = await run(place, line, program.sync(place))
  await assertSynced(place)
  return figures
}

async function runInShared(
  { isRestore, line }: Comparison,
  place: Place,
  program: Program,
  { stages }: Bench,
): Promise<Figures> {
  if (isRestore !== true) {
    const figures = await run(place, line, program.sync(place))
    await assertSynced(place)
    return figures
  }
  const { restore } = program
  if (restore === undefined) throw new Error(`${program.label} cannot restore`)
  return stages.withState(async (state) => {
    const target = join(state, 'restored')
    const figures = await run(place, line, restore({ ...place, state }, target))
    assertNone(differences(place.folder, heldIn(target)))
    return figures
  })
}

async function run({ emulator }: Place, line: Line, command: Command): Promise<Figures> {
  await emulator.setLine(line)
  await emulator.forgetCalls()
  const cost = await measure(command)
  const { calls } = await emulator.calls()
  await emulator.setLine(LAN)
  return figuresOf(cost, calls)
}

function rowsOf(
  { name, peers, ours: program = pail, demands = [] }: Comparison,
  bytes: number,
  runsOf: (program: Program) => readonly Figures[],
): readonly Row[] {
  const ourRuns = runsOf(program)
  const ours = mediansOf(ourRuns)
  const demanded = demands.map(({ of, ...demand }): Bar => ({ ...demand, value: of(ours, ourRuns, bytes) }))
  if (peers.length === 0) return [{ name, against: '', ours, theirs: null, bars: demanded }]
  return peers.map(({ against, ways: [first, ...others], time, memory }, index): Row => {
    const measured = (way: Program) => ({ program: way, medians: mediansOf(runsOf(way)) })
    const { program: other, medians: theirs } = quickestOf([measured(first), ...others.map(measured)])
    const bars = [
      timeBar(ours, theirs, time),
      ...(index === 0 ? demanded : []),
      ...(memory === undefined ? [] : [memoryBar(ours, theirs, memory)]),
    ]
    return { name, against: others.length === 0 ? against : other.label, ours, theirs, bars }
  })
}

function progress(what: string, { label }: Program, { seconds, cpuSeconds, peakBytes, calls }: Figures): string {
  const figures = `${short(seconds)} s, ${short(cpuSeconds)} CPU s, ${short(peakBytes / 1e6)} MB, ${calls} calls`
  return `${what.padEnd(16)}${label.padEnd(44)}${figures}`
}
