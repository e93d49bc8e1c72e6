/** `pail verify DIR b2://BUCKET/PREFIX`: whether both hold the same, and if not, where they differ. */
import type { Command } from 'commander'
import { EngineError } from '../../shared/errors.ts'
import type { AbsolutePath } from '../../shared/ids.ts'
import { formatBytes } from '../../shared/format/bytes.ts'
import { canonicalRoot } from '../engine/scan/canonical-root.ts'
import { systemClock } from '../engine/lib/clock.ts'
import { toRelative } from '../engine/lib/paths.ts'
import { ignoreRulesOf, verify as prove, type Difference } from '../engine/restore/verify.ts'
import { parseB2Url } from './b2-url.ts'
import { withBucket } from './bucket.ts'
import { exitCodeFor, exitCodes, type ExitCode } from './exit-codes.ts'
import { createBar } from './progress-bar.ts'
import type { CommandOptions } from './restore.ts'
import { differenceLine, downloadedText, runTrouble, verifyText, type VerifySummary } from './restore-text.ts'
import { collect } from './sync-flags.ts'

export type VerifyFlags = {
  readonly json?: true
  readonly ignore?: readonly string[]
  readonly downloadLarge?: true
  readonly realm?: string
}

/** Adds the flags, each with a line of help. */
export function addVerifyFlags(command: Command): Command {
  return command
    .option('--ignore <rule>', 'leave out what matches, as for sync; may be given many times', collect)
    .option('--download-large', 'download large files too, of which B2 has only the SHA-1 that their uploader noted')
    .option('--json', 'print differences and a summary as JSON, the summary in the last line')
    .option('--realm <url>', 'the B2 service to use (or PAIL_B2_REALM)')
    .addHelpText(
      'after',
      '\nThe files here are read; of those in B2 the SHA-1 is asked for, and only those that have none are downloaded.' +
        '\nOf a large file B2 computes none of the whole: the one that its uploader noted is taken, and counted apart.' +
        '\nThe key comes from B2_APPLICATION_KEY_ID and B2_APPLICATION_KEY, or from the keychain.',
    )
}

/** What is expected to go wrong is said, and in the exit code; bugs are thrown. */
export async function verify(
  directory: string,
  url: string,
  options: CommandOptions<VerifyFlags> & { readonly dataFolder: AbsolutePath },
): Promise<ExitCode> {
  const { bucketName, prefix } = parseB2Url(url)
  const { flags, signal, dataFolder } = options
  const startedAt = systemClock.now()
  const bar = createBar()
  const tell = (difference: Difference): void => {
    const { kind, path } = difference
    process.stdout.write(
      `${flags.json === true ? JSON.stringify({ event: kind, path }) : differenceLine(difference)}\n`,
    )
  }
  try {
    const root = canonicalRoot(directory)
    const isIgnored = ignoreRulesOf(root, (flags.ignore ?? []).join('\n'), toRelative(root, dataFolder) || null)
    const result = await withBucket({ ...options, bucketName, needs: ['listFiles'] }, ({ b2, bucketId }) =>
      prove({
        b2,
        bucketId,
        prefix,
        root,
        isIgnored,
        downloadsLarge: flags.downloadLarge === true,
        signal,
        onDifference: tell,
        onProgress: ({ same, different, missingHere, bytesDownloaded }) => {
          const done = same + different + missingHere
          bar?.update(0, { done, all: done, size: formatBytes(bytesDownloaded), sentence: 'Comparing' })
        },
      }),
    )
    bar?.stop()
    const seconds = Math.round((systemClock.now() - startedAt) / 10) / 100
    const summary: VerifySummary = { ...result, seconds }
    const downloaded = downloadedText(summary)
    if (downloaded !== null) process.stderr.write(`${downloaded}\n`)
    process.stdout.write(`${flags.json === true ? JSON.stringify(summary) : verifyText(summary)}\n`)
    const { different, missingHere, missingThere, unreadable } = result
    return different + missingHere + missingThere + unreadable > 0 ? exitCodes.differences : exitCodes.done
  } catch (error) {
    bar?.stop()
    if (signal.aborted) return exitCodes.interrupted
    if (!(error instanceof EngineError) || error.code === 'keychain_unavailable') throw error
    process.stderr.write(`${runTrouble(error, directory, url)}\n`)
    return exitCodeFor(error.code)
  }
}
