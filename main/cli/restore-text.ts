/** What people read while files are restored and compared. */
import type { EngineError } from '../../shared/errors.ts'
import { formatBytes, formatRate } from '../../shared/format/bytes.ts'
import { formatFiles } from '../../shared/format/count.ts'
import { formatDuration } from '../../shared/format/duration.ts'
import { problemText } from '../../shared/text/problem-text.ts'
import type { Blocker } from '../engine/restore/decide.ts'
import type { RestoreEvent } from '../engine/restore/restore.ts'
import type { Difference } from '../engine/restore/verify.ts'
import { printable } from './report.ts'

/** The last line of `pail restore --json`, in this order. */
export type RestoreSummary = {
  readonly restored: number
  /** Here already, byte for byte as far as size and time or SHA-1 tell. */
  readonly unchanged: number
  /** Other files here, left as they are. */
  readonly kept: number
  readonly failed: number
  /** Under another name than in the bucket, because the disk cannot hold that. */
  readonly mapped: number
  /** Restored, but nobody vouches for their bytes. */
  readonly unverified: number
  readonly bytesDownloaded: number
  readonly seconds: number
}

/** The last line of `pail verify --json`, in this order. */
export type VerifySummary = {
  readonly same: number
  /** Those of them of which B2 has only the SHA-1 that their uploader noted. */
  readonly noted: number
  readonly different: number
  readonly missingHere: number
  readonly missingThere: number
  readonly unreadable: number
  readonly leftOut: number
  /** Files that had to be downloaded because nobody vouches for their bytes. */
  readonly downloaded: number
  readonly bytesDownloaded: number
  readonly seconds: number
}

export function restoreText({ seconds, bytesDownloaded, ...count }: RestoreSummary): string {
  const rate = bytesDownloaded > 0 ? `, ${formatRate(bytesDownloaded / Math.max(seconds, 0.001))}` : ''
  const parts = [
    `${formatFiles(count.restored)} restored (${formatBytes(bytesDownloaded)})`,
    `${count.unchanged} unchanged`,
    count.kept > 0 ? `${count.kept} left as they are here` : null,
    count.failed > 0 ? `${count.failed} not restored` : null,
  ]
  return `${parts.filter((part) => part !== null).join(', ')} in ${formatDuration(seconds)}${rate}`
}

/** What names that are other ones here mean for sync. */
export const mappedText =
  'To sync a folder with names that are other ones here, give it a place of its own in the bucket: sync would give these ' +
  'names to the files in B2 too, so this folder does not go on as the one that the files came from.'

export function verifyText({ seconds, ...count }: VerifySummary): string {
  const parts = [
    `${formatFiles(count.same)} the same${count.noted > 0 ? ` (${count.noted} by the SHA-1 their uploader noted)` : ''}`,
    `${count.different} different`,
    `${count.missingHere} missing here`,
    `${count.missingThere} missing there`,
    count.unreadable > 0 ? `${count.unreadable} unreadable` : null,
    count.leftOut > 0 ? `${count.leftOut} left out by rules` : null,
  ]
  return `${parts.filter((part) => part !== null).join(', ')} in ${formatDuration(seconds)}`
}

/** Why files had to be downloaded to compare them; null where none had to be. */
export function downloadedText({ downloaded, bytesDownloaded }: VerifySummary): string | null {
  if (downloaded === 0) return null
  return `B2 knows no SHA-1 of ${formatFiles(downloaded)}, so ${formatBytes(bytesDownloaded)} were downloaded to compare.`
}

const differences: Readonly<Record<Difference['kind'], string>> = {
  'missing-here': 'missing here',
  'missing-there': 'missing there',
  different: 'different',
  unreadable: 'unreadable',
}

/** The root itself has an empty path. */
export function differenceLine({ kind, path }: Difference): string {
  return `${differences[kind]}: ${path === '' ? 'the folder itself' : printable(path)}`
}

const blockers: Readonly<Record<Blocker, string>> = {
  directory: 'a folder of this name is in the way',
  symlink: 'a link is in the way, and nothing is written through links',
  special: 'something that is no file is in the way',
  placeholder: 'a file that is only online is in the way',
  unreadable: 'what is here may not be looked at',
}

/** One line about one file. */
export function eventLine(event: RestoreEvent): string {
  const path = printable(event.path)
  switch (event.kind) {
    case 'mapped':
      return `${printable(event.name)}: this disk cannot hold the name, so it is ${path} here`
    case 'kept':
      return `${path}: another file is here${event.isNewer ? ', newer than the one in B2' : ''}, and was left as it is`
    case 'blocked':
      return `${path}: not restored, ${blockers[event.by]}`
    case 'failed':
      return `${path}: not restored. ${fileTrouble(event.error)}`
    case 'unverified':
      return `${path}: restored, but nobody vouches for its bytes, as whoever uploaded it has noted no SHA-1`
  }
}

function fileTrouble({ code, details }: EngineError): string {
  switch (code) {
    case 'checksum_mismatch':
      return 'What arrived was not what its SHA-1 says, three times in a row, so it was thrown away.'
    case 'not_found':
      return 'It was removed from B2 in the meantime.'
    case 'would_overwrite':
      return `${printable(String(details['path'] ?? ''))} is in the way: it is no folder here, or has become one.`
    case 'name_not_allowed':
      return details['path'] === undefined
        ? 'This disk cannot hold a file of this name.'
        : `It would be ${printable(String(details['path']))} here, and sync would rename it in B2. Restore it into a folder that is not synced.`
    case 'file_unreadable':
      return `The disk does not let it be written here (${String(details['errno'])}). Change the permissions and run this again.`
    default:
      return problemText(code, details).advice
  }
}

const AGAIN = 'Run the same command again: what has arrived is not downloaded again.'

/** What ended a run, and what to do; `place` is the URL as it was typed. */
export function runTrouble({ code, details }: EngineError, folder: string, place: string): string {
  switch (code) {
    case 'not_found':
      return `There are no files at ${place}. Check the bucket and the prefix; a prefix is a folder there.`
    case 'disk_full': {
      const { neededBytes, freeBytes } = details
      if (typeof neededBytes !== 'number' || typeof freeBytes !== 'number') {
        return `The disk of ${folder} is full. Free some space. ${AGAIN}`
      }
      return `This needs ${formatBytes(neededBytes)}, and the disk of ${folder} has ${formatBytes(freeBytes)} free. Free some space, or restore a part of it. Nothing was downloaded.`
    }
    case 'data_folder_in_use':
      return `Another restore works in ${folder}. Wait for it to end; if there is none, delete ${String(details['dataFolder'])}.`
    case 'root_missing':
      return `${folder} is not there, or is no folder.`
    case 'file_unreadable':
    case 'root_unreadable':
      return `Nothing can be written to ${String(details['path'] ?? folder)} (${String(details['errno'] ?? 'no permission')}). Change its permissions, or choose another folder.`
    case 'bucket_missing':
      return `B2 has no bucket ${String(details['bucketName'])} that this key can see. Check the name, or use another key.`
    case 'network_unreachable':
    case 'timeout':
    case 'connection_reset':
    case 'b2_service_error':
    case 'too_many_requests':
      return `B2 cannot be reached, or is busy. ${AGAIN}`
    case 'transaction_cap_exceeded':
    case 'download_cap_exceeded':
      return `${problemText(code, details).advice} ${AGAIN}`
    default:
      return problemText(code, details).advice
  }
}
