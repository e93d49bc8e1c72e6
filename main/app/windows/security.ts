/**
 * The walls around the pages: where they come from, what they may load, and everything that is refused.
 * Nothing here is ever relaxed for a page; a page that needs something asks the shell or the engine for it.
 */
import { readFile } from 'node:fs/promises'
import { app, protocol, type Session, type WebContents, type WebPreferences } from 'electron'
import type { Log } from '../logging.ts'
import { appScheme, contentSecurityPolicy, contentTypeOf, fileOfUrl, isAllowedRequest, isOwnUrl } from './app-origin.ts'
import { devServerUrl } from './dev-server.ts'

/** A proxy for everything, loopback included, at a port where nothing may listen. */
const nowhere = { mode: 'fixed_servers', proxyRules: 'http://127.0.0.1:1', proxyBypassRules: '<-loopback>' } as const

/** For every window: no Node, no shared objects, no way around the sandbox. */
export function securePreferences(preload: string): WebPreferences {
  return {
    preload,
    contextIsolation: true,
    sandbox: true,
    nodeIntegration: false,
    nodeIntegrationInWorker: false,
    nodeIntegrationInSubFrames: false,
    webSecurity: true,
    webviewTag: false,
    navigateOnDragDrop: false,
    spellcheck: false,
    devTools: !app.isPackaged,
  }
}

/** What has to be said before Electron is ready. */
export function secureApp(log: Log): void {
  // Where the system can give no sandbox, Pail is started with this switch, and asking for one ends every child process.
  if (!app.commandLine.hasSwitch('no-sandbox')) app.enableSandbox()
  protocol.registerSchemesAsPrivileged([{ scheme: appScheme, privileges: { standard: true, secure: true } }])
  app.on('web-contents-created', (_event, contents) => {
    secureContents(contents, log)
  })
}

/** Serves the pages from `rendererFolder` and shuts the session off from everything else. */
export function secureSession(session: Session, rendererFolder: string, log: Log): void {
  session.protocol.handle(appScheme, ({ url }) => answerWithFile(url, rendererFolder))
  session.webRequest.onBeforeRequest(({ url }, decide) => {
    const allowed = isAllowedRequest(url, devServerUrl())
    if (!allowed) log.warn(`A request of a page was refused: ${withoutQuery(url)}`)
    decide({ cancel: !allowed })
  })
  session.setPermissionRequestHandler((_contents, permission, decide) => {
    log.warn(`A page asked for the permission ${permission} and was refused`)
    decide(false)
  })
  session.setPermissionCheckHandler(() => false)
  session.setDevicePermissionHandler(() => false)
  session.setSpellCheckerEnabled(false)
  // WebRTC alone passes by the content policy and the request filter: every way out leads to a proxy that is not there.
  if (devServerUrl() === null) void session.setProxy(nowhere)
  session.on('will-download', (event) => {
    event.preventDefault()
  })
}

function secureContents(contents: WebContents, log: Log): void {
  contents.on('will-navigate', (event) => {
    if (isOwnUrl(event.url, devServerUrl())) return
    log.warn(`A navigation was refused: ${withoutQuery(event.url)}`)
    event.preventDefault()
  })
  contents.on('will-attach-webview', (event) => {
    event.preventDefault()
  })
  contents.setWebRTCIPHandlingPolicy('disable_non_proxied_udp')
  contents.setWindowOpenHandler(() => ({ action: 'deny' }))
}

async function answerWithFile(url: string, folder: string): Promise<Response> {
  const file = fileOfUrl(url, folder)
  try {
    if (file === null) return new Response(null, { status: 404 })
    return new Response(await readFile(file), {
      headers: {
        'content-type': contentTypeOf(file),
        'content-security-policy': contentSecurityPolicy,
        'x-content-type-options': 'nosniff',
        'cache-control': 'no-store',
      },
    })
  } catch {
    return new Response(null, { status: 404 })
  }
}

// A query can hold a token; the log needs only the place.
function withoutQuery(url: string): string {
  return url.replace(/[?#].*$/s, '').slice(0, 200)
}
