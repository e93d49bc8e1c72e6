/**
 * What the receiver of a link sees of the file: its name and its type.
 *
 * The name goes into a header that B2 takes in ASCII alone, without the extended form for everything else. Where it does not
 * fit, browsers take the name from the address, which has it whole.
 */
import { lastPart } from './object-url.ts'

/** Types by ending, of what people share. B2 guesses too, but knows fewer, and no charset: umlauts would come out wrong. */
const TYPES: Readonly<Record<string, string>> = {
  ...all('text/plain; charset=utf-8', 'txt log md ini conf cfg yml yaml toml srt tex'),
  ...all('text/csv; charset=utf-8', 'csv'),
  ...all('application/json', 'json'),
  ...all('application/pdf', 'pdf'),
  ...all('image/jpeg', 'jpg jpeg'),
  ...all('image/png', 'png'),
  ...all('image/gif', 'gif'),
  ...all('image/webp', 'webp'),
  ...all('image/avif', 'avif'),
  ...all('image/heic', 'heic'),
  ...all('image/tiff', 'tif tiff'),
  ...all('audio/mpeg', 'mp3'),
  ...all('audio/mp4', 'm4a'),
  ...all('audio/flac', 'flac'),
  ...all('audio/ogg', 'ogg opus'),
  ...all('audio/wav', 'wav'),
  ...all('video/mp4', 'mp4 m4v'),
  ...all('video/quicktime', 'mov'),
  ...all('video/webm', 'webm'),
  ...all('video/x-matroska', 'mkv'),
  ...all('application/zip', 'zip'),
  ...all('application/gzip', 'gz tgz'),
  ...all('application/x-7z-compressed', '7z'),
  ...all('application/epub+zip', 'epub'),
  ...all('application/rtf', 'rtf'),
  ...all('application/msword', 'doc'),
  ...all('application/vnd.ms-excel', 'xls'),
  ...all('application/vnd.ms-powerpoint', 'ppt'),
  ...all('application/vnd.openxmlformats-officedocument.wordprocessingml.document', 'docx'),
  ...all('application/vnd.openxmlformats-officedocument.spreadsheetml.sheet', 'xlsx'),
  ...all('application/vnd.openxmlformats-officedocument.presentationml.presentation', 'pptx'),
  ...all('application/vnd.oasis.opendocument.text', 'odt'),
  ...all('application/vnd.oasis.opendocument.spreadsheet', 'ods'),
  ...all('application/vnd.oasis.opendocument.presentation', 'odp'),
  ...all('text/calendar; charset=utf-8', 'ics'),
  ...all('text/vcard; charset=utf-8', 'vcf'),
}

export type Seen = { readonly b2ContentDisposition: string; readonly b2ContentType?: string | undefined }

/**
 * For a server's name; always the same for one name, as the token and the address have to say the same. What has no type here
 * keeps the one that it was stored with, and is downloaded instead of shown: it may be a page with a script, as an SVG may.
 */
export function seenByReceiver(name: string): Seen {
  const last = lastPart(name)
  const ending = /\.([^.]+)$/.exec(last)?.[1]?.toLowerCase() ?? ''
  const type = Object.hasOwn(TYPES, ending) ? TYPES[ending] : undefined
  const how = type === undefined ? 'attachment' : 'inline'
  const quoted = last.replaceAll(/["\\]/g, String.raw`\$&`)
  const b2ContentDisposition = /^[\x20-\x7e]+$/.test(last) ? `${how}; filename="${quoted}"` : how
  return type === undefined ? { b2ContentDisposition } : { b2ContentDisposition, b2ContentType: type }
}

function all(type: string, endings: string): Record<string, string> {
  return Object.fromEntries(endings.split(' ').map((ending) => [ending, type]))
}
