/** Which pictures `shoot.ts` takes: a scene, and what is done in it first. */
import type { Page } from 'playwright-core'
import { linkShots } from './link-shots.ts'
import { setupShots } from './setup-shots.ts'
import type { Shot } from './shot.ts'

export const shots: readonly Shot[] = [
  ...setupShots,
  ...linkShots,
  { name: 'overview-idle', scene: 'idle', steps: overview },
  { name: 'overview-sending', scene: 'sending', steps: overview },
  { name: 'overview-checking', scene: 'checking', steps: overview },
  { name: 'overview-paused', scene: 'paused', steps: overview },
  { name: 'overview-offline', scene: 'offline', steps: overview },
  { name: 'overview-waiting', scene: 'waiting', steps: overview },
  { name: 'overview-held', scene: 'held', steps: overview },
  { name: 'overview-problem', scene: 'problem', steps: overview },
  { name: 'overview-many-problems', scene: 'manyProblems', steps: overview },
  { name: 'overview-long-names', scene: 'longNames', steps: overview },
  {
    name: 'overview-no-folder',
    scene: 'noFolder',
    steps: (page) => page.getByRole('button', { name: 'Later' }).click(),
  },
  { name: 'overview-restarting', scene: 'restarting', steps: (page) => page.getByText('Nothing is lost').waitFor() },
  { name: 'overview-paused-until', scene: 'pausedUntil', steps: overview },
  { name: 'overview-folder-paused', scene: 'folderPaused', steps: overview },
  { name: 'overview-held-one', scene: 'heldRemoving', steps: overview },
  { name: 'overview-overwrite', scene: 'wouldOverwrite', steps: overview },
  { name: 'overview-root-replaced', scene: 'rootReplaced', steps: overview },
  { name: 'decide-emptied-root', scene: 'held', steps: (page) => decide(page) },
  { name: 'decide-delete', scene: 'heldDeleting', steps: pageThrough },
  { name: 'decide-remove-one', scene: 'heldRemoving', steps: (page) => decide(page) },
  { name: 'decide-emptied', scene: 'heldEmptied', steps: (page) => decide(page) },
  { name: 'decide-overwrite', scene: 'wouldOverwrite', steps: (page) => decide(page) },
  { name: 'decide-list-changed', scene: 'held', steps: findListChanged },
  { name: 'decide-done', scene: 'held', steps: keepFiles },
  { name: 'accept-root', scene: 'rootReplaced', steps: acceptRoot },
  { name: 'not-sent', scene: 'idle', steps: (page) => fromMenu(page, 'not-sent') },
  { name: 'not-sent-nothing', scene: 'emptyLists', steps: (page) => fromMenu(page, 'not-sent') },
  { name: 'problems-held', scene: 'held', steps: (page) => view(page, 'Problems') },
  { name: 'problems-overwrite', scene: 'wouldOverwrite', steps: (page) => view(page, 'Problems') },
  { name: 'overview-stop', scene: 'idle', steps: stopFolder },
  { name: 'transfers-sending', scene: 'sending', steps: (page) => view(page, 'Transfers') },
  { name: 'transfers-many', scene: 'manyWaiting', steps: scrollFar },
  { name: 'transfers-selected', scene: 'sending', steps: selectSome },
  { name: 'transfers-all-selected', scene: 'manyWaiting', steps: selectAll },
  { name: 'transfers-filtered', scene: 'sending', steps: (page) => filterBy(page, 'NORWAY') },
  { name: 'transfers-no-match', scene: 'sending', steps: (page) => filterBy(page, 'no such file') },
  { name: 'transfers-failed', scene: 'sending', steps: (page) => showGroup(page, /^Failed/) },
  { name: 'transfers-broken', scene: 'sending', steps: breakLists },
  { name: 'transfers-no-folder', scene: 'noFolder', steps: withoutFolder },
  { name: 'transfers-idle', scene: 'idle', steps: copyLink },
  { name: 'link-opens-more', scene: 'idle', steps: linkSiblings },
  { name: 'german-link-opens-more', scene: 'idle', language: 'de', steps: linkSiblings },
  { name: 'transfers-empty', scene: 'emptyLists', steps: (page) => view(page, 'Transfers') },
  { name: 'transfers-long-names', scene: 'longNames', steps: (page) => view(page, 'Transfers') },
  { name: 'drop-overlay', scene: 'idle', steps: dragOver },
  { name: 'drop-dialog', scene: 'idle', steps: (page) => chooseFiles(page) },
  { name: 'drop-dialog-refused', scene: 'idle', steps: refuseDrop },
  { name: 'drop-dialog-no-room', scene: 'narrowKey', steps: (page) => chooseFiles(page) },
  { name: 'drop-dialog-nothing', scene: 'idle', steps: chooseNothing },
  { name: 'drops', scene: 'dropped', steps: (page) => view(page, 'Transfers') },
  { name: 'drops-done', scene: 'droppedDone', steps: copyLink },
  { name: 'drops-cancel', scene: 'dropped', steps: cancelDrops },
  { name: 'drops-problems', scene: 'dropped', steps: (page) => view(page, 'Problems') },
  { name: 'storage', scene: 'capped', steps: storage },
  { name: 'storage-above', scene: 'aboveCap', steps: storage },
  { name: 'storage-limit', scene: 'capped', steps: (page) => storageLimit(page) },
  { name: 'storage-limit-wrong', scene: 'idle', steps: storageLimitWrong },
  { name: 'german-storage', scene: 'capped', language: 'de', steps: germanStorage },
  { name: 'german-overview-offline', scene: 'offline', language: 'de', steps: germanOverview },
  { name: 'activity', scene: 'idle', steps: activity },
  { name: 'activity-searched', scene: 'idle', steps: (page) => searchActivity(page, 'norway') },
  { name: 'activity-nothing', scene: 'idle', steps: (page) => searchActivity(page, 'nowhere') },
  { name: 'activity-file', scene: 'idle', steps: fileHistory },
  { name: 'activity-exported', scene: 'idle', steps: exportActivity },
  { name: 'activity-scrolled', scene: 'idle', steps: scrollActivity },
  { name: 'german-activity-file', scene: 'idle', language: 'de', steps: germanFileHistory },
  { name: 'activity-empty', scene: 'emptyLists', steps: (page) => view(page, 'Activity') },
  { name: 'problems-many', scene: 'manyProblems', steps: (page) => view(page, 'Problems') },
  { name: 'problems-none', scene: 'idle', steps: (page) => view(page, 'Problems') },
  {
    name: 'reconnect',
    scene: 'problem',
    steps: (page) => page.getByRole('button', { name: 'Enter the key again' }).click(),
  },
  { name: 'settings', scene: 'idle', steps: (page) => view(page, 'Settings') },
  { name: 'settings-right-click', scene: 'idle', steps: (page) => settingsAt(page, 'Right-click menu') },
  {
    name: 'german-settings-right-click',
    scene: 'idle',
    language: 'de',
    steps: async (page) => {
      await page.getByRole('button', { name: 'Einstellungen', exact: true }).click()
      await page.getByText('Rechtsklick-Menü', { exact: true }).first().evaluate(toTop)
    },
  },
  { name: 'file-in-b2', scene: 'idle', steps: (page) => showFiles(page, '/home/maria/Documents/Work/budget.xlsx') },
  {
    name: 'file-left-out',
    scene: 'idle',
    steps: (page) => showFiles(page, '/home/maria/Documents/Taxes/draft.tmp', '/home/maria/Documents/a'),
  },
  { name: 'file-blocked', scene: 'idle', steps: (page) => showFiles(page, '/home/maria/Documents/Plan 2027.docx') },
  { name: 'file-outside', scene: 'idle', steps: (page) => showFiles(page, '/home/maria/Downloads/setup.iso') },
  {
    name: 'german-file-in-b2',
    scene: 'idle',
    language: 'de',
    steps: (page) => showFiles(page, '/home/maria/Documents/Work/budget.xlsx'),
  },
  { name: 'settings-key', scene: 'cautious', steps: (page) => settingsAt(page, 'What it may do') },
  { name: 'settings-folder', scene: 'cautious', steps: (page) => openFolderSettings(page) },
  { name: 'settings-folder-deleted', scene: 'cautious', steps: showDeletion },
  { name: 'settings-ignore', scene: 'idle', steps: writeIgnoreRules },
  { name: 'settings-delete-for-good', scene: 'idle', steps: chooseDelete },
  { name: 'settings-bandwidth', scene: 'scheduled', steps: (page) => settingsAt(page, 'Times of the week') },
  { name: 'settings-paint', scene: 'idle', steps: paintWeek },
  { name: 'settings-links', scene: 'scheduled', steps: setLinkDomains },
  { name: 'settings-links-wrong', scene: 'idle', steps: typeWrongDomain },
  { name: 'settings-proxy', scene: 'idle', steps: typeProxy },
  { name: 'problems-proxy', scene: 'proxySilent', steps: (page) => view(page, 'Problems') },
  { name: 'settings-proxy-silent', scene: 'proxySilent', steps: fromProblemToProxy },
  { name: 'settings-hours', scene: 'cautious', steps: paintHours },
  { name: 'overview-out-of-hours', scene: 'outOfHours', steps: overview },
  { name: 'german-settings-hours', scene: 'outOfHours', language: 'de', steps: germanHours },
  { name: 'settings-start', scene: 'idle', steps: (page) => settingsAt(page, 'Start at login') },
  { name: 'settings-end', scene: 'idle', steps: (page) => settingsAt(page, 'Disconnect from B2') },
  { name: 'settings-search', scene: 'idle', steps: (page) => search(page, 'deleted') },
  { name: 'settings-search-nothing', scene: 'idle', steps: (page) => search(page, 'teapot') },
  { name: 'settings-long-names', scene: 'longNames', steps: (page) => settingsAt(page, 'On this computer') },
  { name: 'settings-language', scene: 'idle', steps: chooseGerman },
  { name: 'german-settings', scene: 'idle', language: 'de', steps: (page) => view(page, 'Einstellungen') },
  {
    name: 'german-settings-bandwidth',
    scene: 'scheduled',
    language: 'de',
    steps: async (page) => {
      await view(page, 'Einstellungen')
      await page.getByText('Zeiten der Woche').evaluate(toTop)
    },
  },
  {
    name: 'german-settings-end',
    scene: 'idle',
    language: 'de',
    steps: async (page) => {
      await view(page, 'Einstellungen')
      await page.getByText('Verbindung zu B2 trennen').evaluate(toTop)
    },
  },
  {
    name: 'german-setup-key',
    scene: 'fresh',
    language: 'de',
    steps: (page) => page.getByLabel('Schlüssel-ID').waitFor(),
  },
  { name: 'german-overview-sending', scene: 'sending', language: 'de', steps: germanOverview },
  { name: 'german-overview-many-problems', scene: 'manyProblems', language: 'de', steps: germanOverview },
  { name: 'german-transfers', scene: 'sending', language: 'de', steps: (page) => view(page, 'Übertragungen') },
  { name: 'german-activity', scene: 'idle', language: 'de', steps: (page) => view(page, 'Verlauf') },
  {
    name: 'german-drop-dialog',
    scene: 'idle',
    language: 'de',
    steps: (page) => chooseFiles(page, 'Dateien wählen...'),
  },
  { name: 'german-drops', scene: 'dropped', language: 'de', steps: (page) => view(page, 'Übertragungen') },
  { name: 'german-decide', scene: 'held', language: 'de', steps: germanDecide },
]

function toTop(element: { scrollIntoView: () => void }): void {
  element.scrollIntoView()
}

/** Opens the settings with one of them at the top. */
async function settingsAt(page: Page, title: string): Promise<void> {
  await view(page, 'Settings')
  await page.getByText(title, { exact: true }).first().evaluate(toTop)
}

/** As after a right click in the file manager. */
async function showFiles(page: Page, ...paths: readonly string[]): Promise<void> {
  await page.evaluate(`window.showFiles(${JSON.stringify(paths)})`)
  await page.getByRole('dialog').locator('svg').first().waitFor()
}

async function openFolderSettings(page: Page): Promise<void> {
  await view(page, 'Settings')
  await page.getByRole('button', { name: 'Settings of Documents' }).click()
  await page.getByLabel('Ignore rules of Documents').evaluate(toTop)
}

async function showDeletion(page: Page): Promise<void> {
  await openFolderSettings(page)
  await page.getByText('Deleted files').first().evaluate(toTop)
  await page.getByLabel('Removed after').first().fill('0')
}

async function writeIgnoreRules(page: Page): Promise<void> {
  await openFolderSettings(page)
  await page.getByLabel('Ignore rules of Documents').fill('*.tiff')
  await page.getByText('Leaves out 1,212 files').waitFor()
}

async function chooseDelete(page: Page): Promise<void> {
  await openFolderSettings(page)
  await page.getByRole('combobox', { name: 'Deleted files' }).first().selectOption('delete')
  await page.getByRole('dialog').getByRole('textbox').fill('maria-back')
  await page.getByRole('button', { name: 'Delete for good from now on' }).waitFor()
}

/** A stroke with the mouse over Tuesday morning, and a few hours of Friday by the keyboard. */
async function paintWeek(page: Page): Promise<void> {
  await settingsAt(page, 'Times of the week')
  const cell = (name: string) => page.getByRole('gridcell', { name })
  await cell('Tuesday, 08:00').hover()
  await page.mouse.down()
  await cell('Tuesday, 09:00').hover()
  await cell('Tuesday, 10:00').hover()
  await page.mouse.up()
  await cell('Friday, 20:00').press(' ')
  for (const _ of ['21', '22', '23']) await page.keyboard.press('Shift+ArrowRight')
  const painted = await page.getByRole('gridcell', { name: 'upload 500 kB/s' }).count()
  if (painted !== 7) throw new Error(`${painted} hours are painted`)
}

async function setLinkDomains(page: Page): Promise<void> {
  await settingsAt(page, 'Domain for links to maria-backup')
  const field = page.getByLabel('Domain for links to maria-backup')
  await field.fill('typo.example.com')
  await field.press('Enter')
  await page.getByText('typo.example.com does not answer').waitFor()
}

async function paintHours(page: Page): Promise<void> {
  await openFolderSettings(page)
  await page.getByRole('combobox', { name: 'Times of sending' }).first().selectOption('some')
  await page.getByRole('gridcell', { name: 'Sunday, 12:00' }).first().press(' ')
  await page.getByText('Whose turn it is').first().evaluate(toTop)
}

async function germanHours(page: Page): Promise<void> {
  await view(page, 'Einstellungen')
  await page.getByRole('button', { name: 'Einstellungen von Documents' }).click()
  await page.getByText('Zeiten des Hochladens').first().evaluate(toTop)
}

async function fromProblemToProxy(page: Page): Promise<void> {
  await view(page, 'Problems')
  await page.getByRole('button', { name: 'Proxy settings' }).click()
  await page.getByRole('combobox', { name: 'Proxy' }).waitFor()
}

async function typeProxy(page: Page): Promise<void> {
  await settingsAt(page, 'Proxy')
  await page.getByRole('combobox', { name: 'Proxy' }).selectOption('address')
  await page.getByLabel('Address', { exact: true }).fill('proxy.example.com')
  await page.getByLabel('Password', { exact: true }).fill('secret')
}

async function typeWrongDomain(page: Page): Promise<void> {
  await settingsAt(page, 'Domain for links to maria-backup')
  await page.getByLabel('Domain for links to maria-backup').fill('http://files.example.com/file')
}

async function search(page: Page, query: string): Promise<void> {
  await view(page, 'Settings')
  await page.getByLabel('Search settings').fill(query)
}

async function chooseGerman(page: Page): Promise<void> {
  await settingsAt(page, 'Language of Pail')
  await page.getByRole('combobox', { name: 'Language of Pail' }).selectOption('de')
  await page.getByRole('combobox', { name: 'Sprache von Pail' }).waitFor()
}

async function germanOverview(page: Page): Promise<void> {
  await page.getByRole('list', { name: 'Zuletzt' }).waitFor()
}

async function germanDecide(page: Page): Promise<void> {
  await germanOverview(page)
  await page.getByRole('button', { name: 'Entscheiden...' }).click()
  await page.getByRole('dialog').getByRole('listitem').first().waitFor()
}

async function overview(page: Page): Promise<void> {
  await page.getByRole('main', { name: 'Overview' }).waitFor()
  await page.getByRole('list', { name: 'Recent' }).waitFor()
}

async function storage(page: Page): Promise<void> {
  await overview(page)
  await page.getByRole('button', { name: /^Storage: / }).click()
  await page.getByRole('region', { name: 'Storage' }).scrollIntoViewIfNeeded()
}

async function storageLimit(page: Page): Promise<void> {
  await storage(page)
  await page.getByRole('button', { name: 'Change the limit' }).click()
  await page.getByLabel('Limit in GB').waitFor()
}

async function storageLimitWrong(page: Page): Promise<void> {
  await overview(page)
  await page.getByRole('button', { name: 'Set a limit' }).click()
  await page.getByLabel('Limit in GB').fill('ten')
  await page.getByRole('button', { name: 'Set limit' }).click()
  await page.getByText('Enter a number').waitFor()
}

async function germanStorage(page: Page): Promise<void> {
  await germanOverview(page)
  await page.getByRole('region', { name: 'Speicher' }).scrollIntoViewIfNeeded()
}

async function view(page: Page, name: string): Promise<void> {
  await page.getByRole('navigation').getByRole('button', { name }).click()
  await page.getByRole('main', { name }).waitFor()
}

/** The rows that show this, under "Transfers". */
function rows(page: Page, text: string | RegExp) {
  return page.getByRole('row').filter({ hasText: text })
}

async function transfers(page: Page): Promise<void> {
  await view(page, 'Transfers')
  await page.getByRole('grid', { name: 'Transfers' }).waitFor()
}

async function scrollFar(page: Page): Promise<void> {
  await transfers(page)
  await page.evaluate("document.querySelector('[role=grid]').scrollTop = 1_800_000")
  await rows(page, /page 0\d{5}/)
    .first()
    .waitFor()
}

async function selectSome(page: Page): Promise<void> {
  await transfers(page)
  await rows(page, 'In line').first().click()
  await rows(page, 'In use by another program').click({ modifiers: ['Shift'] })
  await page.getByRole('grid').press('Control+ArrowUp')
  await page.getByText('selected').first().waitFor()
}

async function selectAll(page: Page): Promise<void> {
  await transfers(page)
  await page.getByRole('grid').press('Control+a')
  await page.getByText('selected').first().waitFor()
}

async function filterBy(page: Page, text: string): Promise<void> {
  await transfers(page)
  await page.getByRole('textbox', { name: 'Filter by name' }).fill(text)
  await page
    .getByText(text === 'NORWAY' ? 'IMG_2041.jpg' : 'No file matches')
    .first()
    .waitFor()
  await rows(page, 'Q3 report.docx').first().waitFor({ state: 'hidden' })
}

async function showGroup(page: Page, name: RegExp): Promise<void> {
  await transfers(page)
  await page.getByRole('radio', { name }).click()
  await rows(page, 'Live at the harbour').first().waitFor({ state: 'hidden' })
}

async function searchActivity(page: Page, text: string): Promise<void> {
  await activity(page)
  await page.getByLabel('Search names and folders').fill(text)
  await page
    .getByText(text === 'nowhere' ? 'Nothing found' : 'Today')
    .first()
    .waitFor()
  await page.getByText('Q3 report.docx').first().waitFor({ state: 'detached' })
}

async function fileHistory(page: Page): Promise<void> {
  await activity(page)
  await page.evaluate("window.nextMenuChoice = 'history'")
  await page.getByRole('button', { name: 'More for Q3 report.docx' }).first().click()
  await page.getByRole('heading', { name: /Everything that happened to/ }).waitFor()
  await page.getByText('Today').waitFor()
}

async function germanFileHistory(page: Page): Promise<void> {
  await view(page, 'Verlauf')
  await page.evaluate("window.nextMenuChoice = 'history'")
  await page.getByRole('button', { name: 'Mehr zu Q3 report.docx' }).first().click()
  await page.getByText('Heute').waitFor()
}

async function exportActivity(page: Page): Promise<void> {
  await activity(page)
  await page.evaluate("window.nextMenuChoice = 'csv'")
  await page.getByRole('button', { name: 'Export' }).click()
  await page.getByText('260 events saved').first().waitFor()
}

/** To the very end, which takes another page, and some of the way back. */
async function scrollActivity(page: Page): Promise<void> {
  await activity(page)
  const list = page.getByRole('group', { name: 'What happened' })
  await list.focus()
  await page.keyboard.press('End')
  // 200 rows and their days are 6,000 pixels high, all of them more.
  while ((await page.evaluate<number>("document.querySelector('[role=group]').scrollHeight")) < 7000);
  await page.keyboard.press('End')
  await page.getByText('Started syncing').waitFor()
  await page.keyboard.press('PageUp')
}

async function breakLists(page: Page): Promise<void> {
  await page.getByRole('main', { name: 'Overview' }).waitFor()
  await page.evaluate('window.isBroken = true')
  await view(page, 'Transfers')
  await page.getByRole('alert').waitFor()
}

async function withoutFolder(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Later' }).click()
  await view(page, 'Transfers')
  await page.getByRole('button', { name: 'Add a folder' }).waitFor()
}

/** Opens a folder's menu and chooses what opens a dialog. */
async function fromMenu(page: Page, choice: string): Promise<void> {
  await page.getByRole('main', { name: 'Overview' }).waitFor()
  await page.evaluate(`window.nextMenuChoice = ${JSON.stringify(choice)}`)
  await page.getByRole('button', { name: 'More for Documents' }).click()
  await page.getByRole('dialog').waitFor()
}

/** Opens the question and checks that the focus is on the answer that changes nothing. */
async function decide(page: Page): Promise<void> {
  await overview(page)
  await page.getByRole('button', { name: 'Decide...' }).click()
  await page.getByRole('dialog').getByRole('listitem').first().waitFor()
  const focused = await page.evaluate<string>('document.activeElement.textContent')
  if (!focused.startsWith('Keep')) throw new Error(`The focus is on ${focused}`)
}

async function pageThrough(page: Page): Promise<void> {
  await decide(page)
  await page.getByRole('button', { name: 'Show more' }).click()
  await page.getByText('7,812 more').waitFor()
  await page.getByRole('button', { name: 'Show more' }).scrollIntoViewIfNeeded()
}

async function findListChanged(page: Page): Promise<void> {
  await decide(page)
  await page.evaluate('window.listChanges = true')
  await page.getByRole('button', { name: /^Hide/ }).click()
  await page.getByText('The list has changed').waitFor()
}

async function keepFiles(page: Page): Promise<void> {
  await decide(page)
  await page.getByRole('button', { name: /^Keep/ }).click()
  await page.getByText('11,227 files stay in B2.').first().waitFor()
}

async function acceptRoot(page: Page): Promise<void> {
  await overview(page)
  await page.getByRole('button', { name: 'This is the folder now...' }).click()
  await page.getByRole('dialog').waitFor()
}

async function stopFolder(page: Page): Promise<void> {
  await overview(page)
  await fromMenu(page, 'stop')
}

async function copyLink(page: Page): Promise<void> {
  await transfers(page)
  await page
    .getByRole('button', { name: /^Copy link/ })
    .first()
    .click()
  await page.getByText('Link copied').first().waitFor()
}

/** The first file that has neighbours, by its name. */
async function linkSiblings(page: Page): Promise<void> {
  await page.evaluate('window.hasSiblings = true')
  await page.getByRole('button', { name: /^(Transfers|Übertragungen)/ }).click()
  await page
    .getByRole('button', { name: /^(Copy link|Link kopieren)/ })
    .first()
    .click()
  await page.getByRole('dialog').waitFor()
}

async function activity(page: Page): Promise<void> {
  await view(page, 'Activity')
  await page.getByText('Today').waitFor()
}

async function dragOver(page: Page): Promise<void> {
  await overview(page)
  await page.evaluate(`{
    const dataTransfer = new DataTransfer()
    dataTransfer.items.add(new File(['x'], 'x.txt'))
    document.body.dispatchEvent(new DragEvent('dragover', { bubbles: true, cancelable: true, dataTransfer }))
  }`)
  await page.getByText('Drop to upload').waitFor()
}

async function chooseFiles(page: Page, button = 'Choose files...'): Promise<void> {
  await page.getByRole('button', { name: button }).click()
  await page.getByTestId('drop-amount').getByText('31').waitFor()
}

async function refuseDrop(page: Page): Promise<void> {
  await chooseFiles(page)
  await page.getByLabel('Place in the bucket').fill('Documents/')
  await page.getByRole('button', { name: /^Upload 31 files/ }).click()
  await page.getByRole('alert').waitFor()
}

async function chooseNothing(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Choose folders...' }).click()
  await page.getByText('Nothing to upload').waitFor()
}

async function cancelDrops(page: Page): Promise<void> {
  await view(page, 'Transfers')
  await page.getByRole('button', { name: 'Cancel all' }).click()
  await page.getByRole('dialog').waitFor()
}
