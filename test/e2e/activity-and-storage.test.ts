/** What happened, found again and taken along as a file; what is stored; and whether B2 is there. In the real window. */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startEmulator, type Emulator } from '../b2-emulator/emulator.ts'
import { DesktopApp, makeTempFolder } from '../support/desktop-app.ts'
import { waitFor } from '../support/wait-for.ts'

const bucketName = 'pail-e2e-activity'

const data = makeTempFolder('data')
const home = makeTempFolder('home')
const folder = join(home.path, 'Papers')
let emulator: Emulator
let app: DesktopApp

beforeAll(async () => {
  emulator = await startEmulator({ buckets: [{ bucketName }] })
  mkdirSync(join(folder, 'Work'), { recursive: true })
  writeFileSync(join(folder, 'Work', 'report.pdf'), 'a report')
  writeFileSync(join(folder, 'notes.txt'), 'Hello')
  writeFileSync(join(folder, '=1+1.csv'), 'not a formula')
  app = await DesktopApp.start({ realm: emulator.realm, dataFolder: data.path })
  await app.connect(emulator.applicationKeyId, emulator.applicationKey)
  await app.chooseBucketAndFolder(bucketName, folder, 'papers/')
  await app.waitForStatus(/^Up to date 3 files/)
  writeFileSync(join(folder, 'Work', 'report.pdf'), 'a longer report')
  await waitFor('the second version', () =>
    emulator.listVisible(bucketName, 'papers/Work/').some(({ sizeBytes }) => sizeBytes === 15),
  )
  await app.waitForStatus(/^Up to date 3 files/)
})

afterAll(async () => {
  await app.quit().catch(() => undefined)
  await emulator.stop()
  data.remove()
  home.remove()
})

const showView = (name: string) =>
  app.window
    .getByRole('navigation')
    .getByRole('button', { name: new RegExp(`^${name}`) })
    .click()
const badge = () => app.window.getByRole('button', { name: /Account menu$/ })
const events = () => app.window.getByRole('list', { name: 'What happened' }).getByRole('listitem')

/** What the next native menu answers with; it cannot be operated from outside. */
async function answerMenu(label: RegExp): Promise<void> {
  await app.electron.evaluate(({ Menu }, pattern) => {
    Menu.prototype.popup = function popup(options) {
      this.items.find((item) => new RegExp(pattern).test(item.label))?.click()
      options?.callback?.()
    }
  }, label.source)
}
/** Where the next export goes; null closes the dialog. */
async function answerSaveDialog(path: string | null): Promise<void> {
  await app.electron.evaluate(({ dialog }, filePath) => {
    dialog.showSaveDialog = () => Promise.resolve({ canceled: filePath === null, filePath: filePath ?? '' })
  }, path)
}

describe('storage', () => {
  it('is said in the rail and in full in the overview, as the bucket has it', async () => {
    await showView('Overview')
    const section = app.window.getByRole('region', { name: 'Storage' })
    // 15, 5 and 13 bytes as they are now, and the 8 of before.
    await section.getByText('41 B').waitFor()
    const text = await section.innerText()
    expect(text).toMatch(/3 files\s+33 B/)
    expect(text).toMatch(/1 version\s+8 B/)
    expect(text).toContain('free of charge')
    await app.window.getByRole('button', { name: 'Storage: 41 B in B2' }).waitFor()
  })

  it('is compared with a limit, at once and after a restart of the window', async () => {
    await app.window.getByRole('button', { name: 'Set a limit' }).click()
    await app.window.getByLabel('Limit in GB').fill('ten')
    await app.window.keyboard.press('Enter')
    await app.window.getByText('Enter a number, such as 10 or 2.5.').waitFor()
    await app.window.getByLabel('Limit in GB').fill('2,5')
    await app.window.keyboard.press('Enter')
    await app.window.getByRole('button', { name: 'Storage: 41 B of 2.5 GB' }).waitFor()
    await app.window.reload()
    await app.window.getByRole('button', { name: 'Storage: 41 B of 2.5 GB' }).waitFor()
    await app.window.getByRole('button', { name: 'Change the limit' }).click()
    await app.window.getByRole('button', { name: 'No limit' }).click()
    await app.window.getByRole('button', { name: 'Storage: 41 B in B2' }).waitFor()
  })
})

describe('the badge', () => {
  it('says that B2 is online, then why it is out of reach and since when, then that it is back', async () => {
    expect(await badge().getAttribute('aria-label')).toMatch(/^B2 online\. B2 answered .*\. Account menu$/)
    await emulator.setReachable(false)
    writeFileSync(join(folder, 'meanwhile.txt'), 'written offline')
    const label = () => badge().getAttribute('aria-label')
    await waitFor('the badge', async () => (await label())?.startsWith('B2 unreachable'))
    expect(await label()).toMatch(/^B2 unreachable uploads wait\. No connection to B2 since \d\d:\d\d\. Account menu$/)
    await app.waitForStatus(/^No connection to B2/)
    await emulator.setReachable(true)
    await waitFor('the badge', async () => (await label())?.startsWith('B2 online'))
    await app.waitForStatus(/^Up to date 4 files/)
  })
})

describe('activity', () => {
  it('is searched by a part of the path', async () => {
    await showView('Activity')
    await events().filter({ hasText: 'notes.txt' }).first().waitFor()
    await app.window.getByLabel('Search names and folders').fill('WORK/REP')
    await waitFor('the others to go', async () => (await events().filter({ hasText: 'notes.txt' }).count()) === 0)
    expect(await events().filter({ hasText: 'report.pdf' }).count()).toBe(2)
    await app.window.getByLabel('Search names and folders').fill('nowhere')
    await app.window.getByRole('heading', { name: 'Nothing found' }).waitFor()
    await app.window.getByRole('button', { name: 'Show everything' }).click()
    await events().filter({ hasText: 'notes.txt' }).first().waitFor()
    expect(await app.window.getByLabel('Search names and folders').inputValue()).toBe('')
  })

  it('is narrowed to a kind of event', async () => {
    await app.window.getByLabel('Kind of event').selectOption('folders')
    await waitFor('files to go', async () => (await events().filter({ hasText: 'notes.txt' }).count()) === 0)
    await events().filter({ hasText: 'Started syncing' }).first().waitFor()
    await app.window.getByLabel('Kind of event').selectOption('')
  })

  it('shows everything that happened to one file, from its menu and by the keyboard', async () => {
    await answerMenu(/^Everything that happened to report\.pdf$/)
    await events()
      .filter({ hasText: 'report.pdf' })
      .first()
      .getByRole('button', { name: 'More for report.pdf' })
      .focus()
    await app.window.keyboard.press('Enter')
    await app.window.getByRole('heading', { name: 'Everything that happened to report.pdf' }).waitFor()
    await waitFor('both uploads and the day', async () => (await events().count()) === 3)
  })

  it('has its menu under the button that opens it', async () => {
    await app.electron.evaluate(({ Menu }) => {
      Menu.prototype.popup = function popup(options) {
        Reflect.set(globalThis, 'menuPlace', [options?.x, options?.y])
        options?.callback?.()
      }
    })
    const button = app.window.getByRole('button', { name: 'Export' })
    await button.click()
    const box = await button.boundingBox()
    const place = () => app.electron.evaluate((): unknown => Reflect.get(globalThis, 'menuPlace'))
    await waitFor('the menu', async () => (await place()) !== undefined)
    expect(await place()).toEqual([Math.round(box?.x ?? 0), Math.round((box?.y ?? 0) + (box?.height ?? 0) + 2)])
  })

  it('is saved as it is shown, and only where a person says', async () => {
    await answerMenu(/CSV/)
    const exportIt = () => app.window.getByRole('button', { name: 'Export' }).click()
    await answerSaveDialog(null)
    await exportIt()
    await answerSaveDialog(join(home.path, 'history.csv'))
    await exportIt()
    await app.window.getByText('2 events saved in history.csv.').first().waitFor()
    const lines = readFileSync(join(home.path, 'history.csv'), 'utf8').trim().split('\r\n')
    expect(lines.slice(1)).toEqual([
      expect.stringMatching(/^"\d{4}-.*Z","uploaded","[^"]*Papers","Work\/report\.pdf",15,,$/),
      expect.stringMatching(/,"Work\/report\.pdf",8,,$/),
    ])
    expect(readdirSync(home.path).toSorted()).toEqual(['Papers', 'history.csv'])
  })

  it('is saved as JSON, and a name that looks like a formula is a text in CSV', async () => {
    await app.window.getByRole('button', { name: 'Show everything' }).click()
    await answerMenu(/JSON/)
    await answerSaveDialog(join(home.path, 'all.json'))
    await app.window.getByRole('button', { name: 'Export' }).click()
    await app.window
      .getByText(/events saved in all\.json\./)
      .first()
      .waitFor()
    const all = JSON.parse(readFileSync(join(home.path, 'all.json'), 'utf8')) as { path: string }[]
    expect(all.map(({ path }) => path)).toContain('=1+1.csv')
    await answerMenu(/CSV/)
    await answerSaveDialog(join(home.path, 'all.csv'))
    await app.window.getByRole('button', { name: 'Export' }).click()
    await app.window
      .getByText(/events saved in all\.csv\./)
      .first()
      .waitFor()
    expect(readFileSync(join(home.path, 'all.csv'), 'utf8')).toContain(`"'=1+1.csv"`)
  })
})
