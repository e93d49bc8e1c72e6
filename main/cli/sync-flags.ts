/** The flags of `pail sync` as people type them, and what they mean to the engine. */
import { InvalidArgumentError, Option, type Command } from 'commander'
import { EngineError } from '../../shared/errors.ts'
import {
  DeletionPolicy,
  FolderSettings,
  type DeletionPolicy as Policy,
  type FolderSettingsChange,
} from '../../shared/model/folder.ts'
import { addLimitFlag, addScheduleFlag, type LimitFlags } from './limit-flags.ts'
import { MaxTransfers } from '../../shared/model/transfer.ts'

export type SyncFlags = LimitFlags & {
  readonly once?: true
  readonly json?: true
  readonly dataDir?: string
  readonly realm?: string
  readonly ignore?: readonly string[]
  readonly deletions?: Policy
  readonly confirm?: string
  readonly deleteDelay?: number
  readonly apply?: string
  readonly keep?: string
  readonly resume?: true
  readonly transfers?: number | 'auto'
}

/** The answer to one list of files that a person had to decide about. */
export type Answer = { readonly listId: string; readonly answer: 'apply' | 'keep' }

/** Adds the flags, each with a line of help. */
export function addSyncFlags(command: Command): Command {
  command
    .option('--once', 'stop when everything is done')
    .option('--json', 'print a summary as JSON in the last line')
    .option('--data-dir <folder>', 'where to keep the state (or PAIL_DATA_DIR)')
    .option('--realm <url>', 'the B2 service to use (or PAIL_B2_REALM)')
    .option('--ignore <rule>', 'leave out what matches, as in .gitignore; may be given many times', collect)
    .option(
      '--deletions <policy>',
      'what becomes of deleted files in B2: keep, hide, hide:DAYS or delete',
      parseDeletions,
    )
    .option('--confirm <bucket>', 'the name of the bucket, to confirm --deletions delete')
    .option('--delete-delay <seconds>', 'how long a file has to be gone before that counts', parseDelay)
    .addOption(new Option('--apply <list>', 'let the files of this list go their way').conflicts('keep'))
    .addOption(new Option('--keep <list>', 'leave the files of this list in B2 as they are'))
    .option(
      '--transfers <number>',
      'at most so many of a kind at once, 1 to 128; auto, as at first, for what works best',
      parseTransfers,
    )
    .option('--resume', 'go on when the state says that somebody paused')
  addLimitFlag(command, 'up')
  addLimitFlag(command, 'down')
  addScheduleFlag(command)
  return command.addHelpText(
    'after',
    '\nRules, policy, delay and transfers are remembered for later runs on the same state; the limits count for this run only.' +
      '\nThe key comes from B2_APPLICATION_KEY_ID and B2_APPLICATION_KEY, or from the keychain.',
  )
}

/** What the flags say about the folder's settings; what is not said stays as it is. */
export function settingsOf({ ignore, deletions, deleteDelay }: SyncFlags): FolderSettingsChange {
  return {
    ...(ignore === undefined ? {} : { ignoreRules: ignore.join('\n') }),
    ...(deletions === undefined ? {} : { deletionPolicy: deletions }),
    ...(deleteDelay === undefined ? {} : { deleteDelaySeconds: deleteDelay }),
  }
}

/** Null when no list was named. */
export function answerOf({ apply, keep }: SyncFlags): Answer | null {
  if (apply !== undefined) return { listId: apply, answer: 'apply' }
  return keep === undefined ? null : { listId: keep, answer: 'keep' }
}

/** Throws `confirmation_wrong` when all versions are to be deleted and the bucket's name was not typed. */
export function assertConfirmed({ deletions, confirm }: SyncFlags, bucketName: string): void {
  if (deletions?.kind !== 'delete' || confirm === bucketName) return
  throw new EngineError('confirmation_wrong', 'Deleting is not confirmed', { bucketName })
}

/** For a flag that may be given many times. */
export function collect(rule: string, before: readonly string[] = []): readonly string[] {
  return [...before, rule]
}

function parseDeletions(text: string): Policy {
  const [kind = '', days] = text.split(':', 2)
  const policy = DeletionPolicy.safeParse(
    days === undefined ? { kind } : { kind: kind === 'hide' ? 'hide-then-remove' : '', days: Number(days) },
  )
  // Only with a number of days does the policy have that name, and then it is written as hide:DAYS.
  if (policy.success && kind !== 'hide-then-remove') return policy.data
  throw new InvalidArgumentError('It is keep, hide, hide:DAYS (1 to 3650) or delete.')
}

function parseTransfers(text: string): number | 'auto' {
  if (text === 'auto') return text
  const most = MaxTransfers.safeParse(text.trim() === '' ? Number.NaN : Number(text))
  if (most.success) return most.data
  throw new InvalidArgumentError('It is a number from 1 to 128, or auto.')
}

function parseDelay(text: string): number {
  const seconds = FolderSettings.shape.deleteDelaySeconds.safeParse(text.trim() === '' ? Number.NaN : Number(text))
  if (seconds.success) return seconds.data
  throw new InvalidArgumentError('It is a number of seconds, from 1 to 604800.')
}
