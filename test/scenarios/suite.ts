/**
 * Turns scenarios into tests: each is played in every way it can be. With `PAIL_TEST_LONG=1` each way has several seeds,
 * and rclone judges at the end of each.
 */
import { beforeAll, describe, it, vi } from 'vitest'
import { needsPermissions, play } from './play.ts'
import { MODES, type Mode, type Scenario } from './scenario.ts'
import { hasNoPermissions } from '../support/permissions.ts'

const isLong = process.env['PAIL_TEST_LONG'] === '1'

/** Any seed will do; these are said in the name of each test, so that it can be played again. */
const SEEDS = isLong ? [1, 2, 3, 4, 5] : [1]

/** Plays that wait for one another's timers cost little together; the emulator and the disk are each play's own. */
const TOGETHER = { concurrent: true }

/** Defines the tests of a group of scenarios. */
export function playEach(scenarios: readonly Scenario[]): void {
  beforeAll(() => {
    // Certificates are for https; reading them anew for each engine takes longer than a play.
    vi.stubEnv('NODE_EXTRA_CA_CERTS', '')
  })
  const alone = scenarios.filter(needsPermissions)
  const together = scenarios.filter((scenario) => !needsPermissions(scenario))
  for (const mode of MODES) {
    describe(mode, TOGETHER, () => define(together, mode))
    if (alone.length === 0) continue
    // Whoever runs without root's permissions takes them from everybody else in the process.
    describe.skipIf(hasNoPermissions)(`${mode}, alone`, () => define(alone, mode))
  }
}

function define(scenarios: readonly Scenario[], mode: Mode): void {
  const played = scenarios.filter(({ only }) => only === undefined || only.modes.includes(mode))
  for (const scenario of played) {
    for (const seed of SEEDS) {
      it(SEEDS.length > 1 ? `${scenario.name} (seed ${seed})` : scenario.name, () =>
        play(scenario, { mode, seed, isJudged: isLong || scenario.isJudged === true }),
      )
    }
  }
}
