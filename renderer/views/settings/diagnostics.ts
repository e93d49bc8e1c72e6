/**
 * What helps to find a fault, as text to send: versions, settings and states. In English, for whoever reads the report. No
 * key, and no name of a file, a folder or a bucket.
 */
import type { ShellInfo } from '../../../shared/contract/shell-api.ts'
import type { Bandwidth } from '../../../shared/model/bandwidth.ts'
import type { FolderView } from '../../../shared/model/folder.ts'
import type { ShellState } from '../../../shared/model/shell-settings.ts'
import type { EngineSnapshot } from '../../../shared/model/snapshot.ts'
import type { Status } from '../../../shared/model/status.ts'

export type DiagnosticsInput = {
  readonly info: ShellInfo
  readonly shell: ShellState
  readonly snapshot: EngineSnapshot
  /** Null where the engine does not say. */
  readonly bandwidth: Bandwidth | null
  /** Unix milliseconds. */
  readonly now: number
}

export function diagnosticsText({ info, shell, snapshot, bandwidth, now }: DiagnosticsInput): string {
  const { settings } = shell
  const { transfers } = snapshot
  const lines = [
    `Pail ${info.version}, Electron ${info.electronVersion}, ${info.platform} ${info.systemVersion}`,
    `Taken: ${new Date(now).toISOString()}`,
    `Window: ${settings.appearance}, language ${settings.language} (${shell.language})`,
    `Start: at login ${yes(settings.startAtLogin)}, hidden ${yes(settings.startHidden)}`,
    `Account: ${accountLine(snapshot)}`,
    `Status: ${statusLine(snapshot.status)}${snapshot.isPaused ? ', paused' : ''}`,
    `Transfers: ${transfers.sendingCount} under way, ${transfers.waitingCount} waiting, at most ${transfers.most ?? 'as many as work best'}`,
    `Bandwidth: ${bandwidth === null ? 'unknown' : bandwidthLine(bandwidth)}`,
    `Problems: ${problemLine(snapshot)}`,
    ...snapshot.folders.map((folder, index) => `Folder ${index + 1}: ${folderLine(folder)}`),
  ]
  return `${lines.join('\n')}\n`
}

function accountLine({ account }: EngineSnapshot): string {
  switch (account.kind) {
    case 'none':
      return 'none'
    case 'waiting':
      return `waiting${account.code === null ? '' : `, ${account.code}`}`
    case 'connected': {
      const { capabilities, namePrefix, realm } = account.account
      return `connected to ${new URL(realm).host}, ${capabilities.join(' ')}, ${namePrefix === '' ? 'all names' : 'some names'}`
    }
  }
}

/** The kind, and every number and code beside it: none of those is a name. */
function statusLine(status: Status): string {
  const facts = Object.entries(status).filter(([key, value]) => key !== 'kind' && value !== null)
  return [status.kind, ...facts.map(([key, value]) => `${key} ${value}`)].join(', ')
}

function folderLine({ status, syncedFiles, syncedBytes, settings, pause, bucketType, checkedAt }: FolderView): string {
  const { deletionPolicy, ignoreRules, deleteDelaySeconds, gateFiles, gatePercent, priority, sendingTimes } = settings
  const days = deletionPolicy.kind === 'hide-then-remove' ? ` ${deletionPolicy.days} days` : ''
  const rules = ignoreRules.split('\n').filter((line) => line.trim() !== '').length
  return [
    statusLine(status),
    `${syncedFiles} files with ${syncedBytes} bytes in ${bucketType}`,
    `checked ${checkedAt === null ? 'never' : new Date(checkedAt).toISOString()}`,
    `deleted files ${deletionPolicy.kind}${days} after ${deleteDelaySeconds} s`,
    `asks from ${gateFiles} files and ${gatePercent} %`,
    `${rules} ignore rules`,
    `priority ${priority}`,
    ...(sendingTimes.length === 0 ? [] : [`sends at ${sendingTimes.length} times`]),
    ...(pause === null ? [] : ['paused']),
  ].join('; ')
}

function problemLine({ problems, problemCount }: EngineSnapshot): string {
  const counts = new Map<string, number>()
  for (const { code } of problems) counts.set(code, (counts.get(code) ?? 0) + 1)
  return [String(problemCount), ...[...counts].map(([code, count]) => `${code} ${count}`)].join(', ')
}

function bandwidthLine({ up, down, rules }: Bandwidth): string {
  return `up ${up ?? 'unlimited'}, down ${down ?? 'unlimited'}, ${rules.length} rules`
}

function yes(value: boolean): string {
  return value ? 'yes' : 'no'
}
