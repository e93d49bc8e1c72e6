/** Pictures of the register of links, and of the dialogs about links. */
import type { Page } from 'playwright-core'
import type { Shot } from './shot.ts'

export const linkShots: readonly Shot[] = [
  { name: 'links', scene: 'sharing', steps: (page) => links(page) },
  { name: 'links-chosen', scene: 'sharing', steps: chooseByKeyboard },
  { name: 'links-expires-soon', scene: 'sharing', steps: (page) => show(page, /^Ending soon/, 'garden.pdf') },
  { name: 'links-over', scene: 'sharing', steps: (page) => show(page, /^Over/, '2024.pdf') },
  { name: 'links-opens-more', scene: 'sharing', steps: opensMore },
  { name: 'links-empty', scene: 'idle', steps: (page) => links(page) },
  { name: 'links-none-over', scene: 'idle', steps: (page) => show(page, /^Over/, 'No link is over') },
  { name: 'links-not-connected', scene: 'notConnected', steps: notConnected },
  { name: 'links-no-match', scene: 'sharing', steps: noMatch },
  { name: 'links-broken', scene: 'sharing', steps: broken },
  { name: 'links-many', scene: 'manyLinks', steps: scrollFar },
  { name: 'links-copied', scene: 'sharing', steps: (page) => press(page, 'Copy link: 2025.pdf', 'Link copied') },
  { name: 'links-renewed', scene: 'sharing', steps: renew },
  { name: 'links-end-original', scene: 'sharing', steps: (page) => end(page, '2025.pdf') },
  { name: 'links-end-copy', scene: 'sharing', steps: (page) => end(page, 'Q3 report.docx') },
  { name: 'links-end-folder', scene: 'sharing', steps: (page) => end(page, 'Summer') },
  { name: 'links-end-public', scene: 'sharing', steps: (page) => end(page, 'IMG_2041.jpg') },
  { name: 'links-domain', scene: 'sharing', steps: toDomains },
  { name: 'problems-link-opens-more', scene: 'sharing', steps: (page) => view(page, 'Problems') },
  { name: 'link-create', scene: 'sharing', steps: create },
  { name: 'link-create-nothing-sent', scene: 'idle', steps: create },
  { name: 'link-create-wrong', scene: 'sharing', steps: wrongAddress },
  { name: 'link-ready', scene: 'sharing', steps: (page) => make(page, ['/home/maria/Documents/Taxes/2025.pdf']) },
  { name: 'link-promised', scene: 'sharing', steps: (page) => make(page, ['/home/maria/Documents/film.mp4']) },
  { name: 'link-several', scene: 'sharing', steps: several },
  { name: 'link-siblings', scene: 'sharing', steps: (page) => make(page, ['/home/maria/Documents/Reports/report']) },
  { name: 'link-siblings-anyway', scene: 'sharing', steps: (page) => siblings(page, 'Link anyway') },
  { name: 'link-outside', scene: 'sharing', steps: (page) => make(page, ['/home/maria/Desktop/offer.odt']) },
  { name: 'link-outside-sent', scene: 'sharing', steps: sendOutside },
  {
    name: 'link-refused',
    scene: 'sharing',
    steps: (page) => make(page, ['/home/maria/Documents/secret.txt'], 'alert'),
  },
  { name: 'german-links', scene: 'sharing', language: 'de', steps: (page) => links(page) },
  { name: 'german-links-over', scene: 'sharing', language: 'de', steps: (page) => show(page, /^Vorbei/, '2024.pdf') },
  { name: 'german-links-end', scene: 'sharing', language: 'de', steps: germanEnd },
  { name: 'german-links-empty', scene: 'idle', language: 'de', steps: (page) => links(page) },
  { name: 'german-link-create', scene: 'sharing', language: 'de', steps: germanCreate },
]

async function view(page: Page, name: string): Promise<void> {
  await page.getByRole('navigation').getByRole('button', { name }).click()
  await page.getByRole('main', { name }).waitFor()
}

async function links(page: Page): Promise<void> {
  await view(page, 'Links')
  await page
    .getByRole('grid')
    .or(page.getByRole('main').getByRole('heading', { level: 2 }))
    .first()
    .waitFor()
}

async function show(page: Page, which: RegExp, text: string): Promise<void> {
  await links(page)
  await page.getByRole('radio', { name: which }).click()
  await page.getByText(text).first().waitFor()
}

async function press(page: Page, button: string, text: string): Promise<void> {
  await links(page)
  await page.getByRole('button', { name: button }).click()
  await page.getByText(text).first().waitFor()
}

/** With the keys alone: down to the third link, and on to its buttons. */
async function chooseByKeyboard(page: Page): Promise<void> {
  await links(page)
  await page.getByRole('grid').focus()
  for (const key of ['ArrowDown', 'ArrowDown', 'ArrowDown', 'Tab', 'Tab']) await page.keyboard.press(key)
  const focused = await page.evaluate<string>("document.activeElement.getAttribute('aria-label')")
  if (focused !== 'Renew: Q3 report.docx') throw new Error(`The focus is on ${focused}`)
}

async function opensMore(page: Page): Promise<void> {
  await links(page)
  await page.getByRole('textbox', { name: 'Filter by name' }).fill('reports/')
  await page.getByText('2025.pdf').first().waitFor({ state: 'hidden' })
  await page.getByRole('button', { name: 'That is all right: report' }).scrollIntoViewIfNeeded()
}

async function notConnected(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Cancel' }).click()
  await links(page)
}

async function noMatch(page: Page): Promise<void> {
  await links(page)
  await page.getByRole('textbox', { name: 'Filter by name' }).fill('teapot')
  await page.getByText('No link matches').waitFor()
}

async function broken(page: Page): Promise<void> {
  await page.getByRole('main', { name: 'Overview' }).waitFor()
  await page.evaluate('window.isBroken = true')
  await view(page, 'Links')
  await page.getByRole('alert').waitFor()
}

/** To the end of 1,500 links, of which 200 come at once. */
async function scrollFar(page: Page): Promise<void> {
  await links(page)
  await page.getByRole('grid').focus()
  for (;;) {
    await page.keyboard.press('End')
    if (await page.getByText('page 1500.tiff').isVisible()) return
  }
}

async function renew(page: Page): Promise<void> {
  await links(page)
  await page.evaluate("window.nextMenuChoice = 'week'")
  await page.getByRole('textbox', { name: 'Filter by name' }).fill('garden')
  await page.getByText('2025.pdf').first().waitFor({ state: 'hidden' })
  await page.getByRole('button', { name: 'Renew: garden.pdf' }).click()
  await page.getByText('New address copied').first().waitFor()
}

async function end(page: Page, name: string): Promise<void> {
  await links(page)
  await page.getByRole('textbox', { name: 'Filter by name' }).fill(name)
  await page
    .getByRole('row')
    .first()
    .getByRole('button', { name: `End: ${name}` })
    .click()
  await page.getByRole('dialog').waitFor()
  const focused = await page.evaluate<string>('document.activeElement.textContent')
  if (focused !== 'Keep the link') throw new Error(`The focus is on ${focused}`)
}

async function toDomains(page: Page): Promise<void> {
  await links(page)
  await page.getByRole('button', { name: 'Change' }).click()
  await page.getByLabel('Domain for links to open-files').waitFor()
}

async function create(page: Page): Promise<void> {
  await links(page)
  await page.getByRole('button', { name: 'Create a link' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.waitFor()
  const file = dialog.getByText('Documents/Taxes/2025.pdf')
  if ((await file.count()) > 0) await file.click()
}

async function wrongAddress(page: Page): Promise<void> {
  await create(page)
  await page.getByLabel('Or its address in B2').fill('https://f004.backblazeb2.com/file/maria-backup/a.txt')
  await page.getByRole('button', { name: 'Create and copy' }).click()
  await page.getByText('Begins with b2://').waitFor()
}

async function make(page: Page, files: readonly string[], role: 'dialog' | 'alert' = 'dialog'): Promise<void> {
  await links(page)
  await page.getByRole('button', { name: 'Create a link' }).click()
  await page.evaluate(`window.nextFiles = ${JSON.stringify(files)}`)
  await page.getByRole('button', { name: 'Choose files...' }).click()
  await page.getByRole('radio', { checked: true }).first().waitFor()
  await page.getByRole('button', { name: 'Create and copy' }).click()
  await page.getByRole('dialog', { name: 'Create a link' }).waitFor({ state: role === 'dialog' ? 'hidden' : 'visible' })
  await page.getByRole(role).first().waitFor()
}

async function several(page: Page): Promise<void> {
  await make(page, [
    '/home/maria/Documents/Taxes/2025.pdf',
    '/home/maria/Documents/Films/Live at the harbour.mp4',
    '/home/maria/Documents/secret.txt',
  ])
}

async function siblings(page: Page, answer: string): Promise<void> {
  await make(page, ['/home/maria/Documents/Reports/report'])
  await page.getByRole('button', { name: answer }).click()
  await page.getByRole('dialog', { name: 'Link copied' }).waitFor()
}

async function sendOutside(page: Page): Promise<void> {
  await make(page, ['/home/maria/Desktop/offer.odt'])
  await page.getByRole('button', { name: 'Send a copy' }).click()
  await page.getByRole('dialog', { name: 'Link copied' }).waitFor()
}

async function germanEnd(page: Page): Promise<void> {
  await links(page)
  await page.getByRole('button', { name: 'Beenden: 2025.pdf' }).click()
  await page.getByRole('dialog').waitFor()
}

async function germanCreate(page: Page): Promise<void> {
  await links(page)
  await page.getByRole('button', { name: 'Link erstellen' }).click()
  await page.getByRole('dialog').waitFor()
}
