/** The command line's entry: reads arguments, runs one command, turns what happened into an exit code. */
import { createHash } from 'node:crypto'
import { join, resolve } from 'node:path'
import { Command, CommanderError } from 'commander'
import { EngineError, isEngineError } from '../../shared/errors.ts'
import { AbsolutePath } from '../../shared/ids.ts'
import { problemText } from '../../shared/text/problem-text.ts'
import { dataFolder } from '../data-folder.ts'
import { systemClock } from '../engine/lib/clock.ts'
import { PRODUCT_VERSION, PRODUCTION_REALM } from '../product.ts'
import { findCredentials } from './credentials.ts'
import { exitCodeFor, exitCodes, type ExitCode } from './exit-codes.ts'
import { addLinkFlags, link, type LinkFlags } from './link.ts'
import { addRestoreFlags, restore, type RestoreFlags } from './restore.ts'
import { addSyncFlags, type SyncFlags } from './sync-flags.ts'
import { sync } from './sync.ts'
import { addUnfinishedFlags, unfinished, type UnfinishedFlags } from './unfinished.ts'
import { addVerifyFlags, verify, type VerifyFlags } from './verify.ts'

/** Each pair of folder and place has state of its own, so that two runs for two folders do not meet. */
function syncDataFolder(directory: string, url: string, flags: SyncFlags, env: NodeJS.ProcessEnv): AbsolutePath {
  if (flags.dataDir !== undefined) return AbsolutePath.parse(resolve(flags.dataDir))
  if (env['PAIL_DATA_DIR']) return dataFolder(env)
  const pair = createHash('sha256')
    .update(`${resolve(directory)}\n${url}`)
    .digest('hex')
    .slice(0, 16)
  return AbsolutePath.parse(join(dataFolder(env), 'cli', pair))
}

async function run(argv: readonly string[], env: NodeJS.ProcessEnv): Promise<ExitCode> {
  let exitCode: ExitCode = exitCodes.done
  const interrupted = new AbortController()
  process.once('SIGINT', () => {
    interrupted.abort()
  })
  process.once('SIGTERM', () => {
    interrupted.abort()
  })
  const program = new Command('pail')
    .description('Keeps a folder in Backblaze B2')
    .version(PRODUCT_VERSION)
    .exitOverride()
  const service = (flags: { readonly realm?: string }) => ({
    realm: flags.realm ?? env['PAIL_B2_REALM'] ?? PRODUCTION_REALM,
    findCredentials: () => findCredentials(env, systemClock),
    signal: interrupted.signal,
  })
  const syncCommand = program
    .command('sync')
    .description('bring b2://BUCKET[/PREFIX] in line with a folder, and keep it so until Ctrl-C')
    .argument('<directory>', 'the folder')
    .argument('<url>', 'b2://BUCKET or b2://BUCKET/PREFIX')
  addSyncFlags(syncCommand).action(async (directory: string, url: string, flags: SyncFlags) => {
    exitCode = await sync(directory, url, {
      flags,
      dataFolder: syncDataFolder(directory, url, flags, env),
      ...service(flags),
    })
  })
  const restoreCommand = program
    .command('restore')
    .description('bring what b2://BUCKET[/PREFIX] holds into a folder')
    .argument('<url>', 'b2://BUCKET or b2://BUCKET/PREFIX')
    .argument('<directory>', 'the folder; it is made when it is not there')
  addRestoreFlags(restoreCommand).action(async (url: string, directory: string, flags: RestoreFlags) => {
    exitCode = await restore(url, directory, { flags, ...service(flags) })
  })
  const verifyCommand = program
    .command('verify')
    .description('prove that a folder and b2://BUCKET[/PREFIX] hold the same, or list the differences')
    .argument('<directory>', 'the folder')
    .argument('<url>', 'b2://BUCKET or b2://BUCKET/PREFIX')
  addVerifyFlags(verifyCommand).action(async (directory: string, url: string, flags: VerifyFlags) => {
    exitCode = await verify(directory, url, { flags, dataFolder: dataFolder(env), ...service(flags) })
  })
  const unfinishedCommand = program
    .command('unfinished')
    .description('list large files that were begun at b2://BUCKET[/PREFIX] and never finished')
    .argument('<url>', 'b2://BUCKET or b2://BUCKET/PREFIX')
  addUnfinishedFlags(unfinishedCommand).action(async (url: string, flags: UnfinishedFlags) => {
    exitCode = await unfinished(url, { flags, ...service(flags) })
  })
  const linkCommand = program
    .command('link')
    .description('print links that open files and folders, of this computer or of b2://BUCKET/NAME, for anybody')
    .argument('<target...>', 'paths in folders that Pail syncs, or b2://BUCKET/NAME')
  addLinkFlags(linkCommand).action(async (targets: readonly string[], flags: LinkFlags) => {
    const isChosen = flags.dataDir !== undefined || Boolean(env['PAIL_DATA_DIR'])
    const folder = flags.dataDir === undefined ? dataFolder(env) : AbsolutePath.parse(resolve(flags.dataDir))
    exitCode = await link(targets, { flags, dataFolder: folder, isChosen, ...service(flags) })
  })
  await program.parseAsync([...argv], { from: 'user' })
  return exitCode
}

function explain(error: unknown): ExitCode {
  if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.done : exitCodes.wrongUsage
  if (isEngineError(error, 'bad_request')) {
    process.stderr.write(`${error.message}. It has to look like b2://BUCKET or b2://BUCKET/PREFIX.\n`)
    return exitCodes.wrongUsage
  }
  if (isEngineError(error, 'confirmation_wrong')) {
    const bucketName = String(error.details['bucketName'])
    process.stderr.write(
      `Deleting all versions of a file cannot be undone. To confirm it, add --confirm ${bucketName}.\n`,
    )
    return exitCodes.wrongUsage
  }
  if (isEngineError(error, 'keychain_unavailable')) {
    process.stderr.write(
      'No key in the environment, and the keychain is locked or not running. Unlock it, or set B2_APPLICATION_KEY_ID and B2_APPLICATION_KEY.\n',
    )
    return exitCodes.accountOrConfiguration
  }
  if (error instanceof EngineError) {
    process.stderr.write(`${problemText(error.code, error.details).advice}\n`)
    return exitCodeFor(error.code)
  }
  process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`)
  return exitCodes.bug
}

// A fault in a loop of the engine, which nobody waits for.
process.on('uncaughtException', (error) => {
  process.exit(explain(error))
})

process.exitCode = await run(process.argv.slice(2), process.env).catch(explain)
