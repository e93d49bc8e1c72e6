/** Every screen of the real window, light and dark, looked at by axe. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startEmulator, type Emulator } from '../b2-emulator/emulator.ts'
import { seriousIssues } from '../support/axe.ts'
import { DesktopApp, makeTempFolder } from '../support/desktop-app.ts'
import { waitFor } from '../support/wait-for.ts'

const bucketName = 'pail-e2e'

describe('on every screen axe finds nothing serious', () => {
  const data = makeTempFolder('data')
  const home = makeTempFolder('home')
  const folder = join(home.path, 'Docs')
  let emulator: Emulator
  let app: DesktopApp

  beforeAll(async () => {
    mkdirSync(folder)
    writeFileSync(join(folder, 'a.txt'), 'a')
    // A problem to show, and something that is not sent.
    writeFileSync(join(folder, 'bell\u0007.txt'), 'x')
    writeFileSync(join(folder, '.DS_Store'), 'x')
    emulator = await startEmulator({ buckets: [{ bucketName }] })
    app = await DesktopApp.start({ realm: emulator.realm, dataFolder: data.path })
  })

  afterAll(async () => {
    await app.quit().catch(() => undefined)
    await emulator.stop()
    data.remove()
    home.remove()
  })

  /** In both themes; what is faded in or out meanwhile has come to rest. */
  async function check(): Promise<void> {
    for (const theme of ['light', 'dark'] as const) {
      await app.window.emulateMedia({ colorScheme: theme })
      await waitFor(`the ${theme} theme at rest`, () =>
        app.window.evaluate(
          (isDark) =>
            matchMedia('(prefers-color-scheme: dark)').matches === isDark &&
            document.getAnimations().every(({ playState }) => playState !== 'running'),
          theme === 'dark',
        ),
      )
      expect(await seriousIssues(app.window), theme).toEqual([])
    }
  }

  it('the key', check)

  it('what the key may do', async () => {
    await app.connect(emulator.applicationKeyId, emulator.applicationKey)
    await app.window.getByRole('region', { name: 'What the key may do' }).waitFor()
    await check()
  })

  it('the buckets', async () => {
    await app.takeKey()
    await check()
  })

  it('the overview, with a problem', async () => {
    await app.chooseBucketAndFolder(bucketName, folder, 'docs/')
    await app.waitForStatus(/^Needs you/)
    await check()
  })

  it.each(['Transfers', 'Activity', 'Links', 'Problems', 'Settings'])('%s', async (view) => {
    await app.window.getByRole('navigation').getByRole('button', { name: view }).click()
    await app.window.getByRole('heading', { level: 1, name: view }).waitFor()
    await check()
  })

  it('the question for a link, its answer, and the list with it', async () => {
    const { window } = app
    await window.getByRole('navigation').getByRole('button', { name: 'Links' }).click()
    await window.getByRole('button', { name: 'Create a link' }).click()
    await window.getByRole('radio', { name: 'Docs/a.txt' }).check()
    await check()
    await window.getByRole('button', { name: 'Create and copy' }).click()
    await window.getByRole('dialog', { name: 'Link copied' }).waitFor()
    await check()
    await window.getByRole('button', { name: 'Done' }).click()
    await window.getByRole('row').first().click()
    await check()
    await window.getByRole('button', { name: 'End: a.txt' }).click()
    await window.getByRole('dialog').waitFor()
    await check()
    await window.getByRole('button', { name: 'Keep the link' }).click()
  })
})
