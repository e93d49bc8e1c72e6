/** Pictures small enough to keep beside the source: the window has few colours, and a palette holds them. */
import UPNG from 'upng-js'

/** The most that a PNG's palette has. */
const COLOURS = 256

/** The same picture with a palette; shades that differ by less than an eye sees become one. */
export function smallPng(png: Buffer): Buffer {
  const { buffer, byteOffset, byteLength } = png
  const picture = UPNG.decode(buffer.slice(byteOffset, byteOffset + byteLength) as ArrayBuffer)
  return Buffer.from(UPNG.encode(UPNG.toRGBA8(picture), picture.width, picture.height, COLOURS))
}
