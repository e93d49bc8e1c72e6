/**
 * Runs in the page before it does: a `window.pail` whose other side is a scene instead of an engine and a shell.
 * Typing `wrong`, `readonly`, `limited`, `master` or `offline` as the key ID plays what such a key does; a bucket name with
 * `taken` is taken, and `Music` cannot be added.
 */
import '../../renderer/no-eval.ts'
import type { z } from 'zod'
import type { PailBridge } from '../../preload/index.ts'
import { engineApi, type EngineApi, type EngineEvents } from '../../shared/contract/engine-api.ts'
import type { HandlersOf } from '../../shared/contract/procedure.ts'
import { shellApi, type ShellApi, type ShellEvents } from '../../shared/contract/shell-api.ts'
import { EngineError } from '../../shared/errors.ts'
import type { Channel } from '../../shared/rpc/channel.ts'
import { serve } from '../../shared/rpc/server.ts'
import { AbsolutePath, RelativePath } from '../../shared/ids.ts'
import { AccountSummary } from '../../shared/model/account.ts'
import { ALL_ACTIVITY, verbsOf, type ActivityRow } from '../../shared/model/activity.ts'
import type { Bandwidth } from '../../shared/model/bandwidth.ts'
import type { DropPreview } from '../../shared/model/drop.ts'
import type { Decision } from '../../shared/model/decision.ts'
import { changeSettings } from '../../shared/model/folder.ts'
import { USED_CAPABILITIES } from '../../shared/model/key.ts'
import type { LinkDomain, LinkDomains } from '../../shared/model/link.ts'
import { SYSTEM_PROXY, type ProxySetting } from '../../shared/model/proxy.ts'
import type { AskedFile, FileManagerState } from '../../shared/model/right-click.ts'
import type { EngineSnapshot } from '../../shared/model/snapshot.ts'
import { DEFAULT_SHELL_SETTINGS, ShellSettings, type ShellState } from '../../shared/model/shell-settings.ts'
import { FakeLinks } from './links.ts'
import { Weekday } from '../../shared/model/week-times.ts'
import { previews } from './previews.ts'
import { skipped } from './skipped.ts'
import { idsOf, pageOf } from './transfers.ts'
import { droppedPaths } from './dropped.ts'
import { decisionPath, sceneNamed, type SceneName } from './scenes.ts'

/** What this script finds in the page, and leaves there. */
const page = globalThis as unknown as {
  readonly sceneName: SceneName
  readonly sceneLanguage: 'en' | 'de'
  /** What the next native menu answers with. */
  nextMenuChoice: string | null
  /** What the dialog for folders answers with. */
  nextFolders: readonly string[]
  /** What the dialog for files answers with. */
  nextFiles: readonly string[]
  /** True: the next decision finds that more files are gone by now. */
  listChanges: boolean
  /** True: every link would open more. */
  hasSiblings: boolean
  /** True: the engine answers no question about transfers or links. */
  isBroken: boolean
  /** Shows files as after a right click in the file manager. */
  showFiles: (paths: readonly string[]) => void
  pail: PailBridge
}

const scene = sceneNamed(page.sceneName)
let { snapshot } = scene
const account: z.input<typeof AccountSummary> = {
  accountId: 'a1b2c3d4e5f6',
  applicationKeyId: '004a1b2c3d4e5f60000000001',
  realm: 'https://api.backblazeb2.com',
  capabilities: [...USED_CAPABILITIES],
  missingCapabilities: [],
  namePrefix: '',
}
const oneBucket = [{ bucketId: 'b1', bucketName: 'maria-backup' }]
const keys: Readonly<Record<string, Partial<typeof account>>> = {
  readonly: {
    capabilities: ['listBuckets', 'listFiles', 'readFiles'],
    missingCapabilities: ['writeFiles'],
    allowedBuckets: oneBucket,
  },
  limited: {
    capabilities: ['listFiles', 'writeFiles', 'deleteFiles'],
    allowedBuckets: oneBucket,
    namePrefix: 'laptop/',
  },
  master: {
    applicationKeyId: 'a1b2c3d4e5f6',
    capabilities: [
      ...USED_CAPABILITIES,
      'writeKeys',
      'writeBuckets',
      'readBuckets',
      'deleteFiles',
      'writeBucketEncryption',
    ],
  },
}
let [masterKeyHeld, keyInUse] = [false, account]

function keyFor(applicationKeyId: string): typeof account {
  if (applicationKeyId === 'wrong') throw new EngineError('key_rejected', 'B2 said 401')
  if (applicationKeyId === 'offline') throw new EngineError('network_unreachable', 'no route')
  return { ...account, ...keys[applicationKeyId] }
}

function connected(key: typeof account): void {
  keyInUse = key
  snapshot = { ...snapshot, account: { kind: 'connected', account: AccountSummary.parse(key) } }
}

let proxy: ProxySetting =
  page.sceneName === 'proxySilent'
    ? { kind: 'address', address: 'http://proxy.example.com:3128', hasLogin: true }
    : SYSTEM_PROXY

const fakeLinks = new FakeLinks(
  page.sceneName === 'sharing' ? 'some' : page.sceneName === 'manyLinks' ? 'many' : 'none',
)

/** With the register of links as it is by now. */
function withLinks(seen: EngineSnapshot): EngineSnapshot {
  return { ...seen, links: fakeLinks.counts }
}

let linkDomains: LinkDomains =
  page.sceneName === 'scheduled' || page.sceneName === 'sharing'
    ? { b2: { host: 'files.example.com', answer: { kind: 'answers' } } }
    : {}

let bandwidth: Bandwidth = { up: null, down: null, rules: [] }
if (page.sceneName === 'scheduled') {
  const working = { days: [...Weekday.options].slice(1, 6), from: '08:00', to: '18:00' }
  const evening = { days: [...Weekday.options].slice(1, 6), from: '18:00', to: '22:00' }
  bandwidth = {
    up: null,
    down: null,
    rules: [
      { up: 500_000, down: 2_000_000, ...working },
      { up: 2_500_000, down: null, ...evening },
      { up: 2_500_000, down: null, days: ['sat', 'sun'], from: '10:00', to: '00:00' },
    ],
  }
}

/** Of the folder that is dropped nothing can be sent. */
function previewOf(paths: readonly string[]): DropPreview {
  const isNothing = paths.length === 1
  const counts = isNothing ? { files: 0, bytes: 0, leftOut: 4 } : { files: 31, bytes: 214_500_000, leftOut: 2 }
  return { ...counts, folders: 1, unreadable: isNothing ? 0 : 1, complete: true, lastPlace: null }
}

const engineHandlers: HandlersOf<EngineApi> = {
  getSnapshot: () => {
    if (isBegun) return withLinks(snapshot)
    isBegun = true
    setTimeout(() => {
      engineServer.emit('snapshotChanged', withLinks(snapshot))
    }, 0)
    return begun(withLinks(snapshot))
  },
  checkKey: ({ applicationKeyId }) => keyFor(applicationKeyId),
  connectAccount: ({ applicationKeyId }) => {
    connected(keyFor(applicationKeyId))
    return keyInUse
  },
  holdMasterKey: ({ applicationKeyId }) => {
    masterKeyHeld = true
    return keyFor(applicationKeyId)
  },
  forgetMasterKey: () => {
    masterKeyHeld = false
  },
  disconnectAccount: () => undefined,
  listBuckets: () =>
    scene.buckets.filter(({ bucketId }) => keyInUse.allowedBuckets?.some((one) => one.bucketId === bucketId) ?? true),
  createBucket: ({ bucketName }) => {
    if (bucketName.includes('taken')) throw new EngineError('bucket_name_taken', 'taken')
    return { bucketId: 'new', bucketName, bucketType: 'allPrivate', isEncrypted: true }
  },
  checkFolder: ({ root, besides }) => {
    if (root.endsWith('Music')) throw new EngineError('folder_overlaps', 'x', { root: '/home/maria' })
    if (besides.includes(root)) throw new EngineError('folder_overlaps', 'x', { root })
    return { root }
  },
  previewFolder: ({ root }) => previews.find(([name]) => root.endsWith(name))?.[1] ?? new Promise(() => undefined),
  addFolder: () => {
    throw new EngineError('bug', 'the window adds several at once')
  },
  addFolders: ({ folders, deletionPolicy, limitedKey }) => {
    if (deletionPolicy.kind === 'hide-then-remove') {
      throw new EngineError('lifecycle_rule_conflict', 'x', { prefix: 'Pictures/' })
    }
    if (limitedKey !== null && masterKeyHeld) {
      connected({
        ...account,
        allowedBuckets: oneBucket,
        namePrefix: folders.length === 1 ? (folders[0]?.prefix ?? '') : '',
      })
    }
    return []
  },
  getBandwidth: () => bandwidth,
  setBandwidth: (next) => {
    bandwidth = next
  },
  removeFolder: () => undefined,
  updateFolder: ({ folderId, settings: change }) => {
    snapshot = {
      ...snapshot,
      folders: snapshot.folders.map((folder) =>
        folder.folderId === folderId ? { ...folder, settings: changeSettings(folder.settings, change) } : folder,
      ),
    }
  },
  moveFolder: () => undefined,
  changePrefix: () => undefined,
  acceptRoot: () => undefined,
  listDecision: ({ listId, after, limit }) => {
    const question = snapshot.folders.flatMap(({ decisions }) => decisions).find((one) => one.listId === listId)
    if (question === undefined) throw new EngineError('list_changed', 'another list by now')
    const paths = Array.from({ length: question.files }, (_, index) => RelativePath.parse(decisionPath(index)))
    return paths.slice(after === undefined ? 0 : paths.indexOf(after) + 1).slice(0, limit)
  },
  decide: ({ folderId, kind, answer }) => {
    const change = page.listChanges ? grown : undefined
    page.listChanges = false
    snapshot = {
      ...snapshot,
      folders: snapshot.folders.map((folder) =>
        folder.folderId === folderId
          ? {
              ...folder,
              decisions: folder.decisions.flatMap((one) => (one.kind === kind ? (change?.(one) ?? []) : one)),
            }
          : folder,
      ),
    }
    if (change !== undefined) throw new EngineError('list_changed', `not the list to ${answer}`)
  },
  explainPath: ({ path }) => {
    if (path.endsWith('.tmp')) return { kind: 'ignored', reason: { source: 'settings', rule: '*.tmp', line: 3 } }
    if (path.endsWith('.docx')) return { kind: 'blocked', code: 'file_unreadable' }
    return { kind: 'in-sync', uploadedAt: Date.now() - 3_600_000 }
  },
  listSkipped: ({ after, limit }) => {
    const rows = scene.snapshot.lastActivityId === 0 ? [] : skipped
    return rows.filter(({ path }) => after === undefined || path > after).slice(0, limit)
  },
  previewIgnore: ({ ignoreRules }) => {
    const paths = ['Scans/1990/page 000.tiff', 'Scans/1990/page 001.tiff', 'Scans/1990/page 002.tiff']
    const samples = ignoreRules.includes('tiff') ? paths.map((path) => RelativePath.parse(path)) : []
    return { files: samples.length * 404, bytes: samples.length * 1_734_000_000, samples, complete: true }
  },
  pause: () => undefined,
  resume: () => undefined,
  checkNow: () => undefined,
  listTransfers: (query) => {
    if (page.isBroken) throw new EngineError('engine_stopped', 'no engine')
    return pageOf(scene.lists, snapshot.transfers.sendingCount, query)
  },
  listTransferIds: ({ start, limit }) => idsOf(scene.lists, start, limit),
  cancelTransfers: (choice) => (choice.kind === 'these' ? choice.jobIds.length : scene.lists.waitingCount),
  sendTransfersNext: (choice) => (choice.kind === 'these' ? choice.jobIds.length : scene.lists.waitingCount),
  setMaxTransfers: () => undefined,
  setStorageCap: ({ capBytes }) => {
    snapshot = { ...snapshot, storage: { ...snapshot.storage, capBytes } }
  },
  listActivity: ({ before = Infinity, after = 0, limit, filter = ALL_ACTIVITY }) => {
    const { text, folderId, path, kind } = filter
    const isWanted = (row: ActivityRow): boolean =>
      (row.path ?? '').toLowerCase().includes(text.toLowerCase()) &&
      (folderId === null || row.folderId === folderId) &&
      (path === null || row.path === path) &&
      (kind === null || verbsOf(kind).includes(row.verb))
    const found = scene.activity.filter((row) => row.activityId < before && row.activityId > after && isWanted(row))
    return found.slice(0, limit)
  },
  previewDrops: ({ paths }) => previewOf(paths),
  addDrops: ({ prefix }) => {
    const details = { root: '/home/maria/Documents', place: 'Documents/' }
    if (prefix.startsWith('Documents')) throw new EngineError('place_is_synced', 'x', details)
  },
  cancelDrop: () => undefined,
  retryDrop: () => undefined,
  clearFinishedDrops: () => undefined,
  getProxy: () => proxy,
  setProxy: (change) => {
    proxy =
      change.kind === 'address'
        ? { kind: 'address', address: change.address, hasLogin: change.login !== null && change.login !== undefined }
        : change
  },
  createLinks: (request) => fakeLinks.create(request, page.hasSiblings),
  listLinks: (query) => {
    if (page.isBroken) throw new EngineError('engine_stopped', 'no engine')
    return fakeLinks.list(query)
  },
  renewLink: ({ linkId, validSeconds = 604_800 }) => fakeLinks.renew(linkId, validSeconds),
  endLink: ({ linkId }) => fakeLinks.end(linkId),
  acceptSiblings: ({ linkId }) => {
    fakeLinks.accept(linkId)
  },
  getLinkDomains: () => linkDomains,
  setLinkDomain: ({ bucketId, host }) => {
    const domain: LinkDomain | null =
      host === null ? null : { host, answer: { kind: host.includes('typo') ? 'silent' : 'answers' } }
    const { [bucketId]: _, ...others } = linkDomains
    linkDomains = domain === null ? others : { ...others, [bucketId]: domain }
    return domain
  },
}

let settings: ShellSettings = DEFAULT_SHELL_SETTINGS
function settingsState(): ShellState {
  const systemLanguage = page.sceneLanguage
  return { settings, language: settings.language === 'system' ? systemLanguage : settings.language, systemLanguage }
}

let fileManagers: FileManagerState[] = [
  { id: 'nautilus', state: 'on', inTheWay: null },
  { id: 'dolphin', state: 'blocked', inTheWay: '/home/maria/.local/share/kio/servicemenus/pail.desktop' },
  { id: 'thunar', state: 'off', inTheWay: null },
]

const shellHandlers: HandlersOf<ShellApi> = {
  getInfo: () => ({
    platform: 'linux',
    systemVersion: '6.1.0',
    version: '0.1.0',
    electronVersion: '45.4.1',
    dataFolder: '/home/maria/.local/share/Pail',
    logFolder: '/home/maria/.local/share/Pail/logs',
  }),
  getSettings: () => settingsState(),
  changeSettings: (change) => {
    settings = ShellSettings.parse({ ...settings, ...change })
    shellServer.emit('settingsChanged', settingsState())
  },
  openLogs: () => undefined,
  chooseFolder: () => '/home/maria/Pictures',
  chooseFolders: () => page.nextFolders.map((path) => AbsolutePath.parse(path)),
  chooseToDrop: ({ isFolders }) => [...(isFolders ? ['/home/maria/Links'] : page.nextFiles)],
  showInFolder: () => undefined,
  listFileManagers: () => fileManagers,
  setFileManagers: ({ ids, isOn }) => {
    fileManagers = fileManagers.map((one) =>
      ids.includes(one.id) && one.state !== 'blocked' ? { ...one, state: isOn ? 'on' : 'off' } : one,
    )
    return fileManagers
  },
  exportActivity: () => ({ kind: 'saved', rows: 260, name: 'Pail activity 2026-11-30.csv' }),
  copyText: () => undefined,
  openHelp: () => undefined,
  showMenu: () => page.nextMenuChoice,
}

/** The page is asked for its first picture when what is sent now has just begun, so that bars show how far it is. */
let isBegun = false
function begun(now: typeof snapshot): typeof snapshot {
  return {
    ...now,
    folders: now.folders.map(({ status, ...folder }) => ({
      ...folder,
      status: status.kind === 'sending' ? { ...status, bytes: status.bytes * 2.4 } : status,
    })),
  }
}

function grown(decision: Decision): Decision {
  return { ...decision, files: decision.files + 300, listId: `${decision.listId}-more` }
}

/** Two channels that talk to each other in structured clones, as across a process boundary. */
function channelPair(): { readonly page: Channel; readonly other: Channel } {
  const receivers: [Receive, Receive] = [undefined, undefined]
  return { page: channelBetween(receivers, 0, 1), other: channelBetween(receivers, 1, 0) }
}

type Receive = ((message: unknown) => void) | undefined

function channelBetween(receivers: [Receive, Receive], own: 0 | 1, other: 0 | 1): Channel {
  return {
    post: (message) => {
      const copy: unknown = structuredClone(message)
      queueMicrotask(() => receivers[other]?.(copy))
    },
    onMessage: (receive) => {
      receivers[own] = receive
      return () => {
        receivers[own] = undefined
      }
    },
  }
}

const onFault = (error: unknown): void => {
  console.error(error)
}
const engine = channelPair()
const shell = channelPair()
const engineServer = serve<EngineApi, EngineEvents>(engineApi, engineHandlers, engine.other, onFault)
const shellServer = serve<ShellApi, ShellEvents>(shellApi, shellHandlers, shell.other, onFault)
page.pail = { engine: engine.page, shell: shell.page, onDropped: () => () => undefined, platform: 'linux' }
page.nextMenuChoice = null
page.listChanges = false
page.nextFolders = ['/home/maria/Pictures', '/home/maria/Documents']
page.nextFiles = droppedPaths
page.isBroken = false
page.showFiles = (paths) => {
  const files = paths.map((path): AskedFile => {
    const folder = snapshot.folders.find(({ root }) => path.startsWith(`${root}/`))
    const place = folder && { folderId: folder.folderId, path: RelativePath.parse(path.slice(folder.root.length + 1)) }
    return { path: AbsolutePath.parse(path), place: place ?? null }
  })
  shellServer.emit('filesRequested', { files })
}

const { engineState } = scene
if (engineState !== undefined) {
  // Again and again: the page may not be listening yet the first time.
  setInterval(() => {
    shellServer.emit('engineStateChanged', engineState)
  }, 200)
}
