/** What is said about each error code in English. */
import type { ErrorDetails } from '../../errors.ts'
import { formatFiles, formatNumber } from '../../format/count.ts'
import { named } from '../named-detail.ts'
import { nameReason } from './name-reason.ts'
import type { ProblemTexts } from '../problem-text.ts'

const capabilityUses: Readonly<Record<string, string>> = {
  listBuckets: 'list buckets',
  listFiles: 'list files',
  readFiles: 'read files',
  writeFiles: 'upload files',
  deleteFiles: 'delete file versions',
  shareFiles: 'make share links',
  writeBuckets: 'create buckets',
}

export const problems: ProblemTexts = {
  network_unreachable: {
    title: 'No connection to B2',
    advice: 'B2 cannot be reached. Files wait and nothing is lost; Pail goes on by itself when the network is back.',
  },
  timeout: {
    title: 'B2 does not answer',
    advice: 'B2 took too long to answer. Pail tries again by itself.',
  },
  connection_reset: {
    title: 'The connection broke off',
    advice: 'The connection to B2 broke off. Pail tries again by itself.',
  },
  b2_service_error: {
    title: 'B2 is busy',
    advice: 'B2 reports a fault of its own. Pail tries again by itself.',
  },
  checksum_mismatch: {
    title: 'Damaged on the way',
    advice: 'What arrived at B2 was not what was sent, so B2 refused it. Pail sends the file again by itself.',
  },
  too_many_requests: {
    title: 'Slowed down by B2',
    advice: 'B2 asks for fewer requests. Pail waits as long as B2 says and goes on by itself.',
  },
  upload_url_rejected: {
    title: 'B2 wants another upload address',
    advice: 'B2 did not take this upload. Pail tries again by itself.',
  },
  token_expired: {
    title: 'Signing in again',
    advice: 'The sign-in to B2 has run out. Pail signs in again by itself.',
  },
  account_not_connected: {
    title: 'No B2 account',
    advice:
      'No B2 key is known here. Connect an account in Pail, or set B2_APPLICATION_KEY_ID and B2_APPLICATION_KEY for the command line.',
  },
  key_rejected: {
    title: 'B2 does not accept this key',
    advice:
      'B2 does not accept this key. It may have been deleted, or a character was lost in copying. Paste the key ID and the key again, or create a new key.',
  },
  key_unsupported: {
    title: 'This key is of another kind',
    advice: 'B2 says this key cannot be used by this program. Create a new application key and use that.',
  },
  account_blocked: {
    title: 'B2 has closed this account for now',
    advice: 'B2 wants something from you first: confirm your e-mail address or your payment details at backblaze.com.',
  },
  realm_not_allowed: {
    title: 'Not a safe address',
    advice:
      'This B2 address is not safe to send a key to. Use https, or http only for this computer itself (127.0.0.1).',
  },
  not_a_b2_service: {
    title: 'Not B2',
    advice:
      'What answers at this address is not B2. Check the address (an S3 endpoint will not do), or sign in to this network first if it asks for it.',
  },
  proxy_refused: (details) => ({
    title: 'The proxy refuses the way to B2',
    advice:
      details['status'] === 407
        ? 'The proxy of this network wants a name and a password. Enter them under Proxy in the settings, or write them into HTTPS_PROXY as http://name:password@host:port and start Pail again.'
        : 'The proxy of this network does not let Pail reach B2. Ask whoever runs it to allow backblazeb2.com and backblaze.com, or choose another way under Proxy in the settings.',
  }),
  proxy_unreachable: (details) => ({
    title: 'The proxy does not answer',
    advice: `The proxy${named(details, 'proxy', ' ')} does not answer. Check its address under Proxy in the settings, or choose to go without one there. Files wait and nothing is lost.`,
  }),
  network_settings_unusable: (details) => ({
    title: 'A network setting cannot be used',
    advice:
      details['setting'] === 'NODE_EXTRA_CA_CERTS'
        ? 'The certificates that NODE_EXTRA_CA_CERTS names cannot be read. Correct the path or remove the setting, and start Pail again.'
        : `${String(details['setting'] ?? 'HTTPS_PROXY')} is not the address of a proxy. Write it as http://host:port or remove it, and start Pail again.`,
  }),
  capability_missing: (details) => {
    const capability = String(details['capability'] ?? 'a capability')
    const use = capabilityUses[capability] ?? 'do this'
    return {
      title: 'The key may not do this',
      advice: `This key may not ${use}: it lacks ${capability}. Create a key that has it and connect again.`,
    }
  },
  bucket_not_allowed: (details) => ({
    title: 'The key is for another bucket',
    advice: `This key may not be used here${named(details, 'name', ': ')}. Choose a bucket and a prefix that the key was made for, or create another key.`,
  }),
  bucket_missing: (details) => ({
    title: 'The bucket is gone',
    advice: `B2 has no bucket${named(details, 'bucketName', ' ')} that this key can see. Your files are safe on this computer. Use a key that can see it, or sync this folder to another bucket.`,
  }),
  bucket_name_taken: {
    title: 'This name is taken',
    advice: 'Somebody has a bucket with this name already: names are unique across all of B2. Choose another name.',
  },
  bucket_changed: {
    title: 'Somebody else changed the bucket',
    advice: 'The settings of this bucket were changed by somebody else at the same moment. Try again.',
  },
  lifecycle_rule_conflict: (details) => ({
    title: 'The bucket has a rule of its own',
    advice: `A lifecycle rule for ${details['prefix'] === '' ? 'the whole bucket' : `names that begin with ${String(details['prefix'] ?? 'the same')}`} is there already, and B2 takes only one for the same files. Nothing was changed. Choose another answer, or remove that rule at backblaze.com.`,
  }),
  master_key_gone: {
    title: 'The master key is forgotten',
    advice:
      'Pail keeps a master key in memory only, for an hour at most and until it ends. Nothing was changed. Paste the key once more.',
  },
  storage_cap_exceeded: {
    title: 'Your storage cap is reached',
    advice:
      'B2 stores no more until you raise the storage cap (Caps & Alerts at backblaze.com). Files wait, nothing is lost.',
  },
  transaction_cap_exceeded: {
    title: 'Your daily cap is reached',
    advice:
      'B2 takes no more calls today: raise the cap (Caps & Alerts at backblaze.com) or wait until midnight UTC. Files wait, nothing is lost.',
  },
  download_cap_exceeded: {
    title: 'Your download cap is reached',
    advice:
      'B2 sends no more data today: raise the download cap (Caps & Alerts at backblaze.com) or wait until midnight UTC.',
  },
  file_changed_while_reading: {
    title: 'Still being written',
    advice: 'The file changed while it was read. Pail sends it when it has come to rest.',
  },
  file_vanished: {
    title: 'No longer there',
    advice: 'The file was gone before it could be read. There is nothing to do.',
  },
  dropped_file_changed: {
    title: 'Changed while it was read',
    advice: 'The file was being written. Try again when it is finished.',
  },
  dropped_file_gone: {
    title: 'No longer there',
    advice: 'The file was moved, renamed or deleted before it was sent. Put it back and try again.',
  },
  place_is_synced: (details) => ({
    title: 'A sync folder has this place',
    advice: `Pail keeps${named(details, 'root', ' ') || ' a folder'} there and would take what you add for somebody else’s. Choose another place.`,
  }),
  file_unreadable: {
    title: 'May not be read',
    advice: 'Pail may not read this file. Change its permissions, or move it out of the folder.',
  },
  name_not_allowed: (details) => ({
    title: 'B2 refuses this name',
    advice: `B2 cannot store a file with this name${nameReason(details, ': ')}. Rename it and it will be sent.`,
  }),
  file_too_large: (details) => ({
    title: 'Too large for now',
    advice: `This version of Pail sends files up to ${String(details['limit'] ?? '5 GB')}. The file stays where it is; make it smaller or move it out of the folder.`,
  }),
  file_busy: {
    title: 'In use by another program',
    advice: 'Another program holds this file. Pail sends it as soon as it is let go; closing the program helps.',
  },
  file_emptied: {
    title: 'Suddenly empty',
    advice:
      'This file is empty, yet its date says that nobody changed it: so it looks after a power cut. What B2 holds stays as it is. Restore the file, or save it once more if it is meant to be empty.',
  },
  would_overwrite: {
    title: 'B2 holds another file of this name',
    advice:
      'What B2 holds under this name did not come from this folder, so Pail leaves it alone. Rename your file, or decide whether it may replace the one in B2, which then stays there as an older version.',
  },
  b2_refused: (details) => ({
    title: 'B2 refused this',
    advice: `B2 refused the request${named(details, 'message', ': ')}. Pail tries again later; if it stays, please report it.`,
  }),
  root_missing: (details) => ({
    title: 'The folder is not there',
    advice: `The folder${named(details, 'root', ' ')} is not there. Connect its drive or check the path. Nothing in B2 is touched.`,
  }),
  root_unreadable: (details) => ({
    title: 'The folder may not be read',
    advice: `Pail may not read the folder${named(details, 'root', ' ')}. Change its permissions. Nothing in B2 is touched.`,
  }),
  root_replaced: (details) => ({
    title: 'Another folder is in its place',
    advice: `What is at ${place(details, 'its place')} is not the folder that Pail synced; its drive may not be connected. Nothing in B2 is touched. Connect the drive and Pail goes on by itself, or say that this is the folder now.`,
  }),
  root_emptied: (details) => ({
    title: 'The folder is suddenly empty',
    advice: `The folder${named(details, 'root', ' ')} held ${heldFiles(details)} and is empty now, so Pail stopped. Nothing in B2 is touched. Put the files back and Pail goes on by itself, or decide what becomes of them in B2.`,
  }),
  mass_deletion: (details) => ({
    title: details['files'] === 1 ? 'A file is gone' : 'Many files are gone',
    advice: `${missing(details, 'is gone', 'are gone')} from ${place(details, 'this folder')}, so Pail stopped. Nothing in B2 is touched. Put ${details['files'] === 1 ? 'it' : 'them'} back and Pail goes on by itself, or decide what becomes of ${details['files'] === 1 ? 'it' : 'them'} in B2.`,
  }),
  mass_emptied: (details) => ({
    title: 'Many files are empty',
    advice: `${missing(details, 'became empty', 'became empty')} in ${place(details, 'this folder')}, so Pail stopped. Nothing in B2 is touched. Restore them and Pail goes on by itself, or decide whether B2 may have the empty ones.`,
  }),
  drive_missing: {
    title: 'A drive is not connected',
    advice:
      'What Pail sent from here was on another drive, and that drive is not here. It all stays in B2. Connect the drive; if it is not coming back, add this folder to the ignore rules.',
  },
  ignore_rules_unreadable: {
    title: 'The ignore rules cannot be read',
    advice:
      'The file .pailignore in this folder cannot be read, so Pail does not know what to leave out and sends nothing. Make it a readable text file of at most 1 MB, or delete it.',
  },
  directory_unreadable: {
    title: 'A folder may not be read',
    advice: 'Pail may not look into this folder. What it sent from there stays in B2. Change its permissions.',
  },
  folder_overlaps: (details) => ({
    title: 'Already part of a sync folder',
    advice: `This overlaps with the sync folder${named(details, 'root', ' ')}. Choose a folder and a place in the bucket that no other sync folder uses.`,
  }),
  prefix_not_allowed: (details) => ({
    title: 'B2 refuses this place',
    advice: `B2 cannot store files at this place in the bucket${named(details, 'reason', ': ')}. Choose another one.`,
  }),
  watch_limit_reached: (details) => ({
    title: 'Too many folders to watch',
    advice: `The system lets Pail watch no more: ${unwatched(details)} checked about once a minute instead. On Linux raise the limit, sudo sysctl fs.inotify.max_user_watches=1048576, and if that is not enough, sudo sysctl fs.inotify.max_user_instances=1024. Pail goes on by itself.`,
  }),
  disk_full: {
    title: 'The disk is full',
    advice:
      "The disk that holds Pail's own data is full, so nothing new can be recorded. Free some space; Pail goes on by itself.",
  },
  database_unusable: (details) => ({
    title: "Pail's records cannot be read",
    advice:
      details['reason'] === 'newer'
        ? `The database pail.db${named(details, 'dataFolder', ' in ')} was written by a newer version of Pail. Start that version; or move the file away and start again: files already in B2 are recognised and not sent twice.`
        : `The database pail.db${named(details, 'dataFolder', ' in ')} is damaged, and Pail could not move it aside. Check the disk, or move the file away and start again: files already in B2 are recognised and not sent twice.`,
  }),
  data_folder_unusable: (details) => ({
    title: 'No place for the records',
    advice: `Pail cannot write to its data folder${named(details, 'dataFolder', ' ')}. Change its permissions, or choose another one with --data-dir.`,
  }),
  data_folder_in_use: (details) => ({
    title: 'Pail is running already',
    advice: `Another Pail uses the data folder${named(details, 'dataFolder', ' ')}. Quit it, or choose another one with --data-dir.`,
  }),
  keychain_unavailable: {
    title: 'Waiting for the keychain',
    advice:
      "The key is kept in the system's keychain, and that is locked or not running. Unlock it (log in again, or start your keyring); Pail goes on by itself.",
  },
  engine_stopped: {
    title: 'The engine stopped',
    advice:
      'The part of Pail that moves files stopped and is being started again. Nothing is lost; try once more in a moment.',
  },
  link_too_wide: {
    title: 'Too much for one link',
    advice: 'A link to this would open the whole bucket. Share a folder in it, or single files.',
  },
  link_too_many_files: (details) => ({
    title: 'Too many files for one link',
    advice: `A link to a folder lists its files, and there are more than ${formatNumber(Number(details['limit'] ?? 10_000))}. Share a folder below it.`,
  }),
  link_no_place: {
    title: 'No place for a copy',
    advice:
      'The key may not write where a copy for the link could go. Share another file, or use a key that reaches more.',
  },
  link_outside: {
    title: 'In no folder that Pail syncs',
    advice:
      'Pail makes links to what it syncs, and to single files. Add this folder to Pail, or share its files one by one.',
  },
  link_opens_more: (details) => ({
    title: 'A link opens more by now',
    advice: `The link to${named(details, 'name', ' ')} also opens${named(details, 'sample', ' ')}, as that name begins alike. Rename or move it, or leave it so; the link ends by itself after 7 days at most.`,
  }),
  bad_request: {
    title: 'Not understood',
    advice: 'This was not understood. Check what you entered and try again.',
  },
  not_found: {
    title: 'Not there',
    advice: 'This is not there any more. It may just have been changed or removed.',
  },
  list_changed: {
    title: 'The list has changed',
    advice:
      'Other files are concerned by now than those you saw, so nothing was done. Look at the list again, and decide then.',
  },
  confirmation_wrong: (details) => ({
    title: 'Not confirmed',
    advice: `Nothing was changed. To confirm, type the name of the bucket exactly as it is${named(details, 'bucketName', ': ')}.`,
  }),
  bug: {
    title: 'A fault in Pail',
    advice: 'Something went wrong inside Pail. Your files are safe. Please report it; the log says more.',
  },
}

function heldFiles({ files }: ErrorDetails): string {
  return typeof files === 'number' ? formatFiles(files) : 'files'
}

/** `12 files are gone at once`; `Many files` where nobody counted. */
function missing({ files }: ErrorDetails, one: string, several: string): string {
  if (files === 1) return `1 file ${one}`
  return `${typeof files === 'number' ? formatFiles(files) : 'Many files'} ${several} at once`
}

/** `12 folders in /photos (such as 2019/may) are`; `some folders are` where nobody counted. */
function unwatched({ folders, root, sample }: ErrorDetails): string {
  if (typeof folders !== 'number') return 'some folders are'
  if (sample === '') return `${String(root)} itself is`
  if (folders === 1) return `1 folder in ${String(root)} (${String(sample)}) is`
  return `${formatNumber(folders)} folders in ${String(root)} (such as ${String(sample)}) are`
}

function place({ root }: ErrorDetails, otherwise: string): string {
  return root === undefined || root === '' ? otherwise : String(root)
}
