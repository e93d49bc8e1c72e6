/** The key is nowhere but in the keychain and in memory, and links open what the bucket holds. */
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { createFileLogger } from '../../main/engine/lib/logger.ts'
import { askForLink, fileTarget, linkTo } from '../support/links.ts'
import { tempFolder } from '../support/temp-folder.ts'
import { openBench, type Bench } from '../support/test-bench.ts'
import { waitFor } from '../support/wait-for.ts'

let bench: Bench
afterEach(() => bench.close())

/** Every byte below a folder, by file. */
function everyFile(folder: string): Map<string, Buffer> {
  const paths = readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((name) => join(folder, name))
  return new Map(paths.filter((path) => statSync(path).isFile()).map((path) => [path, readFileSync(path)]))
}

describe('the application key', () => {
  it('is in no file below the data folder, no log, no snapshot and no error, whatever goes wrong', async () => {
    const logs = tempFolder()
    const logger = createFileLogger(logs)
    logger.level = 'trace'
    bench = await openBench({ logger })
    const said: string[] = []
    bench.write('a', 'a')
    bench.write('bell\u0007', 'refused')
    await bench.connect()
    bench.engine.start()
    const end = bench.engine.subscribe((snapshot) => said.push(JSON.stringify(snapshot)))
    await bench.addFolder()
    await waitFor('a', () => bench.remote()['a'] !== undefined)
    const { applicationKey } = bench.emulator
    const typo = `${applicationKey.slice(0, -1)}#`
    const failed = await bench.connect({ ...bench.emulator, applicationKey: typo }).catch((error: unknown) => error)
    said.push(JSON.stringify(failed), String((failed as Error).stack), JSON.stringify((failed as Error).cause ?? null))
    bench.emulator.expireTokens()
    bench.emulator.failNext('upload_file', { status: 500, count: 8 })
    bench.write('b', 'b')
    await waitFor('b', () => bench.remote()['b'] !== undefined)
    bench.emulator.revokeKey(bench.emulator.applicationKeyId)
    bench.write('c', 'c')
    await bench.untilSnapshot('the rejection', ({ problems }) => problems.some(({ code }) => code === 'key_rejected'))
    logger.error({ applicationKey, nested: { applicationKey } }, 'a careless line')
    end()
    await bench.stopEngine()
    await waitFor('the log', () => [...everyFile(logs).values()].some((bytes) => bytes.includes('a careless line')))
    const files = new Map([...everyFile(bench.dataFolder), ...everyFile(logs)])
    const secrets = [applicationKey, typo, Buffer.from(applicationKey).toString('base64').slice(4, -4)]
    const basic = Buffer.from(`${bench.emulator.applicationKeyId}:${applicationKey}`).toString('base64')
    for (const secret of [...secrets, basic.slice(20)]) {
      expect([...files].filter(([, bytes]) => bytes.includes(secret)).map(([path]) => path)).toEqual([])
      expect(said.filter((text) => text.includes(secret))).toEqual([])
    }
    expect([...files.keys()].some((path) => path.endsWith('pail.db'))).toBe(true)
    // The same search does find what is there.
    expect([...files.values()].some((bytes) => bytes.includes(bench.emulator.applicationKeyId))).toBe(true)
  })

  it('is kept in a place that only its owner may look into', async () => {
    bench = await openBench()
    await bench.begin()
    const mode = (path: string) => (statSync(path).mode & 0o777).toString(8)
    expect(mode(bench.dataFolder)).toBe('700')
    const files = readdirSync(bench.dataFolder)
    expect(files).toContain('pail.db-wal')
    expect(files.map((name) => mode(join(bench.dataFolder, name)))).toEqual(files.map(() => '600'))
  })
})

describe('a share link', () => {
  const names = ['plain.txt', 'Ünï cödé + 100%/🪣 #1?.txt', "it's (a) *.txt", 'a&b=c;d', 'e\u0301']

  it('opens a file of a private bucket with nothing but the link, for as long as it says', async () => {
    bench = await openBench()
    for (const name of names) bench.write(name, `content of ${name}`)
    await bench.begin()
    for (const path of names) {
      const link = await linkTo(bench.engine, fileTarget(bench.folderId, path), { validSeconds: 3600 })
      expect(link.expiresAt).toBeGreaterThan(bench.clock.now() + 3_590_000)
      expect(link.expiresAt).toBeLessThanOrEqual(bench.clock.now() + 3_600_000)
      const answer = await fetch(link.url)
      expect([answer.status, await answer.text()]).toEqual([200, `content of ${path}`])
      expect((await fetch(link.url.replace(/\?.*/, ''))).status).toBe(401)
    }
    const [first] = names
    const link = await linkTo(bench.engine, fileTarget(bench.folderId, first ?? ''))
    bench.emulator.expireTokens('download')
    expect((await fetch(link.url)).status).toBe(401)
  })

  it('is plain and lasts for a public bucket', async () => {
    bench = await openBench()
    const bucket = bench.emulator.createBucket('public-files', 'allPublic')
    bench.write('a b', 'public')
    await bench.connect()
    bench.engine.start()
    await bench.addFolder(bench.root, 'some prefix', bucket.bucketName)
    await bench.untilStatus('up-to-date')
    const link = await linkTo(bench.engine, fileTarget(bench.folderId, 'a b'))
    expect(link.expiresAt).toBeNull()
    expect(link.url).not.toContain('Authorization')
    expect(await (await fetch(link.url)).text()).toBe('public')
  })

  it('is refused for what the bucket does not hold', async () => {
    bench = await openBench()
    bench.write('report', 'x')
    bench.write('report2', 'x')
    await bench.begin()
    const { folderId } = bench
    const ask = (path: string) => askForLink(bench.engine, fileTarget(folderId, path))
    expect(await ask('missing')).toMatchObject({ kind: 'refused', code: 'not_found' })
    expect(await ask('repor')).toMatchObject({ kind: 'refused', code: 'not_found' })
    bench.remove('report')
    await bench.untilInSync()
    expect(await ask('report')).toMatchObject({ kind: 'refused', code: 'not_found' })
    const other = await askForLink(bench.engine, fileTarget(999 as never, 'report2'))
    expect(other).toMatchObject({ kind: 'refused', code: 'not_found' })
  })

  it('names the capability when the key may not share', async () => {
    bench = await openBench()
    bench.write('a', 'a')
    const capabilities = ['listBuckets', 'listFiles', 'readFiles', 'writeFiles']
    await bench.connect(bench.emulator.createKey({ capabilities }))
    bench.engine.start()
    await bench.addFolder()
    await bench.untilInSync()
    const answer = await askForLink(bench.engine, fileTarget(bench.folderId, 'a'))
    const why = { code: 'capability_missing', details: { capability: 'shareFiles' } }
    expect(answer).toMatchObject({ kind: 'refused', ...why })
  })
})
