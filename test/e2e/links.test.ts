/** The register of links in the real window: made, copied, renewed, ended, and looked at by a program that has the links alone. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { connect, createServer, type AddressInfo } from 'node:net'
import { dirname, join } from 'node:path'
import { pipeline } from 'node:stream'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, onTestFinished } from 'vitest'
import { startEmulator, type Emulator } from '../b2-emulator/emulator.ts'
import { runCli } from '../support/cli.ts'
import { DesktopApp, EVERYDAY, makeTempFolder } from '../support/desktop-app.ts'
import { waitFor } from '../support/wait-for.ts'

const bucketName = 'pail-e2e'

const data = makeTempFolder('data')
const home = makeTempFolder('home')
let emulator: Emulator
let app: DesktopApp

beforeAll(async () => {
  emulator = await startEmulator({ buckets: [{ bucketName }] })
  for (const name of ['notes.txt', 'report', 'report-private.pdf', 'plan.txt', 'Photos/sea.jpg']) put(`Papers/${name}`)
  app = await DesktopApp.start({ realm: emulator.realm, dataFolder: data.path })
  const key = emulator.createKey({ capabilities: EVERYDAY })
  await app.connect(key.applicationKeyId, key.applicationKey)
  await app.chooseBucketAndFolder(bucketName, join(home.path, 'Papers'), 'papers/')
  await app.waitForStatus(/^Up to date 5 files/)
  await showView('Links')
})

beforeEach(async () => {
  await app.electron.evaluate(({ clipboard }) => clipboard.writeText('nothing'))
})

// What a failed test leaves open is not in the way of the next one.
afterEach(async () => {
  if (await app.window.getByRole('dialog').isVisible()) await app.window.keyboard.press('Escape')
})

afterAll(async () => {
  await app.quit().catch(() => undefined)
  await emulator.stop()
  data.remove()
  home.remove()
})

/** A file with its own name as content. */
function put(name: string): string {
  const path = join(home.path, name)
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, `this is ${name}`)
  return path
}

const showView = (name: string) =>
  app.window
    .getByRole('navigation')
    .getByRole('button', { name: new RegExp(`^${name}`) })
    .click()
const button = (name: string | RegExp) => app.window.getByRole('button', { name })
const row = (name: string) => app.window.getByRole('row').filter({ hasText: name })
const dialog = (name: string | RegExp) => app.window.getByRole('dialog', { name })
const show = (which: RegExp) => app.window.getByRole('radio', { name: which }).click()

/** What is in the clipboard once that is a link. */
async function copiedLink(): Promise<string> {
  return waitFor('a link in the clipboard', async () => {
    const text = await app.electron.evaluate(({ clipboard }) => clipboard.readText())
    return text.startsWith('http') && text
  })
}

/** What somebody sees who has the address and nothing else. */
async function open(url: string): Promise<string | number> {
  const answer = await fetch(url)
  return answer.ok ? answer.text() : answer.status
}

/** The system's own dialog and menus cannot be operated from outside, so their answers are given in their place. */
async function chooseFiles(...paths: readonly string[]): Promise<void> {
  await app.answerFolderDialog(...paths)
  await button('Choose files...').click()
}

async function answerMenu(label: RegExp): Promise<void> {
  await app.electron.evaluate(({ Menu }, pattern) => {
    Menu.prototype.popup = function popup(options) {
      this.items.find((item) => new RegExp(pattern).test(item.label))?.click()
      options?.callback?.()
    }
  }, label.source)
}

/** Makes a link to an address in B2; what comes then is for the caller to see. */
async function createFor(address: string): Promise<void> {
  await button('Create a link').first().click()
  await app.window.getByLabel('Or its address in B2').fill(address)
  await button('Create and copy').click()
}

async function endLink(name: string, says: RegExp, act: string): Promise<void> {
  await button(`End: ${name}`).first().click()
  await dialog(`End the link to ${name}?`).getByText(says).waitFor()
  await button(act).click()
  await dialog(/^End the link/).waitFor({ state: 'hidden' })
}

/** The bucket under another address, as a network in front of it has one: host and port. Closed after the test. */
async function openDoor(): Promise<string> {
  const { hostname, port } = new URL(emulator.realm)
  const door = createServer((socket) => {
    const behind = connect(Number(port), hostname)
    // Who hangs up on one side hangs up on the other.
    pipeline(socket, behind, socket, () => undefined)
  })
  await new Promise<void>((done) => door.listen(0, '127.0.0.1', done))
  onTestFinished(() => void door.close())
  return `127.0.0.1:${(door.address() as AddressInfo).port}`
}

describe('a link', () => {
  let first: string

  it('is made from the empty view to a file that is chosen, and what is in the clipboard opens it', async () => {
    await app.window.getByRole('heading', { name: 'No links' }).waitFor()
    await button('Create a link').click()
    await chooseFiles(join(home.path, 'Papers', 'notes.txt'))
    await app.window.getByRole('radio', { name: '1 day' }).click()
    await button('Create and copy').click()
    await dialog('Link copied').waitFor()
    first = await copiedLink()
    expect(await dialog('Link copied').getByLabel('Address').inputValue()).toBe(first)
    expect(await open(first)).toBe('this is Papers/notes.txt')
    expect(await open(first.split('?')[0] ?? '')).toBe(401)
    await button('Done').click()
    await row('notes.txt').getByText('23 h left').waitFor()
    expect(await row('notes.txt').innerText()).toMatch(/pail-e2e\/papers/)
  })

  it('that ends soon is counted beside the view, listed by itself, and renewed with another address', async () => {
    await app.window.getByRole('navigation').getByRole('button', { name: 'Links 1' }).waitFor()
    await show(/^Ending soon/)
    await answerMenu(/^For 7 days$/)
    await row('notes.txt').getByRole('button', { name: 'Renew: notes.txt' }).click()
    await app.window.getByText('New address copied.').first().waitFor()
    const renewed = await copiedLink()
    expect(renewed).not.toBe(first)
    expect([await open(renewed), await open(first)]).toEqual(['this is Papers/notes.txt', 'this is Papers/notes.txt'])
    await app.window.getByRole('heading', { name: 'No link ends soon' }).waitFor()
    await app.window.getByRole('navigation').getByRole('button', { name: 'Links', exact: true }).waitFor()
    await show(/^Active/)
    await row('notes.txt').getByText('7 days left').waitFor()
    first = renewed
  })

  it('is copied again with the keyboard alone', async () => {
    await app.window.getByRole('grid', { name: 'Links' }).focus()
    await app.window.keyboard.press('ArrowDown')
    await app.window.keyboard.press('Enter')
    expect(await copiedLink()).toBe(first)
  })

  it('is refused to what is not there, and the question stays', async () => {
    await createFor(`b2://${bucketName}/papers/teapot.txt`)
    await app.window.getByRole('alert').getByText('Not there', { exact: true }).waitFor()
    await button('Cancel').click()
    expect(await app.window.getByRole('row').count()).toBe(1)
  })
})

describe('a link that would open more', () => {
  it('is to a copy where a person says so, opens nothing else, and nothing once it is ended', async () => {
    await createFor(`b2://${bucketName}/papers/report`)
    await dialog('This link would open more').getByText('papers/report-private.pdf').first().waitFor()
    await button('Share a copy').click()
    await dialog('Link copied').waitFor()
    const url = await copiedLink()
    expect(await open(url)).toBe('this is Papers/report')
    const [, query = ''] = url.split('?')
    expect(await open(`${emulator.realm}/file/${bucketName}/papers/report-private.pdf?${query}`)).toBe(401)
    await button('Done').click()
    await endLink('report', /removes the copy/, 'End link')
    await waitFor('the copy to be gone', async () => (await open(url)) === 404)
    await row('report').waitFor({ state: 'detached' })
    await show(/^Over/)
    await row('report').getByText('Ended by you').waitFor()
    await show(/^Active/)
  })

  it('is to the file itself where a person says so, and ending it is said to be forgetting', async () => {
    await createFor(`b2://${bucketName}/papers/report`)
    await button('Link anyway').click()
    await dialog('Link copied').getByText('as you said').waitFor()
    const url = await copiedLink()
    expect(await open(url)).toBe('this is Papers/report')
    await button('Done').click()
    await row('report').getByText('opens 1 more file').waitFor()
    await endLink('report', /takes no address back/, 'Forget link')
    expect(await open(url)).toBe('this is Papers/report')
    await show(/^Over/)
    await row('Opens still')
      .getByText(/^until/)
      .waitFor()
    await show(/^Active/)
  })

  it('since another file has come is shown with it, until a person says that this is all right', async () => {
    await createFor(`b2://${bucketName}/papers/plan.txt`)
    await dialog('Link copied').waitFor()
    await button('Done').click()
    put('Papers/plan.txt.bak')
    await row('plan.txt').getByText('papers/plan.txt.bak').first().waitFor()
    await app.window.getByRole('navigation').getByRole('button', { name: 'Links 1' }).waitFor()
    await showView('Problems')
    await button('Show the links').click()
    await button('That is all right: plan.txt').click()
    await row('plan.txt').getByText('opens 1 more file').waitFor()
    await button('That is all right: plan.txt').waitFor({ state: 'detached' })
    await app.window.getByRole('navigation').getByRole('button', { name: 'Links', exact: true }).waitFor()
  })
})

describe('a link to what is no file in B2', () => {
  it('opens a copy that is sent for it where a person says so, and nothing once it is ended', async () => {
    await button('Create a link').first().click()
    await chooseFiles(put('Desk/offer.txt'))
    await button('Create and copy').click()
    await dialog('This file is not in B2').getByText(bucketName).waitFor()
    await button('Send a copy').click()
    await dialog('Link copied').waitFor()
    const url = await copiedLink()
    await waitFor('the copy', async () => (await open(url)) === 'this is Desk/offer.txt')
    await button('Done').click()
    await endLink('offer.txt', /copy that was sent/, 'End link')
    await waitFor('the copy to be gone', async () => (await open(url)) === 404)
  })

  it('opens a list where it is a folder', async () => {
    await createFor(`b2://${bucketName}/papers/Photos/`)
    await dialog('Link copied').waitFor()
    const page = await open(await copiedLink())
    expect(page).toContain('sea.jpg')
    await button('Done').click()
    await row('Photos').getByText('opens a list of its files').waitFor()
  })
})

describe('a link by the command line, beside the app', () => {
  it('is made by the app, with its key, and is in its list', async () => {
    const file = put('Papers/shell.txt')
    const env = { PAIL_DATA_DIR: data.path, PAIL_B2_REALM: emulator.realm }
    const { code, stdout } = await runCli(['link', file], { env })
    expect(code).toBe(0)
    await waitFor('the file', async () => (await open(stdout.trim())) === 'this is Papers/shell.txt')
    await row('shell.txt').getByText('7 days left').waitFor()
  })
})

describe('the domain of a bucket', () => {
  it('is led to from the view, and new links begin with it', async () => {
    await app.window.getByText("Links begin with B2's own address").waitFor()
    await button('Use a domain of your own').click()
    const host = await openDoor()
    const field = app.window.getByLabel(`Domain for links to ${bucketName}`)
    await field.fill(host)
    await field.press('Enter')
    await app.window.getByText(`${host} answered.`).waitFor()
    await showView('Links')
    await app.window.getByText(`Links to ${bucketName} begin with ${host}`).waitFor()
    await createFor(`b2://${bucketName}/papers/notes.txt`)
    await dialog('Link copied').waitFor()
    const url = await copiedLink()
    expect(url.startsWith(`http://${host}/file/${bucketName}/papers/notes.txt?`)).toBe(true)
    expect(await open(url)).toBe('this is Papers/notes.txt')
    await button('Done').click()
  })
})
