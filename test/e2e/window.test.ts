/** The window comes back where it was, if it can be reached there, and closing it ends nothing. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { startEmulator, type Emulator } from '../b2-emulator/emulator.ts'
import { DesktopApp, makeTempFolder } from '../support/desktop-app.ts'
import { waitFor } from '../support/wait-for.ts'

describe('the window', () => {
  const data = makeTempFolder('data')
  let emulator: Emulator
  let app: DesktopApp

  beforeAll(async () => {
    emulator = await startEmulator({ buckets: [{ bucketName: 'pail-e2e' }] })
  })

  afterEach(async () => {
    await app.quit()
  })

  afterAll(async () => {
    await emulator.stop()
    data.remove()
  })

  const start = async () => {
    app = await DesktopApp.start({ realm: emulator.realm, dataFolder: data.path })
  }
  const bounds = () =>
    app.electron.evaluate(({ BrowserWindow }) => {
      const { x, y, width, height } = BrowserWindow.getAllWindows()[0]?.getBounds() ?? {}
      return { x, y, width, height }
    })
  const moveTo = async (place: { x: number; y: number; width: number; height: number }) => {
    await app.electron.evaluate(({ BrowserWindow }, to) => {
      BrowserWindow.getAllWindows()[0]?.setBounds(to)
    }, place)
    const file = join(data.path, 'window-place.json')
    await waitFor('the place on disk', () => {
      try {
        return (JSON.parse(readFileSync(file, 'utf8')) as { x?: number }).x === place.x
      } catch {
        return false
      }
    })
  }

  it('is as large as it should be the first time', async () => {
    await start()
    expect(await bounds()).toMatchObject({ width: 980, height: 660 })
    await moveTo({ x: 60, y: 40, width: 800, height: 520 })
  })

  it('comes back where it was', async () => {
    await start()
    expect(await bounds()).toEqual({ x: 60, y: 40, width: 800, height: 520 })
    await moveTo({ x: 9000, y: 7000, width: 800, height: 520 })
  })

  it('comes back where it can be reached once its display is gone', async () => {
    await start()
    const { width = 0, height = 0, ...position } = await bounds()
    expect({ width, height }).toEqual({ width: 800, height: 520 })
    const area = await app.electron.evaluate(({ screen }) => screen.getPrimaryDisplay().workArea)
    expect(position.x).toBeLessThan(area.x + area.width)
    expect(position.y).toBeLessThan(area.y + area.height)
  })
})
