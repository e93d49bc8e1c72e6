/** An engine that the system lets watch no more: it says so, and what changes where it has no watch arrives all the same. */
import { utimesSync } from 'node:fs'
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from 'vitest'
import { problemText } from '../../shared/text/problem-text.ts'
import { BUCKET, EVERYTHING, openCrashWorld, PREFIX, type CrashWorld } from '../crash/crash-world.ts'
import { canLimitWatches, type EngineProcess } from '../support/engine-process.ts'
import { waitFor } from '../support/wait-for.ts'

/** Of the root, and of one directory below it. */
const WATCHES = 2

/** How often something changes in the directory that is watched, ms: several times in the engine's shortest rest. */
const BUSY_MS = 25

const DIRECTORIES = ['one', 'two', 'three', 'four']

let world: CrashWorld
let engine: EngineProcess

beforeEach(async () => {
  world = await openCrashWorld()
  world.disk.writeAll({ busy: 'busy', ...Object.fromEntries(DIRECTORIES.map((name) => [`${name}/file`, name])) })
  world.witness.look()
})
afterEach(async () => {
  await engine.kill()
  await world.close()
})

const theFolder = async () => {
  const { folders, problems } = await engine.api.getSnapshot(undefined)
  return { checkedAt: folders[0]?.checkedAt ?? null, problems }
}

describe.runIf(canLimitWatches())('an engine with too few watches', () => {
  beforeEach(async () => {
    engine = await world.startProcess({ watches: WATCHES })
    await world.setUp(engine.api)
    await world.untilSettled(engine.api, EVERYTHING)
  })

  it('says how many folders have none, which one for example, and how to get more', async () => {
    const { problems } = await theFolder()
    expect(problems).toMatchObject([
      { scope: 'folder', code: 'watch_limit_reached', details: { root: world.root, folders: 3 } },
    ])
    const details = problems[0]?.details ?? {}
    expect(DIRECTORIES).toContain(details['sample'])
    const { advice } = problemText('watch_limit_reached', details)
    expect(advice).toContain(`3 folders in ${world.root} (such as ${String(details['sample'])}) are checked`)
    expect(advice).toContain('max_user_watches')
  })

  it('finds what changes in each of them by looking there, also while something else never rests', async () => {
    const busy = setInterval(() => {
      utimesSync(world.disk.path('busy'), new Date(), new Date())
    }, BUSY_MS)
    onTestFinished(() => clearInterval(busy))
    const { checkedAt } = await theFolder()
    const names = DIRECTORIES.map((name) => `${name}/new`)
    for (const name of names) world.disk.write(name, name)
    await waitFor('the new files to arrive', () => {
      const there = new Set(world.emulator.listVisible(BUCKET, PREFIX).map(({ fileName }) => fileName))
      return names.every((name) => there.has(`${PREFIX}${name}`))
    })
    // Not by the check of everything that comes once an hour.
    expect((await theFolder()).checkedAt).toBe(checkedAt)
  })
})
