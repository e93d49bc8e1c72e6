/** `pail unfinished b2://BUCKET[/PREFIX]`: large files that were begun there and never finished, whoever began them. */
import type { Command } from 'commander'
import { EngineError } from '../../shared/errors.ts'
import { formatBytes } from '../../shared/format/bytes.ts'
import type { B2Client } from '../engine/b2/client.ts'
import { ROOT_INFO } from '../engine/model/root.ts'
import { parseB2Url } from './b2-url.ts'
import { withBucket } from './bucket.ts'
import { exitCodeFor, exitCodes, type ExitCode } from './exit-codes.ts'
import type { CommandOptions } from './restore.ts'
import { printable } from './report.ts'
import { runTrouble } from './restore-text.ts'

export type UnfinishedFlags = { readonly json?: true; readonly realm?: string }

/** `heldBytes`: what B2 holds of it, and has to be paid for; null where the key may not ask. */
export type UnfinishedFile = {
  readonly fileName: string
  readonly fileId: string
  /** ISO 8601. */
  readonly begunAt: string
  readonly heldBytes: number | null
  readonly begunBy: 'pail' | 'other'
}

export type UnfinishedSummary = { readonly files: number; readonly heldBytes: number | null }

/** Adds the flags, each with a line of help. */
export function addUnfinishedFlags(command: Command): Command {
  return command
    .option('--json', 'print one JSON object a line, a summary in the last one')
    .option('--realm <url>', 'the B2 service to use (or PAIL_B2_REALM)')
    .addHelpText(
      'after',
      '\nNothing is changed. Pail goes on with what it began itself, or cancels it; what others began it leaves alone.' +
        '\nThe key comes from B2_APPLICATION_KEY_ID and B2_APPLICATION_KEY, or from the keychain.',
    )
}

/** What is expected to go wrong is said, and in the exit code; bugs are thrown. */
export async function unfinished(url: string, options: CommandOptions<UnfinishedFlags>): Promise<ExitCode> {
  const { bucketName, prefix } = parseB2Url(url)
  const { flags, signal } = options
  const print = (object: object, text: string): void => {
    process.stdout.write(`${flags.json === true ? JSON.stringify(object) : text}\n`)
  }
  try {
    const summary = await withBucket({ ...options, bucketName, needs: ['listFiles'] }, async ({ b2, bucketId }) => {
      let files = 0
      let heldBytes: number | null = 0
      for await (const file of listUnfinished(b2, bucketId, prefix, signal)) {
        print(file, fileLine(file))
        files += 1
        heldBytes = heldBytes === null || file.heldBytes === null ? null : heldBytes + file.heldBytes
      }
      return { files, heldBytes } satisfies UnfinishedSummary
    })
    print(summary, summaryText(summary, url))
    return exitCodes.done
  } catch (error) {
    if (signal.aborted) return exitCodes.interrupted
    if (!(error instanceof EngineError) || error.code === 'keychain_unavailable') throw error
    process.stderr.write(`${runTrouble(error, '', url)}\n`)
    return exitCodeFor(error.code)
  }
}

async function* listUnfinished(
  b2: B2Client,
  bucketId: string,
  namePrefix: string,
  signal: AbortSignal,
): AsyncGenerator<UnfinishedFile, void> {
  // B2 tells the parts of a file only to those who may write them.
  const mayAskForParts = (await b2.missingCapabilities(['writeFiles'], { signal })).length === 0
  for await (const page of b2.listUnfinishedLargeFiles(bucketId, { namePrefix, signal })) {
    for (const { fileName, fileId, uploadTimestamp, fileInfo } of page) {
      yield {
        fileName,
        fileId,
        begunAt: new Date(uploadTimestamp).toISOString(),
        heldBytes: mayAskForParts ? await sumParts(b2, fileId, signal) : null,
        begunBy: fileInfo[ROOT_INFO] === undefined ? 'other' : 'pail',
      }
    }
  }
}

async function sumParts(b2: B2Client, fileId: string, signal: AbortSignal): Promise<number> {
  let bytes = 0
  for await (const parts of b2.listParts(fileId, { signal })) {
    for (const { contentLength } of parts) bytes += contentLength
  }
  return bytes
}

function fileLine({ fileName, begunAt, heldBytes, begunBy }: UnfinishedFile): string {
  const size = heldBytes === null ? 'size unknown' : `${formatBytes(heldBytes)} there`
  const day = begunAt.slice(0, 16).replace('T', ' ')
  return `${printable(fileName)}: ${size}, begun ${day} UTC by ${begunBy === 'pail' ? 'Pail' : 'another program'}`
}

function summaryText({ files, heldBytes }: UnfinishedSummary, url: string): string {
  if (files === 0) return `No unfinished large files at ${url}.`
  const what = files === 1 ? 'One unfinished large file' : `${files} unfinished large files`
  const held = heldBytes === null ? '' : `, of which B2 holds ${formatBytes(heldBytes)}`
  return (
    `${what} at ${url}${held}. Pail goes on with its own, or cancels them; ` +
    'to be rid of another one, use the program that began it, or a lifecycle rule for unfinished files.'
  )
}
