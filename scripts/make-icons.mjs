/**
 * Draws every icon in assets/ from the SVGs in assets/source: `node scripts/make-icons.mjs`.
 * The results are committed; run it again after changing a source.
 */
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Resvg } from '@resvg/resvg-js'
import png2icons from 'png2icons'

const assets = join(import.meta.dirname, '../assets')
/** @type {(name: string) => Promise<string>} */
const source = (name) => readFile(join(assets, 'source', name), 'utf8')

/** electron-builder takes the Linux icons by size from icons/. */
const linuxSizes = [16, 24, 32, 48, 64, 128, 256, 512]
/** Up to this size the simpler drawing reads better. */
const largestSmall = 32

const trayStates = ['idle', 'sending-1', 'sending-2', 'paused', 'offline', 'waiting', 'held', 'problem', 'not-set-up']
/** Panels of 16 to 32 px; each also at twice the density. */
const traySizes = [16, 22, 24, 32]
/** The ink for a light panel and for a dark one. */
const trayInks = { light: '#2b3338', dark: '#f2f5f6' }
/** macOS menu bars are 22 pt high; Apple's own items are drawn at about 16 to 18. */
const templateSize = 18

await makeAppIcons()
await makeTrayIcons()

async function makeAppIcons() {
  const large = await source('app-icon.svg')
  const small = await source('app-icon-small.svg')
  /** @type {(size: number) => Buffer} */
  const draw = (size) => render(size <= largestSmall ? small : large, size)
  await mkdir(join(assets, 'icons'), { recursive: true })
  for (const size of linuxSizes) await writeFile(join(assets, `icons/${size}x${size}.png`), draw(size))
  const full = draw(1024)
  await writeFile(join(assets, 'icon.png'), full)
  const icns = png2icons.createICNS(full, png2icons.BICUBIC2, 0)
  if (icns === null) throw new Error('icon.icns could not be made')
  await writeFile(join(assets, 'icon.icns'), icns)
  await writeFile(join(assets, 'icon.ico'), makeIco([16, 24, 32, 48, 64, 128, 256].map((size) => [size, draw(size)])))
}

async function makeTrayIcons() {
  const drawing = await source('tray.svg')
  for (const folder of ['light', 'dark', 'template']) await mkdir(join(assets, 'tray', folder), { recursive: true })
  for (const state of trayStates) {
    for (const [theme, ink] of Object.entries(trayInks)) {
      const svg = trayIcon(drawing, state, ink)
      for (const size of traySizes) {
        await writeFile(join(assets, `tray/${theme}/${state}-${size}.png`), render(svg, size))
        await writeFile(join(assets, `tray/${theme}/${state}-${size}@2x.png`), render(svg, size * 2))
      }
    }
    const svg = trayIcon(drawing, state, '#000000')
    await writeFile(join(assets, `tray/template/${state}Template.png`), render(svg, templateSize))
    await writeFile(join(assets, `tray/template/${state}Template@2x.png`), render(svg, templateSize * 2))
  }
}

/**
 * The pail with a state's shape, in one colour; what lies below the shape is cut out of the pail.
 *
 * @type {(drawing: string, state: string, ink: string) => string}
 */
function trayIcon(drawing, state, ink) {
  const open = /<svg[^>]*>/.exec(drawing)?.[0] ?? ''
  const pail = group(drawing, 'pail')
  const mask = `<mask id="m" maskUnits="userSpaceOnUse" x="0" y="0" width="16" height="16"><rect width="16" height="16" fill="#fff" stroke="none"/>${group(drawing, 'cut')}</mask>`
  const body = state === 'idle' ? pail : `${mask}<g mask="url(#m)">${pail}</g>${group(drawing, state)}`
  return `${open}${body}</svg>`.replaceAll('currentColor', ink)
}

/** @type {(drawing: string, id: string) => string} */
function group(drawing, id) {
  const found = new RegExp(`<g id="${id}">[\\s\\S]*?</g>`).exec(drawing)
  if (found === null) throw new Error(`tray.svg has no group ${id}`)
  return found[0]
}

/** @type {(svg: string, size: number) => Buffer} */
function render(svg, size) {
  return new Resvg(svg, { fitTo: { mode: 'width', value: size } }).render().asPng()
}

/**
 * An ICO of PNG images, each drawn for its size instead of scaled from one.
 *
 * @type {(images: readonly (readonly [number, Buffer])[]) => Buffer}
 */
function makeIco(images) {
  const headerLength = 6 + images.length * 16
  const header = Buffer.alloc(headerLength)
  header.writeUInt16LE(1, 2)
  header.writeUInt16LE(images.length, 4)
  let offset = headerLength
  images.forEach(([size, png], index) => {
    const at = 6 + index * 16
    // A byte holds up to 255; 0 stands for 256.
    header.writeUInt8(size % 256, at)
    header.writeUInt8(size % 256, at + 1)
    header.writeUInt16LE(1, at + 4)
    header.writeUInt16LE(32, at + 6)
    header.writeUInt32LE(png.length, at + 8)
    header.writeUInt32LE(offset, at + 12)
    offset += png.length
  })
  return Buffer.concat([header, ...images.map(([, png]) => png)])
}
