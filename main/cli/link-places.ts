/** Who makes the links of `pail link`: the engine that runs, or one of its own on each data folder that knows a path. */
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { isEngineError } from '../../shared/errors.ts'
import { AbsolutePath } from '../../shared/ids.ts'
import { Link, LinkAnswer, LinkId, MOST_LINKS, type LinkTarget } from '../../shared/model/link.ts'
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

/** What links should be, whatever they are to. */
export type LinkWish = Omit<ControlRequest['createLinks'], 'targets'>

export type LinkPlaceOptions = {
  readonly wish: LinkWish
  readonly realm: string
  /** Where Pail keeps its data, the window's and the command line's; `isChosen` where somebody said so. */
  readonly dataFolder: AbsolutePath
  readonly isChosen: boolean
  readonly findCredentials: () => Promise<Credentials>
  readonly signal: AbortSignal
}

/** What is asked for, as it was typed. */
export type Asked = { readonly text: string; readonly target: LinkTarget }

/** What came of it, and whether an engine that runs sees to what is still to come. */
export type Outcome = { readonly answer: LinkAnswer; readonly isSeenTo: boolean }

/** A data folder, and whether the key in the keychain that the window has connected is used there. */
type Place = { readonly folder: AbsolutePath; readonly isOfWindow: boolean; readonly takesObjects: boolean }

/** Objects need no folder, and have a register of their own unless a data folder was chosen. */
export function placesOf({ dataFolder, isChosen }: LinkPlaceOptions): readonly Place[] {
  const runs = join(dataFolder, 'cli')
  const own = AbsolutePath.parse(join(runs, 'links'))
  const pairs = existsSync(runs) ? readdirSync(runs).map((name) => AbsolutePath.parse(join(runs, name))) : []
  return [
    ...(isChosen ? [] : [{ folder: own, isOfWindow: false, takesObjects: true }]),
    { folder: dataFolder, isOfWindow: !isChosen, takesObjects: isChosen },
    ...pairs.filter((folder) => folder !== own).map((folder) => ({ folder, isOfWindow: false, takesObjects: false })),
  ]
}

/**
 * What this data folder can answer; what it knows nothing of is not among it. Throws `EngineError`s that concern all of it,
 * and the signal's reason.
 */
export async function linkAt(
  place: Place,
  asked: readonly Asked[],
  options: LinkPlaceOptions,
): Promise<ReadonlyMap<Asked, Outcome>> {
  const mine = asked.filter(({ target }) => target.kind === 'local' || place.takesObjects)
  const some = mine.slice(0, MOST_LINKS)
  if (some.length === 0) return new Map()
  // The app, or a `pail sync` that goes on: the link is in its register, and it sees to what is promised.
  const running = await askForLinks(place.folder, requestOf(some, options.wish), options.signal)
  if (running !== null) {
    const rest = await linkAt(place, mine.slice(MOST_LINKS), options)
    return new Map([...outcomesOf(some, running, true), ...rest])
  }
  const hasObjects = mine.some(({ target }) => target.kind === 'object')
  // Nobody has synced anything there yet.
  if (!hasObjects && !existsSync(dataPaths(place.folder).database)) return new Map()
  return linkWithOwnEngine(place, mine, options)
}

async function linkWithOwnEngine(
  { folder, isOfWindow }: Place,
  asked: readonly Asked[],
  options: LinkPlaceOptions,
): Promise<ReadonlyMap<Asked, Outcome>> {
  const { wish, findCredentials, signal } = options
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
      return ask(engine, here, wish)
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

function requestOf(asked: readonly Asked[], wish: LinkWish): ControlRequest['createLinks'] {
  return { ...wish, targets: asked.map(({ target }) => target) }
}

/** Waits for copies that are being made: nobody goes on with them when this program has ended. */
async function ask(engine: Engine, asked: readonly Asked[], wish: LinkWish): Promise<readonly LinkAnswer[]> {
  const made = await engine.api.createLinks({ ...requestOf(asked, wish), copiedTo: 'command-line', onOutside: 'ask' })
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
