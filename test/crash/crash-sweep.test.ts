/**
 * The engine is killed after each of its effects in turn (transactions, files, requests), started again, and has to come
 * to the same end as if nothing had happened.
 *
 * `npm test` takes some effects of each scenario, others each time; `npm run test:long` takes them all, and has rclone
 * judge the undisturbed run, the last that is killed, and every tenth.
 */
import { describe, expect, it } from 'vitest'
import { seededRandom } from '../b2-emulator/random.ts'
import { crash, type CrashReport } from './crash-run.ts'
import type { CrashScenario } from './crash-scenario.ts'
import { crashScenarios } from './scenarios.ts'

const IS_LONG = process.env['PAIL_TEST_LONG'] === '1'
const SEED = Number(process.env['PAIL_TEST_SEED'] ?? Date.now() % 1_000_000)

/** Effects of each scenario that the short form kills at. */
const SHORT_KILLS = 3

/** The long form asks rclone, which takes a second, after one kill of so many. */
const JUDGED_EVERY = 10

/** Those with large files take three times as long; in the short form `large-kills.test.ts` stands for them. */
const scenarios = IS_LONG ? crashScenarios : crashScenarios.filter(({ parts }) => parts === undefined)

// Some at once: each waits most of the time.
describe.concurrent(`an engine that is killed while (seed ${SEED})`, () => {
  it.each(scenarios.map((scenario, i) => [scenario.name, scenario, seededRandom(SEED + i)] as const))(
    '%s',
    async (_name, scenario, random) => {
      const undisturbed = await report(scenario, Infinity, IS_LONG)
      expect(undisturbed.faults).toEqual([])
      const failures: string[] = []
      const effects = undisturbed.effects ?? 0
      // Where nothing happens nothing is tested.
      expect(effects).toBeGreaterThan(0)
      const judged = Math.floor(random() * JUDGED_EVERY)
      for (const effect of chooseKills(effects, random)) {
        const isJudged = IS_LONG && (effect === effects || effect % JUDGED_EVERY === judged)
        const { faults } = await report(scenario, effect, isJudged)
        failures.push(...faults.map((fault) => `killed at ${effect}: ${fault}`))
      }
      expect(failures).toEqual([])
    },
    IS_LONG ? 1_800_000 : 300_000,
  )
})

/** A crash whose engine never came to rest afterwards is a fault as well. */
async function report(
  scenario: CrashScenario,
  effect: number,
  isJudged: boolean,
): Promise<Pick<CrashReport, 'effects' | 'faults'>> {
  try {
    const { effects, end, faults } = await crash(scenario, effect, { isJudged })
    const where = end.lastWords === null ? '' : ` (${end.lastWords.effect.what}) ${end.lastWords.stack}`
    return { effects, faults: faults.map((fault) => `${fault}${where}`) }
  } catch (error) {
    return { effects: null, faults: [describeError(error)] }
  }
}

function describeError(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  return `${error.message} ${error.cause instanceof Error ? error.cause.message : ''}`
}

/** All of them, or one by chance out of each of some equal stretches. */
function chooseKills(effects: number, random: () => number): readonly number[] {
  if (IS_LONG || effects <= SHORT_KILLS) return Array.from({ length: effects }, (_, i) => i + 1)
  return Array.from({ length: SHORT_KILLS }, (_, i) => 1 + Math.floor(((i + random()) * effects) / SHORT_KILLS))
}
