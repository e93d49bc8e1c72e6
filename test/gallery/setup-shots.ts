/** Pictures of the four questions of the set-up. */
import type { Page } from 'playwright-core'
import type { Shot } from './shot.ts'

export const setupShots: readonly Shot[] = [
  { name: 'setup-key', scene: 'fresh', steps: (page) => page.getByLabel('Key ID').waitFor() },
  { name: 'setup-key-rejected', scene: 'fresh', steps: (page) => check(page, 'wrong', 'alert') },
  { name: 'setup-key-offline', scene: 'fresh', steps: (page) => check(page, 'offline', 'alert') },
  { name: 'setup-key-full', scene: 'fresh', steps: (page) => check(page, 'right') },
  { name: 'setup-key-limited', scene: 'fresh', steps: (page) => check(page, 'limited') },
  { name: 'setup-key-readonly', scene: 'fresh', steps: (page) => check(page, 'readonly', 'alert') },
  { name: 'setup-key-master', scene: 'fresh', steps: (page) => check(page, 'master') },
  { name: 'setup-bucket', scene: 'fresh', steps: (page) => toBuckets(page, 'master') },
  { name: 'setup-bucket-public', scene: 'fresh', steps: (page) => chooseBucket(page, 'open-files', 'master') },
  { name: 'setup-bucket-limited', scene: 'fresh', steps: (page) => toBuckets(page, 'limited') },
  { name: 'setup-bucket-empty', scene: 'noFolder', steps: (page) => page.getByText('No bucket yet').waitFor() },
  { name: 'setup-bucket-first', scene: 'newAccount', steps: makeFirstBucket },
  { name: 'setup-bucket-create', scene: 'fresh', steps: (page) => typeBucketName(page, 'maria photos') },
  { name: 'setup-bucket-taken', scene: 'fresh', steps: createTakenBucket },
  { name: 'setup-folders', scene: 'fresh', steps: (page) => toFolders(page, 'right') },
  { name: 'setup-folders-chosen', scene: 'fresh', steps: (page) => chooseFolders(page, 'master') },
  { name: 'setup-folders-left-out', scene: 'fresh', steps: openLeftOut },
  { name: 'setup-folders-limited', scene: 'fresh', steps: (page) => chooseFolders(page, 'limited') },
  { name: 'setup-folders-counting', scene: 'fresh', steps: countFolder },
  { name: 'setup-folders-refused', scene: 'fresh', steps: refuseFolder },
  { name: 'setup-folders-same-place', scene: 'fresh', steps: meetInOnePlace },
  { name: 'setup-deletions', scene: 'fresh', steps: (page) => toDeletions(page, 'master') },
  { name: 'setup-deletions-limited', scene: 'fresh', steps: (page) => toDeletions(page, 'limited') },
  { name: 'setup-deletions-days', scene: 'fresh', steps: (page) => answer(page, /remove it after/) },
  { name: 'setup-deletions-delete', scene: 'fresh', steps: (page) => answer(page, /Delete it from B2/) },
  { name: 'setup-deletions-conflict', scene: 'fresh', steps: meetOtherRule },
  { name: 'setup-done', scene: 'fresh', steps: finish },
  { name: 'setup-reconnect-lost', scene: 'problem', steps: losePlaces },
  {
    name: 'german-setup-key',
    scene: 'fresh',
    language: 'de',
    steps: (page) => page.getByLabel('Schlüssel-ID').waitFor(),
  },
  { name: 'german-setup-folders', scene: 'fresh', language: 'de', steps: germanFolders },
  { name: 'german-setup-deletions', scene: 'fresh', language: 'de', steps: germanDeletions },
]

async function check(page: Page, keyId: string, role?: 'alert'): Promise<void> {
  await page.getByLabel('Key ID').fill(keyId)
  await page.getByLabel('Application key').fill('K004abcdefghijklmnopqrstuvwxyz01')
  await page.getByRole('button', { name: 'Connect' }).click()
  if (role === undefined) await page.getByRole('region', { name: 'What the key may do' }).waitFor()
  else await page.getByRole('alert').first().waitFor()
}

async function toBuckets(page: Page, keyId: string): Promise<void> {
  await check(page, keyId)
  await goOn(page)
  await page.getByRole('radio', { name: 'maria-backup' }).waitFor()
}

async function chooseBucket(page: Page, name: string, keyId: string): Promise<void> {
  await toBuckets(page, keyId)
  await page.getByRole('radio', { name }).click()
}

async function typeBucketName(page: Page, name: string): Promise<void> {
  await toBuckets(page, 'master')
  await page.getByRole('button', { name: 'Create a bucket' }).click()
  await page.getByLabel('Name of the new bucket').fill(name)
}

async function makeFirstBucket(page: Page): Promise<void> {
  await check(page, 'master')
  await goOn(page)
  await page.getByLabel('Name of the new bucket').waitFor()
}

async function createTakenBucket(page: Page): Promise<void> {
  await typeBucketName(page, 'taken-name')
  await page.getByRole('button', { name: 'Create private bucket' }).click()
  await page.getByText('Choose another one').waitFor()
}

async function toFolders(page: Page, keyId: string): Promise<void> {
  await chooseBucket(page, 'maria-backup', keyId)
  await goOn(page)
  await page.getByRole('button', { name: 'Choose folders' }).waitFor()
}

async function chooseFolders(page: Page, keyId: string): Promise<void> {
  await toFolders(page, keyId)
  await page.getByRole('button', { name: 'Choose folders' }).click()
  await page.getByTestId('folder-preview').nth(1).waitFor()
}

async function openLeftOut(page: Page): Promise<void> {
  await chooseFolders(page, 'right')
  await page.getByText('15 things are left out').click()
  await page.getByText('latest').waitFor()
}

async function addMore(page: Page, folder: string): Promise<void> {
  await chooseFolders(page, 'right')
  await page.evaluate(`window.nextFolders = ${JSON.stringify([`/home/maria/${folder}`])}`)
  await page.getByRole('button', { name: 'Choose more' }).click()
}

async function countFolder(page: Page): Promise<void> {
  await addMore(page, 'Everything')
  await page.getByText('Counting files').waitFor()
}

async function refuseFolder(page: Page): Promise<void> {
  await addMore(page, 'Music')
  await page.getByRole('alert').waitFor()
}

async function meetInOnePlace(page: Page): Promise<void> {
  await chooseFolders(page, 'right')
  await page.getByLabel('Place in the bucket').nth(1).fill('Pictures/old')
  await page.getByText('Pictures is there already').waitFor()
}

async function toDeletions(page: Page, keyId: string): Promise<void> {
  await chooseFolders(page, keyId)
  await goOn(page)
  await page.getByRole('radio', { name: 'Keep it in B2' }).waitFor()
}

async function answer(page: Page, name: RegExp): Promise<void> {
  await toDeletions(page, 'master')
  await page.getByRole('radio', { name }).click()
}

async function meetOtherRule(page: Page): Promise<void> {
  await answer(page, /remove it after/)
  await start(page)
  await page.getByRole('alert').waitFor()
}

async function finish(page: Page): Promise<void> {
  await toDeletions(page, 'master')
  await start(page)
  await page.getByRole('button', { name: 'Show my folders' }).waitFor()
}

async function losePlaces(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Enter the key again' }).click()
  await check(page, 'limited', 'alert')
}

async function germanFolders(page: Page): Promise<void> {
  await page.getByLabel('Schlüssel-ID').fill('master')
  await page.getByLabel('Anwendungsschlüssel (').fill('K004abcdefghijklmnopqrstuvwxyz01')
  await page.getByRole('button', { name: 'Verbinden' }).click()
  await page.getByRole('region', { name: 'Was der Schlüssel darf' }).waitFor()
  await germanGoOn(page)
  await page.getByRole('radio', { name: 'maria-backup' }).click()
  await germanGoOn(page)
  await page.getByRole('button', { name: 'Ordner wählen' }).click()
  await page.getByTestId('folder-preview').nth(1).waitFor()
}

async function germanDeletions(page: Page): Promise<void> {
  await germanFolders(page)
  await germanGoOn(page)
  await page.getByRole('radio', { name: 'Ausblenden und' }).click()
}

function goOn(page: Page): Promise<void> {
  return page.getByRole('button', { name: 'Continue' }).click()
}

function germanGoOn(page: Page): Promise<void> {
  return page.getByRole('button', { name: 'Weiter', exact: true }).click()
}

function start(page: Page): Promise<void> {
  return page.getByRole('button', { name: 'Start syncing' }).click()
}
