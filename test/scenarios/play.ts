/**
 * Plays a scenario with the real engine against the emulator, and compares.
 *
 * - `watching`: the engine runs while the steps happen, and gets turns between them.
 * - `stopped`: it is stopped while files and bucket change, and started for what a person does in Pail and to settle.
 * - `wild-hints`: it runs, and its hints are lost, late, shuffled and doubled; the truth comes from "check now".
 *
 * The invariants are checked whenever the scenario settles, and at its end, also after one more start.
 */
import { expect } from 'vitest'
import { isEngineError } from '../../shared/errors.ts'
import { DEFAULT_FOLDER_SETTINGS } from '../../shared/model/folder.ts'
import type { StatusKind } from '../../shared/model/status.ts'
import { callsOf } from '../support/engine-calls.ts'
import { assertAlways, assertNone, assertSettled, secondSyncDoesNothing } from '../support/invariants.ts'
import { recordsAgree, recordsAreSound, secretsStayOut } from '../support/invariants.ts'
import { asOrdinaryUser } from '../support/permissions.ts'
import { askRclone } from '../support/rclone-judge.ts'
import { BUCKET, openStage, PREFIX, type Stage } from '../support/scenario-stage.ts'
import { addFolders, nameOf, type Game } from './game.ts'
import { changeMachine } from './machine.ts'
import { expectedRemote, observe, statusOf } from './observe.ts'
import { answerAsPerson } from './person.ts'
import type { DiskStep, Expectation, Mode, RemoteStep, Scenario, Step } from './scenario.ts'

/** How much faster than outside the engine's waits are: 30 seconds take 0.6. */
const SPEED = 50

/** Folders in these states may not be looked at, or not completely. */
const UNCHECKED: ReadonlySet<StatusKind> = new Set(['paused', 'offline', 'held', 'not-set-up'])

/** A hide that should not be sent would be, after the delay and a look or two. */
const LINGER = 1.4

export type PlayOptions = {
  readonly mode: Mode
  /** Decides where the engine gets turns, and the fate of hints; 1 by default. */
  readonly seed?: number
  /** Asks rclone at the end. */
  readonly isJudged?: boolean
}

/** Fails with what differs, or with the invariants that are broken. */
export async function play(scenario: Scenario, options: PlayOptions): Promise<void> {
  const settings = { ...DEFAULT_FOLDER_SETTINGS, ...scenario.settings }
  const stage = await openStage({
    seed: options.seed ?? 1,
    speed: SPEED,
    hasWildHints: options.mode === 'wild-hints',
    deleteDelayMs: settings.deleteDelaySeconds * 1000,
  })
  stage.witness.gate = { files: settings.gateFiles, percent: settings.gatePercent }
  try {
    const run = (): Promise<void> => playOn(stage, scenario, options)
    if (needsPermissions(scenario)) await asOrdinaryUser([stage.home, stage.ownHome], run)
    else await run()
  } finally {
    await stage.close()
  }
}

/** Whether a scenario takes permissions away, which means nothing to root; such a play must be alone in its process. */
export function needsPermissions({ steps, prepare = [] }: Scenario): boolean {
  const takesAway = (step: Step): boolean =>
    step.do === 'make-unreadable' || (step.do === 'together' && step.steps.some(takesAway))
  return [...steps, ...prepare].some(takesAway)
}

async function playOn(stage: Stage, scenario: Scenario, { mode, isJudged = false }: PlayOptions): Promise<void> {
  const { witness } = stage
  const game: Game = {
    stage,
    scenario,
    mode,
    folderId: null,
    callsFrom: 0,
    lastRemote: new Map(),
    lastLists: new Map(),
  }
  const outside = stage.outside()
  await open(game)
  const last = scenario.expect ?? {}
  if (scenario.steps.length > 0) await settle(game, scenario.first ?? {})
  for (const step of scenario.steps) await take(game, step)
  await settle(game, last)
  expect(stage.outside(), 'what other programs keep in the bucket').toBe(outside)
  assertSettled(witness)
  await end(game, last)
  if (isJudged) await judge(game, last)
}

/** What is there before the steps: files, objects, an account and folders. */
async function open(game: Game): Promise<void> {
  const { stage, scenario } = game
  stage.disk.writeTree(scenario.init)
  for (const step of scenario.prepare ?? []) stage.disk.apply(step)
  for (const [path, content] of Object.entries(scenario.second ?? {})) {
    stage.disk.apply({ do: 'write', path: `../second/${path}`, content })
  }
  for (const [name, content] of Object.entries(scenario.bucket ?? {})) await stage.uploadRemotely(name, content)
  stage.start()
  await stage.connect()
  await addFolders(game)
}

async function take(game: Game, step: Step): Promise<void> {
  const { stage, mode } = game
  switch (step.do) {
    case 'settle':
      return settle(game, step.expect)
    case 'refused': {
      stage.expectTruth(null)
      stage.start()
      await expect(answerAsPerson(game, step.step)).rejects.toSatisfy((error) => isEngineError(error, step.code))
      return
    }
    case 'upload-remotely':
    case 'hide-remotely':
    case 'delete-versions-remotely':
    case 'run-lifecycle':
      if (mode === 'stopped') await stage.stop()
      stage.expectTruth(null)
      return changeBucket(stage, step)
    case 'pause':
    case 'resume':
    case 'check-now':
    case 'set':
    case 'decide':
    case 'decide-late':
    case 'remove-folder':
    case 'add-folder':
    case 'move-folder':
    case 'change-prefix':
    case 'accept-root':
      stage.expectTruth(null)
      stage.start()
      return answerAsPerson(game, step)
    case 'restart':
    case 'delete-database':
    case 'keep-database':
    case 'restore-database':
    case 'jump-clock':
    case 'go-offline':
    case 'go-online':
    case 'fail-next':
    case 'expire-tokens':
    case 'until-noticed':
    case 'until-called':
    case 'let-pass':
      stage.expectTruth(null)
      return changeMachine(game, step)
    default:
      return changeDisk(game, step)
  }
}

async function changeDisk({ stage, mode }: Game, step: DiskStep): Promise<void> {
  if (mode === 'stopped') await stage.stop()
  stage.expectTruth(null)
  stage.witness.expectUntouched()
  stage.disk.apply(step)
  stage.witness.look()
  if (mode === 'stopped') return
  // The engine sees some of what is between two steps, never the same twice.
  for (let turns = Math.floor(stage.random() * 4); turns > 0; turns -= 1) await new Promise(setImmediate)
}

async function changeBucket(stage: Stage, step: RemoteStep): Promise<void> {
  switch (step.do) {
    case 'upload-remotely':
      return stage.uploadRemotely(step.name, step.content)
    case 'hide-remotely':
      return stage.hideRemotely(step.name)
    case 'delete-versions-remotely':
      stage.witness.erasable.add(step.name)
      return stage.deleteVersionsRemotely(step.name)
    case 'run-lifecycle':
      for (const key of stage.witness.kept) stage.witness.erasable.add(key.split('\t')[0] ?? '')
      stage.emulator.advanceClock(step.afterDays * 24 * 3_600_000)
      stage.emulator.runLifecycle()
      return
  }
}

/** Waits until what is expected is so, lets the engine look at everything once more, and compares. */
async function settle(game: Game, wanted: Expectation): Promise<void> {
  const { stage, mode } = game
  stage.witness.expectUntouched()
  const remote = expectedRemote(game, wanted)
  const status = statusOf(wanted)
  for (const path of wanted.leftOut ?? []) stage.witness.leftOut.add(`${PREFIX}${path}`)
  const truth = { remote: asText(remote), isUpToDate: status === 'up-to-date' }
  if (!stage.isRunning) stage.expectTruth(truth)
  stage.start()
  if (mode === 'wild-hints') await stage.engine.api.checkNow({})
  const isReached = (): boolean => {
    const now = stage.engine.snapshot().status
    const isHeldFor = wanted.held === undefined || (now.kind === 'held' && now.code === wanted.held)
    return now.kind === status && isHeldFor && stage.visible() === truth.remote
  }
  const explain = (): unknown => ({ wanted: truth, is: { remote: stage.visible(), ...briefly(stage) } })
  await stage.until(isReached, explain)

  stage.expectTruth(truth)
  await lookAgain(stage, !UNCHECKED.has(status))
  await stage.until(isReached, explain)
  const mustWait = status !== 'up-to-date' || wanted.kept !== undefined || wanted.isRemoteUnchanged === true
  if (mustWait) {
    const end = stage.clock.uptime() + stage.witness.deleteDelayMs * SPEED * LINGER
    await stage.until(() => stage.clock.uptime() > end, explain)
    await stage.until(isReached, explain)
  }

  const { is, should } = await observe(game, wanted, remote)
  expect(is, JSON.stringify({ is, should })).toEqual(should)
  stage.witness.expectUntouched()
  stage.witness.noteKept(remote)
  assertAlways(stage.witness)
  game.callsFrom = callsOf(stage.witness).length
  game.lastRemote = remote
  game.lastLists.clear()
  for (const { kind, listId } of stage.engine.snapshot().folders[0]?.decisions ?? []) game.lastLists.set(kind, listId)
}

/** Has everything checked from the roots, and waits for that where the folders can be looked at. */
async function lookAgain(stage: Stage, canLook: boolean): Promise<void> {
  const checks = () => stage.engine.snapshot().folders.map(({ checkedAt }) => checkedAt ?? 0)
  const before = Math.max(0, ...checks())
  // The clock stands still for a millisecond of the wall, which is enough for a check.
  await stage.until(
    () => stage.clock.now() > before,
    () => 'time stands still',
  )
  const asked = stage.clock.now()
  await stage.engine.api.checkNow({})
  if (!canLook) return
  await stage.until(
    () => checks().every((checkedAt) => checkedAt >= asked),
    () => briefly(stage),
  )
}

/** Stops, compares records with disk and bucket, starts once more and finds that nothing is left to do. */
async function end(game: Game, wanted: Expectation): Promise<void> {
  const { stage, scenario } = game
  const { witness, databasePath, dataFolder } = stage
  const status = statusOf(wanted)
  await stage.stop()
  assertNone(recordsAreSound(databasePath))
  if (status === 'up-to-date') {
    const differing = [...(wanted.leftOut ?? []), ...Object.keys(wanted.kept ?? {})]
    assertNone(recordsAgree(witness, databasePath, new Set(differing.map((path) => nameOf(game, path)))))
  }
  const from = callsOf(witness).length
  stage.start()
  await stage.until(
    () => stage.engine.snapshot().status.kind === status,
    () => briefly(stage),
  )
  await stage.stop()
  if (scenario.steps.length === 0 || status === 'up-to-date') assertNone(secondSyncDoesNothing(witness, from))
  assertNone(recordsAreSound(databasePath))
  assertNone(secretsStayOut(dataFolder, [stage.emulator.applicationKey]))
  witness.expectUntouched()
  assertSettled(witness)
}

/** Only for scenarios that end with everything in the bucket, or with exceptions they name. */
async function judge({ stage }: Game, { leftOut = [], kept = {}, isRemoteUnchanged }: Expectation): Promise<void> {
  if (isRemoteUnchanged === true) return
  const except = [...leftOut, ...Object.keys(kept)]
  for (const { root, prefix } of stage.witness.folders) {
    await askRclone({ account: stage.emulator, scratch: stage.home, bucketName: BUCKET, root, prefix, except })
  }
}

function asText(remote: ReadonlyMap<string, string>): string {
  return [...remote].map(([name, sha1]) => `${name}\t${sha1}`).join('\n')
}

/** What the engine says, for the message of a failure. */
function briefly(stage: Stage): object {
  if (!stage.isRunning) return { engine: 'stopped' }
  const { status, folders, problems, transfers } = stage.engine.snapshot()
  return { status, folders, problems, transfers }
}
