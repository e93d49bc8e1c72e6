/** Which addresses are Pail's own, and which file each of them is. Pure: decides, opens nothing. */
import { extname, join, sep } from 'node:path'

/** The scheme that serves the window's page, and its only host. */
export const appScheme = 'pail'
const appHost = 'app'

export const appUrl = `${appScheme}://${appHost}/index.html`

/** What the page may load: only what Pail's own scheme serves, and nothing from anywhere else. */
export const contentSecurityPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "font-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ')

const contentTypes: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
}

/** `application/octet-stream` for what the page has no use for. */
export function contentTypeOf(file: string): string {
  return contentTypes[extname(file)] ?? 'application/octet-stream'
}

/** True for an address of Pail's own page: its scheme, or the development server's origin where there is one. */
export function isOwnUrl(url: string, devServerUrl: string | null): boolean {
  const parsed = parseUrl(url)
  if (parsed === null) return false
  if (parsed.protocol === `${appScheme}:`) return parsed.host === appHost
  return devServerUrl !== null && parsed.origin === parseUrl(devServerUrl)?.origin
}

/** True for what a page may request. The development server also keeps a web socket open to its page. */
export function isAllowedRequest(url: string, devServerUrl: string | null): boolean {
  if (isOwnUrl(url, devServerUrl)) return true
  if (devServerUrl === null) return false
  const parsed = parseUrl(url)
  return (
    parsed?.protocol === 'devtools:' || (parsed?.protocol === 'ws:' && parsed.host === parseUrl(devServerUrl)?.host)
  )
}

/** The file below `folder` that an address of Pail's scheme stands for; null when it stands for none. */
export function fileOfUrl(url: string, folder: string): string | null {
  const parsed = parseUrl(url)
  if (parsed === null || !isOwnUrl(url, null)) return null
  let path: string
  try {
    path = decodeURIComponent(parsed.pathname)
  } catch {
    return null
  }
  const file = join(folder, path)
  return file.startsWith(folder + sep) && !path.includes('\0') && !path.includes('\\') ? file : null
}

export type Sender = {
  /** True for the window's main frame, false for a frame inside the page. */
  readonly isMainFrame: boolean
  /** The frame's address; null when the frame is already gone. */
  readonly url: string | null
}

/** True when a message may be acted on: it came from the main frame, and that shows Pail's own page. */
export function isTrustedSender(sender: Sender, devServerUrl: string | null): boolean {
  return sender.isMainFrame && sender.url !== null && isOwnUrl(sender.url, devServerUrl)
}

function parseUrl(url: string): URL | null {
  try {
    return new URL(url)
  } catch {
    return null
  }
}
