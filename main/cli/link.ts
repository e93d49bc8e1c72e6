/** `pail link PATH...`: links to files and folders of sync folders, and to objects of buckets. */
import { resolve } from 'node:path'
import { InvalidArgumentError, Option, type Command } from 'commander'
import { isEngineError, type EngineError } from '../../shared/errors.ts'
import { AbsolutePath } from '../../shared/ids.ts'
import { LinkSeconds, type LinkAnswer, type LinkTarget } from '../../shared/model/link.ts'
import { exitCodeFor, exitCodes, type ExitCode } from './exit-codes.ts'
import { linkAt, placesOf, type Asked, type LinkPlaceOptions, type LinkWish, type Outcome } from './link-places.ts'
import { asJson, noteOf, refusalOf } from './link-text.ts'

export type LinkFlags = {
  readonly expires?: number
  readonly copy?: true
  readonly anyway?: true
  readonly json?: true
  readonly dataDir?: string
  readonly realm?: string
}

export type LinkCommandOptions = Omit<LinkPlaceOptions, 'wish'> & { readonly flags: LinkFlags }

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

/** Throws `EngineError`s that end the run. */
export async function link(texts: readonly string[], options: LinkCommandOptions): Promise<ExitCode> {
  try {
    return await linkAll(texts, options)
  } catch (error) {
    if (options.signal.aborted) return exitCodes.interrupted
    throw error
  }
}

async function linkAll(texts: readonly string[], { flags, ...where }: LinkCommandOptions): Promise<ExitCode> {
  const options: LinkPlaceOptions = { ...where, wish: wishOf(flags) }
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
    flags,
  )
  if (failure !== undefined) throw failure
  return exitCode
}

function wishOf({ expires, copy, anyway }: LinkFlags): LinkWish {
  return { validSeconds: expires, onSiblings: copy === true ? 'copy' : anyway === true ? 'anyway' : 'ask' }
}

function targetOf(text: string): LinkTarget {
  if (text.startsWith('b2://')) return { kind: 'object', url: text }
  return { kind: 'local', path: AbsolutePath.parse(resolve(text)) }
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
