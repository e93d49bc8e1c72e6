/** A folder as people have them: pictures, documents, a video, names with spaces, umlauts and emoji. Always the same. */
import { mkdirSync, utimesSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

/** 2026-08-01, so that dates in file managers look like a holiday's. */
const TAKEN_AT = Date.UTC(2026, 7, 1, 9)

const jpegHead = Buffer.from('ffd8ffe000104a46494600010100000100010000', 'hex')
const pdfHead = Buffer.from('%PDF-1.7\n')
const mp4Head = Buffer.from('000000206674797069736f6d0000020069736f6d69736f32617663316d703431', 'hex')

/** What B2 takes under no name: a tab is in it. Windows knows no such names. */
export const REFUSED_FILE = 'Documents/Recipe\tAna.txt'

/** Adds a file that cannot be sent, to see what becomes of one. */
export function addRefusedFile(root: string): void {
  writeFileSync(join(root, ...REFUSED_FILE.split('/')), 'Two lemons, salt, olive oil.\n')
}

/** Makes the folder and returns how many files it holds. */
export function makeSampleFolder(root: string): number {
  const files: [path: string, content: Buffer | string][] = [
    ...Array.from({ length: 12 }, (_, index): [string, Buffer] => {
      const name = `IMG_${String(index + 1).padStart(4, '0')}.jpg`
      return [`Photos/${name}`, fill(jpegHead, 900_000 + index * 137_000, index)]
    }),
    ['Photos/Sunset 🌅 at the pier.jpg', fill(jpegHead, 2_400_000, 21)],
    ['Photos/Café & Gelato.png', fill(Buffer.from('89504e470d0a1a0a', 'hex'), 1_100_000, 22)],
    ['Videos/Ferry arriving.mp4', fill(mp4Head, 48_000_000, 23)],
    ['Documents/Booking confirmation.pdf', fill(pdfHead, 180_000, 24)],
    ['Documents/Old tickets.pdf', fill(pdfHead, 95_000, 25)],
    ['Documents/Übersicht Kosten.xlsx', fill(Buffer.from('504b0304', 'hex'), 42_000, 26)],
    ['Documents/Route map (final) 100%.svg', '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"/>\n'],
    ['Documents/Notes + ideas #2.md', '# Ideas\n\n- the small beach\n- market on Saturday\n'],
    ['Packing list.txt', 'Sun cream\nTowel\nBook\n'],
    ['Diary/Day 1.md', 'We missed the first ferry.\n'],
    ['Diary/Day 2.md', 'We did not miss the second one.\n'],
    ['Diary/Día 3 🐚.md', 'Shells, and a crab.\n'],
    ['Diary/empty page.md', ''],
  ]
  for (const [path, content] of files) {
    const file = join(root, ...path.split('/'))
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, content)
    utimesSync(file, TAKEN_AT / 1000, TAKEN_AT / 1000)
  }
  return files.length
}

/** Bytes that look like nothing else: a file's head, then a sequence that never repeats in these sizes. */
function fill(head: Buffer, sizeBytes: number, seed: number): Buffer {
  const bytes = Buffer.allocUnsafe(sizeBytes)
  let state = (seed + 1) * 2_654_435_761
  for (let at = 0; at + 4 <= sizeBytes; at += 4) {
    // xorshift32: small, fast, and the same on every machine.
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    bytes.writeInt32LE(state | 0, at)
  }
  head.copy(bytes)
  return bytes.subarray(0, sizeBytes)
}
