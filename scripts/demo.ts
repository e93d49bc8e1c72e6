/**
 * `npm run demo`: the real app with a made-up B2 account and a sample folder.
 *
 * On a desktop it stays open to play with; `npm run demo -- --fresh` begins there with nothing connected. Without one it works on a virtual desktop by itself: waits until everything is
 * in the bucket, edits, renames and deletes files, opens a share link, and says what happened. Exit code 0 only if all
 * of it was right.
 */
import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { connectAndAddFolder, forgetKeys } from '../test/demo/connect.ts'
import { addRefusedFile, makeSampleFolder, REFUSED_FILE } from '../test/demo/sample-folder.ts'
import { startEmulator, type Emulator } from '../test/b2-emulator/emulator.ts'
import { DesktopApp, makeTempFolder, readBucket, readTree } from '../test/support/desktop-app.ts'
import { waitFor } from '../test/support/wait-for.ts'
import { pinnedNode, projectRoot, runMain, say } from './lib.mjs'
import { runOnVirtualDesktop } from './virtual-desktop.mjs'

const bucketName = 'pail-demo'
const prefix = 'holiday/'

/** A line as people have it, so that files are seen on their way: bytes a second of each connection, and its round trip. */
const line = { bytesPerSecond: 600_000, latencyMs: 60 }

type Demo = {
  readonly emulator: Emulator
  readonly folder: string
  readonly dataFolder: string
}

function hasDesktop(): boolean {
  if (process.env['PAIL_VIRTUAL_DESKTOP'] !== undefined) return false
  return process.platform !== 'linux' || Boolean(process.env['DISPLAY'] ?? process.env['WAYLAND_DISPLAY'])
}

async function main(): Promise<number> {
  const { values: options } = parseArgs({ options: { fresh: { type: 'boolean', default: false } } })
  if (!hasDesktop() && process.env['PAIL_VIRTUAL_DESKTOP'] === undefined) {
    say('No display here: the demo runs on a virtual one and checks itself.')
    return runOnVirtualDesktop(pinnedNode(), [import.meta.filename])
  }
  const temp = makeTempFolder('demo')
  const emulator = await startEmulator({ buckets: [{ bucketName }], ...(hasDesktop() ? line : {}) })
  const demo: Demo = { emulator, folder: join(temp.path, 'Holiday'), dataFolder: join(temp.path, 'data') }
  try {
    const files = makeSampleFolder(demo.folder)
    say(`Made a sample folder with ${files} files: ${demo.folder}`)
    say(`Started a B2 of its own on this machine: ${emulator.realm}`)
    if (hasDesktop()) addFailure(demo)
    if (options.fresh && hasDesktop()) {
      say('Nothing is connected yet.')
    } else {
      await connectAndAddFolder({ ...demo, bucketName, prefix })
      say('Connected an account; its key is in the keychain.')
    }
    const app = await DesktopApp.start({ realm: emulator.realm, dataFolder: demo.dataFolder })
    return hasDesktop() ? await play(demo, app) : await walkThrough(demo, app)
  } finally {
    await forgetKeys(emulator)
    await emulator.stop()
    temp.remove()
  }
}

/** A file that B2 refuses, so that it is seen what Pail says of one. */
function addFailure({ folder }: Demo): void {
  if (process.platform === 'win32') return
  addRefusedFile(folder)
  say(`B2 will refuse one more file in it: ${JSON.stringify(REFUSED_FILE)} has a tab in its name.`)
}

/** Leaves the app to the person in front of it until they quit it. */
async function play({ folder, emulator }: Demo, app: DesktopApp): Promise<number> {
  say(`\nPail is open. Change something in ${folder} and watch.`)
  say('Right-click a finished file to copy a link. Quit Pail (tray, Ctrl-Q), or press Ctrl-C here, to end the demo.')
  say('To connect it yourself, with this made-up account:')
  say(`  Key ID           ${emulator.applicationKeyId}`)
  say(`  Application key  ${emulator.applicationKey}`)
  process.once('SIGINT', () => void app.quit())
  await app.electron.waitForEvent('close', { timeout: 0 })
  return 0
}

/** Does what a person would do, and checks each result where it counts: in the bucket. */
async function walkThrough(demo: Demo, app: DesktopApp): Promise<number> {
  const { emulator, folder } = demo
  let failures = 0
  const step = async (what: string, action: () => Promise<string>): Promise<void> => {
    try {
      const result = await action()
      say(`  ok      ${what}${result === '' ? '' : `: ${result}`}`)
    } catch (error) {
      failures += 1
      say(`  FAILED  ${what}: ${error instanceof Error ? error.message : String(error)}`)
    }
  }
  const inStep = () =>
    waitFor('the bucket to hold exactly the folder', async () => {
      await app.waitForStatus(/^Up to date/)
      return sameFiles(await readBucket(emulator, bucketName, prefix), readTree(folder))
    })

  say('\nWhat happened:')
  await step('every file is in the bucket, byte for byte', async () => {
    await inStep()
    return app.status()
  })
  await step('an edited file is sent again', async () => {
    writeFileSync(join(folder, 'Packing list.txt'), 'Sun cream\nTowel\nBook\nPassport\n')
    await waitFor('the new version', () => versions(emulator, 'Packing list.txt').length === 2)
    await inStep()
    return `${versions(emulator, 'Packing list.txt').length} versions in the bucket`
  })
  await step('a renamed file is there under its new name', async () => {
    renameSync(join(folder, 'Photos', 'IMG_0001.jpg'), join(folder, 'Photos', 'First morning.jpg'))
    await waitFor('the old name hidden', () => newest(emulator, 'Photos/IMG_0001.jpg')?.action === 'hide')
    await inStep()
    return 'Photos/First morning.jpg'
  })
  await step('a deleted file is hidden and its last version kept', async () => {
    rmSync(join(folder, 'Documents', 'Old tickets.pdf'))
    await waitFor('the hide marker', () => newest(emulator, 'Documents/Old tickets.pdf')?.action === 'hide')
    await inStep()
    return versions(emulator, 'Documents/Old tickets.pdf')
      .map(({ action }) => action)
      .join(', ')
  })
  await step('a share link opens exactly the file', async () => {
    await app.window.getByRole('button', { name: /^Transfers/ }).click()
    await app.window.getByRole('button', { name: 'Copy link: First morning.jpg' }).click()
    const link = await waitFor('the link', () => app.electron.evaluate(({ clipboard }) => clipboard.readText()))
    const received = Buffer.from(await (await fetch(link)).arrayBuffer())
    const original = readTree(folder).get(join('Photos', 'First morning.jpg'))
    if (original === undefined || !received.equals(original)) throw new Error('the bytes differ')
    return `${received.length.toLocaleString('en')} bytes, the same as on disk`
  })
  await step('the screen', async () => {
    await app.window.getByRole('button', { name: /^Overview/ }).click()
    await app.waitForStatus(/^Up to date/)
    // The message about the copied link would cover the list.
    await app.window.getByText('Link copied.').first().waitFor({ state: 'hidden' })
    const path = join(projectRoot, 'out', 'demo', 'overview.png')
    mkdirSync(join(projectRoot, 'out', 'demo'), { recursive: true })
    await app.window.screenshot({ path })
    return path
  })
  await step('Pail quits', async () => {
    await app.quit()
    return ''
  })
  say(failures === 0 ? '\nAll of it worked.' : `\n${failures} of these went wrong.`)
  return failures === 0 ? 0 : 1
}

function versions(emulator: Emulator, path: string) {
  return emulator.fileVersions(bucketName).filter(({ fileName }) => fileName === prefix + path)
}

function newest(emulator: Emulator, path: string) {
  return versions(emulator, path)[0]
}

function sameFiles(a: ReadonlyMap<string, Buffer>, b: ReadonlyMap<string, Buffer>): boolean {
  return a.size === b.size && [...a].every(([path, bytes]) => b.get(path)?.equals(bytes))
}

await runMain(main)
