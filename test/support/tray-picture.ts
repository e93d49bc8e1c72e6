/** Tells which of the tray's pictures a panel was given, by their shapes: in one colour, those are what is opaque. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import UPNG from 'upng-js'
import { projectRoot } from '../../scripts/lib.mjs'
import type { TrayProperties } from './dbus-tray.ts'

/** In any pixel: what drawing to a surface and back may round. */
const ROUNDING = 2

const folder = join(projectRoot, 'assets/tray/light')

/** The picture's name without size, such as `paused` or `sending-1`. Throws where it is not exactly one of them. */
export function pictureName({ iconSizes, iconPixels }: TrayProperties): string {
  const [width] = iconSizes[0] ?? []
  // ARGB, so that every fourth byte says how opaque a pixel is.
  const shown = iconPixels.filter((_, index) => index % 4 === 0)
  const alike = picturesOf(width ?? 0).filter(({ opacity }) =>
    opacity.every((value, index) => Math.abs(value - (shown[index] ?? -1 - ROUNDING)) <= ROUNDING),
  )
  const names = [...new Set(alike.map(({ name }) => name))]
  const [name] = names
  if (name === undefined || names.length > 1) throw new Error(`The tray shows ${names.join(' and ') || 'no picture'}`)
  return name
}

type Picture = { readonly name: string; readonly opacity: Buffer }

const known = new Map<number, readonly Picture[]>()

/** Those of that many pixels; a file of twice the pixels is named after the panel it is for. */
function picturesOf(pixels: number): readonly Picture[] {
  const found = known.get(pixels) ?? readdirSync(folder).flatMap((file) => readPicture(file, pixels) ?? [])
  known.set(pixels, found)
  return found
}

function readPicture(file: string, pixels: number): Picture | null {
  const [, name, size, twice] = /^(.+?)-(\d+)(@2x)?\.png$/.exec(file) ?? []
  if (name === undefined || Number(size) * (twice === undefined ? 1 : 2) !== pixels) return null
  const bytes = readFileSync(join(folder, file))
  const image = UPNG.decode(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength))
  const [colours] = UPNG.toRGBA8(image)
  return { name, opacity: Buffer.from(colours ?? new ArrayBuffer(0)).filter((_, index) => index % 4 === 3) as Buffer }
}
