/** `pail link PATH...`: links to files and folders of sync folders, and to objects of buckets. */
import { existsSync, readdirSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { InvalidArgumentError, Option, type Command } from 'commander'
import { isEngineError, type EngineError } from '../../shared/errors.ts'
import { AbsolutePath } from '../../shared/ids.ts'
import { Link, LinkAnswer, LinkId, LinkSeconds, MOST_LINKS, type LinkTarget } from '../../shared/model/link.ts'
import { dataPaths } from '../data-folder.ts'
import { askForLinks } from '../engine/control/control-client.ts'
import type { ControlRequest } from '../engine/control/wire.ts'
import { createKeychainStore } from '../engine/credentials/keychain-store.ts'
import { createMemoryStore } from '../engine/credentials/memory-store.ts'
import { createEngine, type Engine } from '../engine/engine.ts'
import { systemClock } from '../engine/lib/clock.ts'
import { silentLogger } from '../engine/lib/logger.ts'
import { isKnownHere } from '../engine/links/link-targets.ts'
import type { Credentials } from '../engine/sync/connection.ts'
import { PRODUCT_VERSION } from '../product.ts'
import { exitCodeFor, exitCodes, type ExitCode } from './exit-codes.ts'
import { asJson, noteOf, refusalOf } from './link-text.ts'

export type LinkFlags = {
  readonly expires?: number
  readonly copy?: true
  readonly anyway?: true
  readonly json?: true
  readonly dataDir?: string
  readonly realm?: string
}

export type LinkCommandOptions = {
  readonly flags: LinkFlags
  readonly realm: string
  /** Where Pail keeps its data, the window's and the command line's; `isChosen` where somebody said so. */
  readonly dataFolder: AbsolutePath
  readonly isChosen: boolean
  readonly findCredentials: () => Promise<Credentials>
  readonly signal: AbortSignal
}

/** Adds the flags, each with a line of help. */
export function addLinkFlags(command: Command): Command {
  return command
    .option('--expires <time>', 'how long it works, 1h to 7d, such as 36h; 7d when absent', parseExpires)
    .addOption(
      new Option('--copy', 'where names begin alike, have B2 make a copy that goes with the link').conflicts('anyway'),
    )
    .addOption(new Option('--anyway', 'where names begin alike, make a link that opens those too'))
    .option('--json', 'print one JSON object a line')
    .option('--data-dir <folder>', 'where the state of `pail sync` is (or PAIL_DATA_DIR)')
    .option('--realm <url>', 'the B2 service to use (or PAIL_B2_REALM)')
    .addHelpText(
      'after',
      '\nLinks are printed one a line, in the order asked for; everything else goes to standard error.' +
        '\nA folder is linked as a page that lists it. What was copied for a link is removed by a later `pail link`, once it has ended.' +
        '\nThe key comes from B2_APPLICATION_KEY_ID and B2_APPLICATION_KEY, or from the keychain.',
    )
}

/** `7d`, `36h` or `90m`, in seconds. */
function parseExpires(text: string): number {
  const [, amount, unit] = /^(\d{1,6})([mhd])$/.exec(text.trim()) ?? []
  const seconds = LinkSeconds.safeParse(Number(amount) * ({ m: 60, h: 3600, d: 86_400 }[unit ?? ''] ?? Number.NaN))
  if (seconds.success) return seconds.data
  throw new InvalidArgumentError('It is a time from 1h to 7d, such as 90m, 36h or 7d.')
}

/** What is asked for, as it was typed. */
type Asked = { readonly text: string; readonly target: LinkTarget }

/** What came of it, and whether an engine that runs sees to what is still to come. */
type Outcome = { readonly answer: LinkAnswer; readonly isSeenTo: boolean }

/** Throws `EngineError`s that end the run. */
export async function link(texts: readonly string[], options: LinkCommandOptions): Promise<ExitCode> {
  try {
    return await linkAll(texts, options)
  } catch (error) {
    if (options.signal.aborted) return exitCodes.interrupted
    throw error
  }
}

async function linkAll(texts: readonly string[], options: LinkCommandOptions): Promise<ExitCode> {
  const asked = texts.map((text): Asked => ({ text, target: targetOf(text) }))
  const outcomes = new Map<Asked, Outcome>()
  let left: readonly Asked[] = asked
  const failures: EngineError[] = []
  for (const place of placesOf(options)) {
    if (left.length === 0) break
    const taken = await linkAt(place, left, options).catch((error: unknown) => {
      if (!isEngineError(error) || options.signal.aborted) throw error
      failures.push(error)
      return new Map<Asked, Outcome>()
    })
    for (const [each, outcome] of taken) outcomes.set(each, outcome)
    left = left.filter((each) => !taken.has(each))
  }
  // What is left may be in the folders of a place that could not be asked: of that nothing can be said but why.
  const failure =
    left.length > 0 ? (failures.find(({ code }) => code !== 'data_folder_in_use') ?? failures[0]) : undefined
  const outside: Outcome = { answer: { kind: 'refused', code: 'link_outside', details: {} }, isSeenTo: false }
  const told = failure === undefined ? asked : asked.filter((each) => outcomes.has(each))
  const exitCode = report(
    told.map((each) => ({ ...each, ...(outcomes.get(each) ?? outside) })),
    options.flags,
  )
  if (failure !== undefined) throw failure
  return exitCode
}

function targetOf(text: string): LinkTarget {
  if (text.startsWith('b2://')) return { kind: 'object', url: text }
  return { kind: 'local', path: AbsolutePath.parse(resolve(text)) }
}

/** A data folder, and whether the key in the keychain that the window has connected is used there. */
type Place = { readonly folder: AbsolutePath; readonly isOfWindow: boolean; readonly takesObjects: boolean }

/** Objects need no folder, and have a register of their own unless a data folder was chosen. */
function placesOf({ dataFolder, isChosen }: LinkCommandOptions): readonly Place[] {
  const runs = join(dataFolder, 'cli')
  const own = AbsolutePath.parse(join(runs, 'links'))
  const pairs = existsSync(runs) ? readdirSync(runs).map((name) => AbsolutePath.parse(join(runs, name))) : []
  return [
    ...(isChosen ? [] : [{ folder: own, isOfWindow: false, takesObjects: true }]),
    { folder: dataFolder, isOfWindow: !isChosen, takesObjects: isChosen },
    ...pairs.filter((folder) => folder !== own).map((folder) => ({ folder, isOfWindow: false, takesObjects: false })),
  ]
}

/** What this data folder can answer; what it knows nothing of is not among it. */
async function linkAt(
  place: Place,
  asked: readonly Asked[],
  options: LinkCommandOptions,
): Promise<ReadonlyMap<Asked, Outcome>> {
  const mine = asked.filter(({ target }) => target.kind === 'local' || place.takesObjects)
  const some = mine.slice(0, MOST_LINKS)
  if (some.length === 0) return new Map()
  // The app, or a `pail sync` that goes on: the link is in its register, and it sees to what is promised.
  const running = await askForLinks(place.folder, requestOf(some, options.flags), options.signal)
  if (running !== null) {
    const rest = await linkAt(place, mine.slice(MOST_LINKS), options)
    return new Map([...outcomesOf(some, running, true), ...rest])
  }
  const hasObjects = mine.some(({ target }) => target.kind === 'object')
  // Nobody has synced anything there yet.
  if (!hasObjects && !existsSync(dataPaths(place.folder).database)) return new Map()
  return linkWithOwnEngine(place, mine, options)
}

/** Throws the signal's reason. */
async function linkWithOwnEngine(
  { folder, isOfWindow }: Place,
  asked: readonly Asked[],
  options: LinkCommandOptions,
): Promise<ReadonlyMap<Asked, Outcome>> {
  const { flags, findCredentials, signal } = options
  const engine = createEngine(
    {
      dataFolder: folder,
      realm: options.realm,
      version: PRODUCT_VERSION,
      clock: systemClock,
      random: Math.random,
      secrets: isOfWindow ? createKeychainStore(systemClock) : createMemoryStore(),
      logger: silentLogger,
    },
    { isWatching: false },
  )
  try {
    const roots = engine.listFolders().map(({ root }) => root)
    const here = asked.filter(({ target }) => isKnownHere(target, roots))
    if (here.length === 0) return new Map()
    const make = async (): Promise<readonly LinkAnswer[]> => {
      if (!isOfWindow) await engine.api.connectAccount(await findCredentials())
      return ask(engine, here, flags)
    }
    // The end of the engine breaks off what it is at.
    return outcomesOf(here, await Promise.race([make(), rejected(signal)]), false)
  } finally {
    await engine.stop()
  }
}

/** Rejects with the signal's reason, and does nothing before. */
function rejected(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    const end = (): void => {
      reject(signal.reason as Error)
    }
    if (signal.aborted) end()
    else signal.addEventListener('abort', end, { once: true })
  })
}

function outcomesOf(
  asked: readonly Asked[],
  answers: readonly (LinkAnswer | null)[],
  isSeenTo: boolean,
): ReadonlyMap<Asked, Outcome> {
  const bug: LinkAnswer = { kind: 'refused', code: 'bug', details: {} }
  return new Map(
    asked.flatMap((each, at) => {
      const answer = answers[at] === undefined ? bug : answers[at]
      return answer === null ? [] : [[each, { answer, isSeenTo }] as const]
    }),
  )
}

function requestOf(asked: readonly Asked[], flags: LinkFlags): ControlRequest['createLinks'] {
  return {
    targets: asked.map(({ target }) => target),
    validSeconds: flags.expires,
    onSiblings: flags.copy === true ? 'copy' : flags.anyway === true ? 'anyway' : 'ask',
  }
}

/** Waits for copies that are being made: nobody goes on with them when this program has ended. */
async function ask(engine: Engine, asked: readonly Asked[], flags: LinkFlags): Promise<readonly LinkAnswer[]> {
  const made = await engine.api.createLinks({ ...requestOf(asked, flags), copiedTo: 'command-line', onOutside: 'ask' })
  const answers = made.map((answer) => LinkAnswer.parse(answer))
  await engine.settleLinks().catch((error: unknown) => {
    // The links are made; what an earlier one has left is removed the next time.
    if (!isEngineError(error)) throw error
  })
  return Promise.all(answers.map(async (answer) => (answer.kind === 'promised' ? asItIs(answer, engine) : answer)))
}

/** What has become of a promise meanwhile. */
async function asItIs(answer: Extract<LinkAnswer, { kind: 'promised' }>, engine: Engine): Promise<LinkAnswer> {
  const { linkId } = answer.link
  const [now] = await engine.api.listLinks({ which: 'active', before: LinkId.parse(linkId + 1), limit: 1 })
  if (now?.linkId === linkId) return now.state === 'ready' ? { kind: 'ready', link: Link.parse(now) } : answer
  const [over] = await engine.api.listLinks({ which: 'over', before: LinkId.parse(linkId + 1), limit: 1 })
  return over?.linkId === linkId ? { kind: 'refused', code: over.code ?? 'not_found', details: {} } : answer
}

type Answered = Asked & Outcome

function report(answered: readonly Answered[], { json }: LinkFlags): ExitCode {
  let exitCode: ExitCode = exitCodes.done
  for (const { text, answer, isSeenTo } of answered) {
    const note = noteOf(text, answer, isSeenTo)
    if (json === true) process.stdout.write(`${JSON.stringify(asJson(text, answer))}\n`)
    else if ('link' in answer) process.stdout.write(`${answer.link.url}\n`)
    if (note !== null && json !== true) process.stderr.write(`${note}\n`)
    exitCode = worse(exitCode, codeOf(answer))
  }
  return exitCode
}

function codeOf(answer: LinkAnswer): ExitCode {
  switch (answer.kind) {
    case 'ready':
    case 'promised':
      return exitCodes.done
    case 'siblings':
      return exitCodes.heldBySafetyGate
    case 'outside':
      return exitCodes.someFilesFailed
    case 'refused':
      return refusalOf(answer.code) === 'file' ? exitCodes.someFilesFailed : exitCodeFor(answer.code)
  }
}

/** A question a person has to answer is told before all else, then what concerns more than one file. */
function worse(a: ExitCode, b: ExitCode): ExitCode {
  const order: readonly ExitCode[] = [
    exitCodes.done,
    exitCodes.someFilesFailed,
    exitCodes.accountOrConfiguration,
    exitCodes.heldBySafetyGate,
    exitCodes.bug,
  ]
  return order.indexOf(a) >= order.indexOf(b) ? a : b
}
