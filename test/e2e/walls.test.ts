/** What the page must not be able to do, tried from inside the page. */
import { createSocket } from 'node:dgram'
import { createServer, type AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startEmulator, type Emulator } from '../b2-emulator/emulator.ts'
import { DesktopApp, makeTempFolder } from '../support/desktop-app.ts'

/** What `window.pail` is to a hostile page. */
type Bridge = {
  readonly [name: string]: { post: (data: unknown) => void; onMessage: (f: (data: unknown) => void) => unknown }
}

describe('the window', () => {
  const data = makeTempFolder('data')
  let emulator: Emulator
  let app: DesktopApp

  beforeAll(async () => {
    emulator = await startEmulator({ buckets: [{ bucketName: 'pail-e2e' }] })
    app = await DesktopApp.start({ realm: emulator.realm, dataFolder: data.path })
    await app.connect(emulator.applicationKeyId, emulator.applicationKey)
    await app.takeKey()
    await app.window.getByRole('radio', { name: 'pail-e2e' }).waitFor()
  })

  afterAll(async () => {
    await app.quit().catch(() => undefined)
    await emulator.stop()
    data.remove()
  })

  it('has no Node and no Electron', async () => {
    const found = await app.window.evaluate(() =>
      ['require', 'process', 'module', 'Buffer', 'global', '__dirname', 'electron', 'ipcRenderer'].filter(
        (name) => name in globalThis,
      ),
    )
    expect(found).toEqual([])
  })

  it('is given two channels, what is dropped on it, and the name of the platform, nothing else', async () => {
    const shape = await app.window.evaluate(() => {
      const { pail } = globalThis as unknown as { pail: Record<string, unknown> }
      return Object.fromEntries(
        Object.entries(pail).map(([name, value]) => [
          name,
          typeof value === 'object' ? Object.keys(value as object) : typeof value,
        ]),
      )
    })
    expect(shape).toEqual({
      engine: ['post', 'onMessage'],
      shell: ['post', 'onMessage'],
      onDropped: 'function',
      platform: 'string',
    })
  })

  it('is told of nothing that it has dropped itself', async () => {
    const told = await app.window.evaluate(async () => {
      const { pail } = globalThis as unknown as { pail: { onDropped: (f: (drop: unknown) => void) => unknown } }
      const drops: unknown[] = []
      pail.onDropped((drop) => drops.push(drop))
      const dataTransfer = new DataTransfer()
      dataTransfer.items.add(new File(['x'], 'passwd'))
      document.body.dispatchEvent(new DragEvent('drop', { bubbles: true, dataTransfer }))
      await new Promise((resolve) => setTimeout(resolve, 0))
      return drops
    })
    expect(told).toEqual([])
  })

  it('cannot get the key by any call', async () => {
    const answers = await app.window.evaluate(async () => {
      const { pail } = globalThis as unknown as { pail: Bridge }
      const seen: unknown[] = []
      const names = [
        'getSnapshot listBuckets listActivity disconnect connectAccount createLinks getInfo getApplicationKey getKey',
        'checkKey holdMasterKey forgetMasterKey addFolders getMasterKey',
        'getCredentials constructor __proto__ toString $functions secrets get',
      ].flatMap((line) => line.split(' '))
      for (const channel of ['engine', 'shell']) {
        pail[channel]?.onMessage((message) => seen.push(message))
        for (const [index, name] of names.entries()) {
          pail[channel]?.post({ t: 'q', m: name, i: `probe-${index}-a`, a: [undefined] })
          pail[channel]?.post({ t: 'q', m: name, i: `probe-${index}-b`, a: [{ limit: 100 }] })
        }
        for (const hostile of [
          null,
          1,
          'x',
          [],
          { t: 's', i: '1', r: {} },
          { t: 'q' },
          { client: 'main', data: {} },
          { control: 'stop' },
        ]) {
          pail[channel]?.post(hostile)
        }
      }
      await new Promise((resolve) => setTimeout(resolve, 1500))
      return JSON.stringify(seen)
    })
    expect(answers).toContain('"probe-0-a"')
    expect(answers).toContain('bad_request')
    expect(answers).not.toContain(emulator.applicationKey)
    expect(await app.window.evaluate(() => document.documentElement.outerHTML)).not.toContain(emulator.applicationKey)
  })

  it('still works after such messages', async () => {
    await app.window.getByRole('button', { name: 'Back' }).click()
    await app.window.getByRole('button', { name: 'Use another key' }).click()
    await app.connect(emulator.applicationKeyId, emulator.applicationKey)
    await app.takeKey()
    await app.window.getByRole('radio', { name: 'pail-e2e' }).waitFor()
  })

  it('cannot run text as code, load anything from outside, or talk to a server', async () => {
    const tried = await app.window.evaluate(async (realm) => {
      const attempt = async (action: () => unknown) => {
        try {
          await action()
          return 'done'
        } catch {
          return 'refused'
        }
      }
      const load = (tag: 'script' | 'img', src: string) =>
        new Promise((resolve, reject) => {
          const element = document.createElement(tag)
          element.onload = resolve
          element.onerror = reject
          element.src = src
          document.body.append(element)
        })
      return {
        // From a timer: the debugger's own evaluation is allowed what the page is not.
        eval: await new Promise((resolve) => {
          setTimeout(() => {
            try {
              ;(0, eval)('1 + 1')
              resolve('done')
            } catch {
              resolve('refused')
            }
          })
        }),
        fetch: await attempt(() => fetch(`${realm}/b2api/v4/b2_authorize_account`)),
        fetchFile: await attempt(() => fetch('file:///etc/passwd')),
        socket: await attempt(
          () =>
            new Promise((resolve, reject) => {
              const socket = new WebSocket(realm.replace('http', 'ws'))
              socket.onopen = resolve
              socket.onerror = reject
            }),
        ),
        script: await attempt(() => load('script', `${realm}/x.js`)),
        image: await attempt(() => load('img', `${realm}/x.png`)),
        opened: window.open('https://example.com') === null ? 'refused' : 'done',
        notifications: await Notification.requestPermission(),
      }
    }, emulator.realm)
    expect(tried).toEqual({
      eval: 'refused',
      fetch: 'refused',
      fetchFile: 'refused',
      socket: 'refused',
      script: 'refused',
      image: 'refused',
      opened: 'refused',
      notifications: 'denied',
    })
  })

  it('cannot talk past the content policy with WebRTC', async () => {
    const heard: string[] = []
    const udp = createSocket('udp4', () => heard.push('udp'))
    const tcp = createServer((socket) => {
      heard.push('tcp')
      socket.destroy()
    })
    await new Promise<void>((done) => udp.bind(0, '127.0.0.1', done))
    await new Promise<void>((done) => tcp.listen(0, '127.0.0.1', done))
    const tcpPort = (tcp.address() as AddressInfo).port
    try {
      await app.window.evaluate(
        async ([stun, turn]) => {
          const urls = [stun, turn]
          const line = new RTCPeerConnection({ iceServers: [{ urls, username: 'secret', credential: 'secret' }] })
          line.createDataChannel('out')
          await line.setLocalDescription(await line.createOffer())
          // Long enough for three attempts of each, the first of which is made at once.
          await new Promise((resolve) => setTimeout(resolve, 1500))
          line.close()
        },
        [`stun:127.0.0.1:${udp.address().port}`, `turn:127.0.0.1:${tcpPort}?transport=tcp`] as const,
      )
      expect(heard).toEqual([])
    } finally {
      udp.close()
      tcp.close()
    }
  })

  it('runs sandboxed and isolated', async () => {
    const preferences = await app.electron.evaluate(({ BrowserWindow }) => {
      const { webContents } = BrowserWindow.getAllWindows()[0] ?? {}
      const all = (
        webContents as unknown as { getLastWebPreferences: () => Record<string, unknown> }
      ).getLastWebPreferences()
      const names = [
        'sandbox contextIsolation webSecurity nodeIntegration nodeIntegrationInWorker nodeIntegrationInSubFrames',
        'webviewTag allowRunningInsecureContent experimentalFeatures enableBlinkFeatures navigateOnDragDrop',
      ].flatMap((line) => line.split(' '))
      // What was never set is absent, which is off.
      return Object.fromEntries(names.map((name) => [name, all[name] ?? false]))
    })
    const { sandbox, contextIsolation, webSecurity, ...others } = preferences
    expect({ sandbox, contextIsolation, webSecurity }).toEqual({
      sandbox: true,
      contextIsolation: true,
      webSecurity: true,
    })
    expect(Object.values(others).filter((value) => value !== false && value !== '')).toEqual([])
  })

  it('cannot leave its page', async () => {
    const before = app.window.url()
    // Asked from the main process: Playwright would wait for the navigation that must not come.
    const after = await app.electron.evaluate(async ({ BrowserWindow }) => {
      const contents = BrowserWindow.getAllWindows()[0]?.webContents
      for (const target of ['https://example.com/', 'file:///etc/passwd', 'javascript:document.write(1)']) {
        await contents?.executeJavaScript(`location.href = ${JSON.stringify(target)}; 0`)
        await contents?.executeJavaScript('new Promise((resolve) => setTimeout(resolve, 200))')
      }
      return (await contents?.executeJavaScript(
        '[location.href, document.title, document.querySelectorAll("input[type=radio]").length]',
      )) as unknown
    })
    expect(after).toEqual([before, 'Pail', 1])
  })
})
