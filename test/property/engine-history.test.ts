/**
 * The real engine through random histories, judged by the invariants. A failure names the seed of its history;
 * `PAIL_TEST_SEED=N` plays the one with seed N first.
 */
import { beforeAll, describe, it, vi } from 'vitest'
import { seededRandom } from '../b2-emulator/random.ts'
import { play } from '../scenarios/play.ts'
import { MODES } from '../scenarios/scenario.ts'
import { drawHistory } from './random-history.ts'

const IS_LONG = process.env['PAIL_TEST_LONG'] === '1'

/** Histories of a run. */
const HISTORIES = IS_LONG ? 300 : 6

const first = Number(process.env['PAIL_TEST_SEED'] ?? Date.now() % 2 ** 31)

describe('the engine', { concurrent: true }, () => {
  beforeAll(() => {
    // Certificates are for https; reading them anew for each engine takes longer than a history.
    vi.stubEnv('NODE_EXTRA_CA_CERTS', '')
    console.info(`histories: PAIL_TEST_SEED=${first}, ${HISTORIES} of them`)
  })

  for (let seed = first; seed < first + HISTORIES; seed += 1) {
    const scenario = drawHistory(`seed ${seed}`, seededRandom(seed))
    const mode = MODES[seed % MODES.length] ?? 'watching'
    it(`comes to rest in line with the folder, seed ${seed}, ${mode}`, async () => {
      try {
        await play(scenario, { mode, seed, isJudged: IS_LONG })
      } catch (error) {
        throw new Error(`Seed ${seed}, ${mode}: ${JSON.stringify({ init: scenario.init, steps: scenario.steps })}`, {
          cause: error,
        })
      }
    })
  }
})
