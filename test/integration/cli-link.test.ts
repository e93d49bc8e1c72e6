/** `pail link` as people and scripts run it. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest'
import { MOST_LINKS } from '../../shared/model/link.ts'
import { startEmulator, type Emulator } from '../b2-emulator/emulator.ts'
import { runCli, startCli } from '../support/cli.ts'
import { tempFolder } from '../support/temp-folder.ts'
import { waitFor } from '../support/wait-for.ts'

const BUCKET = 'pail-links'

let emulator: Emulator
let root: string
let env: Record<string, string>

beforeEach(async () => {
  emulator = await startEmulator({ buckets: [{ bucketName: BUCKET }] })
  onTestFinished(() => emulator.stop())
  const home = tempFolder()
  root = join(home, 'Documents')
  mkdirSync(join(root, 'album'), { recursive: true })
  const files = { 'ä b+c.txt': 'hello', report: 'public', 'report-private': 'secret', 'album/one': '1' }
  for (const [name, content] of Object.entries(files)) writeFileSync(join(root, name), content)
  env = {
    PAIL_B2_REALM: emulator.realm,
    PAIL_DATA_DIR: join(home, 'data'),
    B2_APPLICATION_KEY_ID: emulator.applicationKeyId,
    B2_APPLICATION_KEY: emulator.applicationKey,
  }
  const { code } = await runCli(['sync', root, `b2://${BUCKET}/docs`, '--once'], { env })
  expect(code).toBe(0)
})

const link = (...args: readonly string[]) => runCli(['link', ...args], { env })
const lines = (stdout: string) => stdout.trimEnd().split('\n')
const copies = () => emulator.listVisible(BUCKET).filter(({ fileName }) => fileName.includes('.pail-shares/'))

describe('pail link', () => {
  it('prints a link for each path and object, in their order, that opens it', async () => {
    const targets = [join(root, 'ä b+c.txt'), `b2://${BUCKET}/docs/album/one`]
    const { code, stdout, stderr } = await link(...targets)
    expect([code, stderr.match(/works until/g)?.length]).toEqual([0, 2])
    const texts = await Promise.all(lines(stdout).map(async (url) => (await fetch(url)).text()))
    expect(texts).toEqual(['hello', '1'])
  })

  it('tells programs in JSON what came of each, and how long it works', async () => {
    const { code, stdout } = await link(join(root, 'album/one'), join(root, 'none'), '--json', '--expires', '90m')
    const [one, none] = lines(stdout).map((line) => JSON.parse(line) as Record<string, string>)
    expect(code).toBe(1)
    expect(one).toMatchObject({ kind: 'ready', behind: 'original', isPublic: false })
    const left = Date.parse(one?.['expiresAt'] ?? '') - Date.now()
    expect(left).toBeGreaterThan(85 * 60_000)
    expect(left).toBeLessThanOrEqual(90 * 60_000)
    expect(none).toEqual({ target: join(root, 'none'), kind: 'refused', code: 'not_found' })
  })

  it('refuses where a link would open more, says what, and does as it is told then', async () => {
    const asked = await link(join(root, 'report'))
    expect([asked.code, asked.stdout]).toEqual([4, ''])
    expect(asked.stderr).toMatch(/also open docs\/report-private.*--copy.*--anyway/)
    const copied = await link(join(root, 'report'), '--copy')
    expect(copied.code).toBe(0)
    expect(await (await fetch(copied.stdout.trim())).text()).toBe('public')
    expect(copies()).toHaveLength(1)
    const anyway = await link(join(root, 'report'), '--anyway')
    expect(anyway.stdout).toMatch(/\/docs\/report\?/)
  })

  it('links a folder as a page', async () => {
    const { stdout } = await link(join(root, 'album'))
    expect(await (await fetch(stdout.trim())).text()).toContain('>one<')
  })

  it('says that a file is in no folder, is not in B2 yet, or is no time', async () => {
    const outside = await link(join(root, '..'))
    expect([outside.code, outside.stderr]).toEqual([1, expect.stringContaining('Add this folder to Pail')])
    writeFileSync(join(root, 'new'), 'x')
    const early = await link(join(root, 'new'))
    expect([early.code, early.stderr]).toEqual([0, expect.stringContaining('not in B2 yet')])
    expect((await link(root, '--expires', '8d')).code).toBe(2)
    expect((await link('b2://no-such-bucket/x')).code).toBe(3)
  })

  it('needs no data folder for objects', async () => {
    const { PAIL_DATA_DIR: _, ...rest } = env
    const home = tempFolder()
    const elsewhere = { ...rest, HOME: home, XDG_DATA_HOME: join(home, 'share') }
    const { code, stdout } = await runCli(['link', `b2://${BUCKET}/docs/report`, '--copy'], { env: elsewhere })
    expect(code).toBe(0)
    expect(await (await fetch(stdout.trim())).text()).toBe('public')
  })
})

describe('pail link beside a `pail sync` that goes on', () => {
  it('asks it: the link is in its register, and works once the file is in B2', async () => {
    const running = startCli(['sync', root, `b2://${BUCKET}/docs`], { env })
    onTestFinished(() => void running.process.kill('SIGKILL'))
    await waitFor('it to run', () => running.stderr().includes('Up to date'))
    const ready = await link(join(root, 'album/one'), `b2://${BUCKET}/docs/ä b+c.txt`)
    const texts = await Promise.all(lines(ready.stdout).map(async (url) => (await fetch(url)).text()))
    expect(texts).toEqual(['1', 'hello'])
    // Its folders are the only ones.
    const outside = await link(tempFolder())
    expect([outside.code, outside.stderr]).toEqual([1, expect.stringContaining('Add this folder to Pail')])
    emulator.failNext('upload_file', { kind: 'stall-before', count: Infinity })
    writeFileSync(join(root, 'new'), 'fresh')
    const early = await link(join(root, 'new'))
    expect([early.code, early.stderr]).toEqual([0, expect.stringContaining('goes before everything else')])
    emulator.clearFaults()
    // What has begun to wait for an answer would go on with that.
    await emulator.setReachable(false)
    await emulator.setReachable(true)
    await waitFor('the link to work', async () => (await fetch(early.stdout.trim())).ok)
    expect(await (await fetch(early.stdout.trim())).text()).toBe('fresh')
    running.process.kill('SIGKILL')
    await running.ended
    // What it has left behind is in nobody's way.
    expect((await link(join(root, 'album/one'))).code).toBe(0)
  })

  it('takes more of them than can be asked for at once', async () => {
    const running = startCli(['sync', root, `b2://${BUCKET}/docs`], { env })
    onTestFinished(() => void running.process.kill('SIGKILL'))
    await waitFor('it to run', () => running.stderr().includes('Up to date'))
    const none = Array.from({ length: MOST_LINKS }, (_, i) => join(root, `none-${i}`))
    const { code, stdout } = await link(...none, join(root, 'album/one'), '--json')
    expect([code, lines(stdout).length]).toEqual([1, MOST_LINKS + 1])
    expect(JSON.parse(lines(stdout).at(-1) ?? '')).toMatchObject({ kind: 'ready' })
  })

  it('ends at Ctrl-C, also without one', async () => {
    const running = startCli(['sync', root, `b2://${BUCKET}/docs`], { env })
    onTestFinished(() => void running.process.kill('SIGKILL'))
    await waitFor('it to run', () => running.stderr().includes('Up to date'))
    emulator.failNext('list_file_versions', { kind: 'stall-before', count: Infinity })
    for (const isAlone of [false, true]) {
      if (isAlone) {
        running.process.kill('SIGKILL')
        await running.ended
      }
      await waitFor('nothing to be asked', () => emulator.inFlight === 0)
      const asking = startCli(['link', join(root, 'album/one')], { env })
      onTestFinished(() => void asking.process.kill('SIGKILL'))
      await waitFor('B2 to be asked', () => emulator.inFlight === 1)
      asking.process.kill('SIGINT')
      expect(await asking.ended).toMatchObject({ code: 130, stdout: '', stderr: '' })
    }
  })

  it('prints the links that it has made also where something keeps the others from being made', async () => {
    const { PAIL_DATA_DIR: _, ...rest } = env
    const home = tempFolder()
    const elsewhere = { ...rest, HOME: home, XDG_DATA_HOME: join(home, 'share') }
    const other = join(home, 'Other')
    mkdirSync(other)
    writeFileSync(join(other, 'b'), 'b')
    expect((await runCli(['sync', other, `b2://${BUCKET}/other`, '--once'], { env: elsewhere })).code).toBe(0)
    const running = startCli(['sync', root, `b2://${BUCKET}/docs`], { env: elsewhere })
    onTestFinished(() => void running.process.kill('SIGKILL'))
    await waitFor('it to run', () => running.stderr().includes('Up to date'))
    const wrongKey = { ...elsewhere, B2_APPLICATION_KEY: 'wrong' }
    const both = await runCli(['link', join(other, 'b'), join(root, 'album/one')], { env: wrongKey })
    expect(both.code).toBe(3)
    expect(await (await fetch(both.stdout.trim())).text()).toBe('1')
    expect(both.stderr.match(/works until/g)).toHaveLength(1)
  })
})
