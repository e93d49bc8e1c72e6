/** The set-up in the real window: with a limited key, with a master key, and with several folders, by mouse and by keyboard. */
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startEmulator, type Emulator } from '../b2-emulator/emulator.ts'
import {
  DesktopApp,
  EVERYDAY,
  filesContaining,
  makeTempFolder,
  readBucket,
  readKeychain,
  readTree,
} from '../support/desktop-app.ts'
import { waitFor } from '../support/wait-for.ts'

const bucketName = 'pail-e2e'

/** An app that is not set up, an account with two buckets, and two folders. */
function openScene() {
  const data = makeTempFolder('data')
  const home = makeTempFolder('home')
  const folder = (name: string) => join(home.path, name)
  let emulator: Emulator | null = null
  let app: DesktopApp | null = null
  return {
    data,
    folder,
    get emulator(): Emulator {
      if (emulator === null) throw new Error('the emulator has not started')
      return emulator
    },
    get app(): DesktopApp {
      if (app === null) throw new Error('the app has not started')
      return app
    },
    async open(): Promise<void> {
      emulator = await startEmulator({
        buckets: [{ bucketName }, { bucketName: 'open-files', bucketType: 'allPublic' }],
      })
      for (const name of ['Fotos', 'Docs', 'Music/Live']) mkdirSync(folder(name), { recursive: true })
      for (const name of ['a.jpg', 'b.jpg', 'Thumbs.db']) writeFileSync(join(folder('Fotos'), name), name)
      symlinkSync('a.jpg', join(folder('Fotos'), 'latest'))
      writeFileSync(join(folder('Docs'), 'report.txt'), 'a report')
      writeFileSync(join(folder('Music/Live'), 'song.flac'), 'la la')
      app = await DesktopApp.start({ realm: emulator.realm, dataFolder: data.path })
    },
    async close(): Promise<void> {
      await app?.quit().catch(() => undefined)
      await emulator?.stop()
      data.remove()
      home.remove()
    },
  }
}

/** What the bucket holds below a place is what the folder holds and Pail sends. */
async function untilSent(emulator: Emulator, prefix: string, folder: string, leftOut: readonly string[] = []) {
  const expected = [...readTree(folder)].filter(([path]) => !leftOut.includes(path)).toSorted()
  await waitFor('the bucket to hold the folder', async () => {
    const sent = [...(await readBucket(emulator, bucketName, prefix))].toSorted()
    return sent.length === expected.length && sent
  })
  expect([...(await readBucket(emulator, bucketName, prefix))].toSorted()).toEqual(expected)
}

describe('the set-up with a limited key', () => {
  const scene = openScene()
  beforeAll(() => scene.open())
  afterAll(() => scene.close())
  let key: ReturnType<Emulator['createKey']>

  it('takes a pasted key apart, and says in one sentence that B2 does not accept it', async () => {
    const { app } = scene
    const pasted = 'keyID:\n004a1b2c3d4e5f60000000001\nkeyName:\npail\napplicationKey:\nK004AbCdEfGhIjKlMnOpQrStUvWxYz0'
    await app.electron.evaluate(async ({ clipboard }, text) => {
      await clipboard.writeText(text)
    }, pasted)
    const keyId = app.window.getByLabel('Key ID')
    await keyId.focus()
    await app.window.keyboard.press('Control+V')
    expect(await keyId.inputValue()).toBe('004a1b2c3d4e5f60000000001')
    await app.window.keyboard.press('Enter')
    const alert = app.window.getByRole('alert')
    await alert.waitFor()
    expect(await alert.innerText()).toMatch(/^B2 does not accept this key\.\s+It may have been deleted, or a character/)
  })

  it('shows what the key can do and where, before anything is kept', async () => {
    const { app, emulator } = scene
    const bucketIds = [emulator.buckets.find((bucket) => bucket.bucketName === bucketName)?.bucketId ?? '']
    key = emulator.createKey({ capabilities: EVERYDAY, bucketIds, namePrefix: 'laptop/' })
    await app.connect(key.applicationKeyId, key.applicationKey)
    const summary = app.window.getByRole('region', { name: 'What the key may do' })
    await summary.waitFor()
    const text = await summary.innerText()
    for (const part of [bucketName, 'only those that begin with laptop/', ...EVERYDAY]) expect(text).toContain(part)
    expect(readKeychain(key.applicationKeyId)).toBeNull()
  })

  it('leads to the one bucket by itself', async () => {
    const { app } = scene
    await app.takeKey()
    expect(await app.window.getByRole('radio', { name: bucketName }).isChecked()).toBe(true)
    expect(await app.window.getByRole('radio').count()).toBe(1)
    await app.window.getByText('The key is for this bucket alone.').waitFor()
    await app.window.keyboard.press('Enter')
  })

  it('says what a folder holds, what of it is left out and why, and what that costs', async () => {
    const { app, folder } = scene
    await app.answerFolderDialog(folder('Fotos'))
    await app.window.getByRole('button', { name: 'Choose folders' }).click()
    const row = app.window.getByRole('listitem', { name: 'Fotos' })
    await row.getByText('2 files').waitFor()
    await row.getByText('2 things are left out').click()
    expect((await row.innerText()).replace(/\s+/g, ' ')).toMatch(
      /1 Temporary and system files Thumbs\.db.* 1 Symbolic links, which Pail does not follow latest/,
    )
    expect(await app.window.getByTestId('setup-amount').innerText()).toBe('2 files, 10 B, about 1 s, free of charge')
    expect(await row.innerText()).toContain(`${bucketName}/laptop/`)
  })

  it('refuses with one sentence what overlaps, and what is no folder', async () => {
    const { app, folder } = scene
    await app.answerFolderDialog(join(folder('Fotos'), '..'))
    await app.window.getByRole('button', { name: 'Choose more' }).click()
    await app.window.getByText(/ overlaps with .*Fotos, which is synced or chosen already\.$/).waitFor()
    expect(await app.window.getByRole('listitem', { name: 'Fotos' }).count()).toBe(1)
  })

  it('takes folders that are dropped on the window, and no files', async () => {
    const { app, folder } = scene
    await drop(app, [join(folder('Fotos'), 'a.jpg')])
    await app.window.getByText('Only folders can be synced.').waitFor()
    await drop(app, [folder('Music/Live'), folder('Docs'), join(folder('Fotos'), 'a.jpg')])
    for (const name of ['Live', 'Docs']) await app.window.getByRole('listitem', { name }).waitFor()
    await app.window.getByRole('button', { name: 'Remove Live' }).click()
    expect(await app.window.getByRole('listitem', { name: 'Live' }).count()).toBe(0)
  })

  it('keeps every answer while going back and forth', async () => {
    const { app } = scene
    const place = app.window.getByRole('listitem', { name: 'Docs' }).getByLabel('Place in the bucket')
    await place.fill('work/docs')
    await app.window.getByRole('button', { name: 'Continue' }).click()
    await app.window.getByRole('radio', { name: 'Keep it in B2' }).click()
    for (const question of ['Which folders?', 'Which bucket?', 'Connect to Backblaze B2']) {
      await app.window.keyboard.press('Escape')
      await app.window.getByRole('heading', { name: question }).waitFor()
    }
    await app.window.getByRole('button', { name: 'Folders', exact: true }).click()
    expect(await place.inputValue()).toBe('work/docs/')
    await app.window.getByRole('button', { name: 'Deleted files' }).click()
    expect(await app.window.getByRole('radio', { name: 'Keep it in B2' }).isChecked()).toBe(true)
  })

  it('says what the key may not do with deleted files, and offers what works', async () => {
    const { app } = scene
    for (const name of [/remove it after/, /Delete it/]) {
      expect(await app.window.getByRole('radio', { name }).isDisabled()).toBe(true)
    }
    await app.window.getByText('it lacks readBuckets and writeBuckets. Keeping and hiding work.').waitFor()
    await app.window.getByText('it lacks deleteFiles. Keeping and hiding work.').waitFor()
  })

  it('syncs all of them, below the place that the key is for', async () => {
    const { app, emulator, folder } = scene
    await app.startSyncing()
    await app.waitForStatus(/^Up to date\s*3 files/)
    await untilSent(emulator, 'laptop/Fotos/', folder('Fotos'), ['Thumbs.db', 'latest'])
    await untilSent(emulator, 'laptop/work/docs/', folder('Docs'))
    expect(readKeychain(key.applicationKeyId)).toBe(key.applicationKey)
  })
})

describe('the set-up with a master key', () => {
  const scene = openScene()
  beforeAll(() => scene.open())
  afterAll(() => scene.close())

  it('says what becomes of it', async () => {
    const { app, emulator } = scene
    await app.window.getByLabel('Key ID').focus()
    await app.window.keyboard.type(emulator.applicationKeyId)
    await app.window.keyboard.press('Tab')
    await app.window.keyboard.type(emulator.applicationKey)
    await app.window.keyboard.press('Enter')
    await app.window.getByText('This is a master key').waitFor()
    await app.window.getByText('is written nowhere').waitFor()
    await app.window.keyboard.press('Enter')
    await app.window.getByRole('radiogroup', { name: 'Buckets' }).waitFor()
  })

  it('warns of a public bucket, and makes a private one that is encrypted', async () => {
    const { app, emulator } = scene
    await app.window.getByRole('radio', { name: 'open-files' }).click()
    await app.window.getByText('Anyone who knows or guesses an address').waitFor()
    await app.window.getByRole('button', { name: 'Create a bucket' }).click()
    const name = app.window.getByLabel('Name of the new bucket')
    const make = app.window.getByRole('button', { name: 'Create private bucket' })
    for (const [typed, said] of [
      ['my bucket', 'not a space'],
      ['b2-mine', 'Names that begin with b2- are reserved.'],
      ['short', '1 character more'],
      ['open-files', 'You have a bucket with this name already'],
    ] as const) {
      await name.fill(typed)
      await app.window.getByText(said).waitFor()
      expect(await make.isDisabled()).toBe(true)
    }
    emulator.failNext('create_bucket', { status: 400, code: 'duplicate_bucket_name' })
    await name.fill('pail-e2e-made')
    await name.press('Enter')
    await app.window.getByText('Somebody has a bucket with this name already.').waitFor()
    await name.fill('pail-e2e-made-2')
    await name.press('Enter')
    await app.window.getByRole('radio', { name: 'pail-e2e-made-2', checked: true }).waitFor()
    const made = emulator.buckets.find((bucket) => bucket.bucketName === 'pail-e2e-made-2')
    expect(made).toMatchObject({ bucketType: 'allPrivate', defaultServerSideEncryption: { mode: 'SSE-B2' } })
    await app.window.getByRole('radio', { name: bucketName, exact: true }).click()
  })

  it('is led to the end by the keyboard alone, and makes a key that may do just what is needed', async () => {
    const { app, emulator, folder } = scene
    const { keyboard } = app.window
    await keyboard.press('Enter')
    await app.window.getByRole('heading', { name: 'Which folders?' }).waitFor()
    await app.answerFolderDialog(folder('Fotos'), folder('Docs'))
    await keyboard.press('Enter')
    await app.window.getByTestId('folder-preview').nth(1).waitFor()
    const places = app.window.getByLabel('Place in the bucket')
    await places.nth(0).fill('pc/fotos')
    await places.nth(1).fill('pc/docs')
    await keyboard.press('Enter')
    await app.window.getByRole('heading', { name: 'And when you delete' }).waitFor()
    await keyboard.press('ArrowDown')
    await app.window.getByText('names that begin with pc/').waitFor()
    emulator.clearCalls()
    await keyboard.press('Enter')
    await app.window.getByRole('heading', { name: 'Pail has a key of its own now' }).waitFor()
    await app.window.getByText('It was in memory only and is stored nowhere.').waitFor()
    const [made] = emulator.calls.filter(({ operation }) => operation === 'create_key')
    expect(made).toMatchObject({ applicationKeyId: emulator.applicationKeyId, status: 200 })
    const text = await app.window.getByRole('region', { name: 'What the key may do' }).innerText()
    for (const part of [bucketName, 'only those that begin with pc/', 'readBuckets, writeBuckets']) {
      expect(text).toContain(part)
    }
    await keyboard.press('Enter')
    await app.waitForStatus(/^Up to date\s*3 files/)
  })

  it('sent the files with the limited key, and set the rule for the two places alone', async () => {
    const { emulator, folder } = scene
    await untilSent(emulator, 'pc/fotos/', folder('Fotos'), ['Thumbs.db', 'latest'])
    await untilSent(emulator, 'pc/docs/', folder('Docs'))
    const uploads = emulator.calls.filter(({ operation }) => operation === 'upload_file')
    expect(uploads.map(({ applicationKeyId }) => applicationKeyId)).not.toContain(emulator.applicationKeyId)
    const bucket = emulator.buckets.find((one) => one.bucketName === bucketName)
    expect(bucket?.lifecycleRules.map(({ fileNamePrefix }) => fileNamePrefix).toSorted()).toEqual([
      'pc/docs/',
      'pc/fotos/',
    ])
  })

  it('left the master key nowhere', async () => {
    const { app, data, emulator } = scene
    expect(readKeychain(emulator.applicationKeyId)).toBeNull()
    expect(filesContaining(data.path, emulator.applicationKey)).toEqual([])
    expect(filesContaining(data.path, 'engine started').length).toBeGreaterThan(0)
    expect(await app.window.evaluate(() => document.documentElement.outerHTML)).not.toContain(emulator.applicationKey)
  })

  it('adds another folder later with the key that was made, where that reaches', async () => {
    const { app, emulator, folder } = scene
    await app.window.getByRole('button', { name: 'Add a folder' }).click()
    await app.window.getByRole('radio', { name: bucketName }).waitFor()
    await app.window.getByRole('button', { name: 'Continue' }).click()
    await app.answerFolderDialog(folder('Music'))
    await app.window.getByRole('button', { name: 'Choose folders' }).click()
    await app.window.getByText(`${bucketName}/pc/`).waitFor()
    await app.window.getByRole('button', { name: 'Continue' }).click()
    await app.startSyncing()
    await app.waitForStatus(/^Up to date\s*4 files/)
    expect(emulator.listVisible(bucketName, 'pc/Music/').map(({ fileName }) => fileName)).toEqual([
      'pc/Music/Live/song.flac',
    ])
  })

  it('makes another key for all folders when that one is gone, and goes on', async () => {
    const { app, emulator, folder } = scene
    const former = emulator.calls.filter(({ operation }) => operation === 'upload_file').at(-1)?.applicationKeyId ?? ''
    emulator.revokeKey(former)
    writeFileSync(join(folder('Docs'), 'more.txt'), 'more')
    await app.window.getByRole('button', { name: 'Enter the key again' }).first().click()
    await app.connect(emulator.applicationKeyId, emulator.applicationKey)
    await app.window.getByText('This is a master key').waitFor()
    await app.window.getByRole('button', { name: 'Continue' }).click()
    await app.window.getByRole('heading', { name: 'Pail has a key of its own now' }).waitFor()
    await app.window.getByRole('button', { name: 'Show my folders' }).click()
    await app.waitForStatus(/^Up to date\s*5 files/)
    await untilSent(emulator, 'pc/docs/', folder('Docs'))
    expect([readKeychain(former), readKeychain(emulator.applicationKeyId)]).toEqual([null, null])
  })
})

/** Drags things from the file manager over the window and lets them go, as the system would report it. */
async function drop(app: DesktopApp, files: readonly string[]): Promise<void> {
  const session = await app.electron.context().newCDPSession(app.window)
  const data = { items: [], files: [...files], dragOperationsMask: 1 }
  for (const type of ['dragEnter', 'dragOver', 'drop'] as const) {
    await session.send('Input.dispatchDragEvent', { type, x: 300, y: 300, data })
  }
  await session.detach()
}
