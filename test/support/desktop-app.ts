/** The real desktop app for tests: started with Playwright on the desktop there is, in a data folder of its own. */
import { spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { _electron, type ElectronApplication, type Page } from 'playwright-core'
import { electronLaunch } from '../../scripts/electron-runtime.mjs'
import { USED_CAPABILITIES } from '../../shared/model/key.ts'
import type { PailBridge } from '../../preload/index.ts'
import { MARKER_NAME } from '../../main/engine/scan/root-marker.ts'
import type { Emulator } from '../b2-emulator/emulator.ts'
import { waitFor } from './wait-for.ts'

/** Generous: two cores may be busy with a build. */
const START_WITHIN_MS = 60_000

/** How the engine's process is called, by either of its starters. */
const ENGINE = /engine\/entry\.mjs|node\.mojom\.NodeService/

export type DesktopAppOptions = {
  readonly realm: string
  readonly dataFolder: string
  /** A packaged app's executable; the project's own build without it. */
  readonly packaged?: string
  /** What the system says its person speaks; English without it. */
  readonly language?: string
  /** What the app finds in its environment besides. */
  readonly env?: Readonly<Record<string, string>>
}

/** The running app and its window. */
export class DesktopApp {
  readonly electron: ElectronApplication
  readonly window: Page

  private constructor(electron: ElectronApplication, window: Page) {
    this.electron = electron
    this.window = window
  }

  static async start({
    realm,
    dataFolder,
    packaged,
    language = 'en',
    env = {},
  }: DesktopAppOptions): Promise<DesktopApp> {
    const launch = electronLaunch({
      // First of all that say which language a person wants, so that the words are the same on every computer.
      env: { PAIL_DATA_DIR: dataFolder, PAIL_B2_REALM: realm, LANGUAGE: language, ...env },
      ...(packaged === undefined ? {} : { packaged }),
    })
    // Playwright would make every page a light one, whatever Pail is set to.
    const electron = await _electron.launch({ ...launch, colorScheme: null, timeout: START_WITHIN_MS })
    const window = await electron.firstWindow({ timeout: START_WITHIN_MS })
    window.setDefaultTimeout(START_WITHIN_MS)
    return new DesktopApp(electron, window)
  }

  /** Types the key and lets B2 be asked about it. */
  async connect(applicationKeyId: string, applicationKey: string): Promise<void> {
    await this.window.getByLabel('Key ID').fill(applicationKeyId)
    await this.window.getByLabel('Application key', { exact: true }).fill(applicationKey)
    await this.window.getByRole('button', { name: 'Connect', exact: true }).click()
  }

  /** From what B2 said about the key to the list of buckets. */
  async takeKey(): Promise<void> {
    await this.window.getByRole('region', { name: 'What the key may do' }).waitFor()
    await this.window.getByRole('button', { name: 'Continue' }).click()
    await this.window.getByRole('radiogroup', { name: 'Buckets' }).waitFor()
  }

  /** From what B2 said about the key, or from the list of buckets, to a folder that is being synced. */
  async chooseBucketAndFolder(bucketName: string, folder: string, prefix: string): Promise<void> {
    const bucket = this.window.getByRole('radio', { name: bucketName })
    await bucket
      .or(this.window.getByRole('region', { name: 'What the key may do' }))
      .first()
      .waitFor()
    if (!(await bucket.isVisible())) await this.takeKey()
    await bucket.click()
    await this.window.getByRole('button', { name: 'Continue' }).click()
    await this.answerFolderDialog(folder)
    await this.window.getByRole('button', { name: 'Choose folders' }).click()
    await this.window.getByLabel('Place in the bucket').fill(prefix)
    await this.window.getByRole('button', { name: 'Continue' }).click()
    await this.startSyncing()
  }

  /** From the last question to the overview, past what is said about a master key. */
  async startSyncing(): Promise<void> {
    await this.window.getByRole('button', { name: 'Start syncing' }).click()
    const ownKey = this.window.getByRole('button', { name: 'Show my folders' })
    await this.window.getByTestId('status-sentence').or(ownKey).first().waitFor()
    if (await ownKey.isVisible()) await ownKey.click()
  }

  /** The system's own dialog cannot be operated from outside, so its answer is given in its place. */
  async answerFolderDialog(...folders: readonly string[]): Promise<void> {
    await this.electron.evaluate(({ dialog }, paths) => {
      dialog.showOpenDialog = () => Promise.resolve({ canceled: false, filePaths: [...paths] })
    }, folders)
  }

  /** A setting that the window does not show, changed by the message with which the page would change it. */
  async shortenDeleteDelay(folderId = 1): Promise<void> {
    const change = { folderId, settings: { deleteDelaySeconds: 1 } }
    await this.window.evaluate((input) => {
      const bridge = (globalThis as unknown as { readonly pail: PailBridge }).pail
      bridge.engine.post({ t: 'q', i: 'delay', m: 'updateFolder', a: [input] })
    }, change)
  }

  /** The one sentence in the window's header. */
  status(): Promise<string> {
    return this.window.getByTestId('status-sentence').innerText()
  }

  async waitForStatus(pattern: RegExp, withinMs?: number): Promise<string> {
    return waitFor(
      `status ${String(pattern)}`,
      async () => {
        const status = await this.status()
        return pattern.test(status) && status
      },
      withinMs,
    )
  }

  /** Ends it as its menu's Quit does. */
  async quit(): Promise<void> {
    const closed = this.electron.waitForEvent('close')
    await this.electron.evaluate(({ app }) => {
      app.quit()
    })
    await closed
  }

  /** Ends it as a session that is closed does; resolves with its exit code. */
  async terminate(): Promise<number | null> {
    const app = this.electron.process()
    const ended = once(app, 'exit') as Promise<[number | null]>
    app.kill('SIGTERM')
    return (await ended)[0]
  }

  /** Kills the app and all processes it has started, without a word. */
  async kill(): Promise<void> {
    const closed = this.electron.waitForEvent('close')
    this.signalAll('SIGKILL')
    await closed
  }

  /** Sends a signal to the app and all processes it has started. */
  signalAll(signal: NodeJS.Signals): void {
    for (const pid of processTree(this.electron.process().pid ?? 0)) send(pid, signal)
  }

  /** Kills the engine's process alone, as a crash would end it. Throws where it does not run. */
  crashEngine(): void {
    const engine = processTree(this.electron.process().pid ?? 0).find((pid) => ENGINE.test(commandOf(pid)))
    if (engine === undefined) throw new Error('The engine does not run')
    send(engine, 'SIGKILL')
  }
}

/** What a key for everyday use may do: no more than the README asks for. */
export const EVERYDAY: readonly string[] = USED_CAPABILITIES

/** A fresh folder that is removed at the end of a test. */
export function makeTempFolder(name: string): { readonly path: string; readonly remove: () => void } {
  const path = mkdtempSync(join(tmpdir(), `pail-${name}-`))
  return {
    path,
    remove: () => {
      rmSync(path, { recursive: true, force: true, maxRetries: 5 })
    },
  }
}

/** What is stored in the keychain for a key id, asked with the desktop's own tool; null when there is nothing. */
export function readKeychain(applicationKeyId: string): string | null {
  const found = spawnSync('secret-tool', ['lookup', 'service', 'Pail', 'account', applicationKeyId], {
    encoding: 'utf8',
  })
  if (found.error) throw found.error
  return found.status === 0 ? found.stdout : null
}

/** The files below a folder that contain the text, as UTF-8 or UTF-16. */
export function filesContaining(folder: string, text: string): readonly string[] {
  const needles = [Buffer.from(text), Buffer.from(text, 'utf16le')]
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => {
      const bytes = readFileSync(path)
      return needles.some((needle) => bytes.includes(needle))
    })
}

/** Every file below a folder with its bytes, by path with `/`; Pail's own marker is not one of them. */
export function readTree(folder: string): ReadonlyMap<string, Buffer> {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter(
    (entry) => entry.isFile() && entry.name !== MARKER_NAME,
  )
  return new Map(
    files.map((entry) => {
      const path = join(entry.parentPath, entry.name)
      return [path.slice(folder.length + 1), readFileSync(path)]
    }),
  )
}

/** What the bucket shows below a prefix, by path without it. */
export async function readBucket(
  emulator: Emulator,
  bucketName: string,
  prefix: string,
): Promise<ReadonlyMap<string, Buffer>> {
  const files = new Map<string, Buffer>()
  for (const { fileName } of emulator.listVisible(bucketName, prefix)) {
    files.set(fileName.slice(prefix.length), await emulator.readFile(bucketName, fileName))
  }
  return files
}

function processTree(root: number): readonly number[] {
  const children = new Map<number, number[]>()
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue
    try {
      const stat = readFileSync(`/proc/${name}/stat`, 'utf8')
      const parent = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1])
      children.set(parent, [...(children.get(parent) ?? []), Number(name)])
    } catch {
      // The process ended between the listing and the look.
    }
  }
  const tree = [root]
  for (let index = 0; index < tree.length; index += 1) tree.push(...(children.get(tree[index] ?? 0) ?? []))
  return tree
}

/** Empty for a process that has ended. */
function commandOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ')
  } catch {
    return ''
  }
}

function send(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal)
  } catch {
    // It is gone already.
  }
}
