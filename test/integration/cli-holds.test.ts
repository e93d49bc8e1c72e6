/** What `pail sync` asks, how it is answered, and the flags about files that are gone, as people and scripts use them. */
import { mkdirSync, mkdtempSync, readdirSync, realpathSync, renameSync, rmSync, truncateSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createMemoryStore } from '../../main/engine/credentials/memory-store.ts'
import { createEngine } from '../../main/engine/engine.ts'
import { systemClock } from '../../main/engine/lib/clock.ts'
import { silentLogger } from '../../main/engine/lib/logger.ts'
import { AbsolutePath, UnixMs } from '../../shared/ids.ts'
import { startEmulator, type Emulator } from '../b2-emulator/emulator.ts'
import { runCli, startCli, type CliResult } from '../support/cli.ts'
import { localTree, remoteTree, writeFile } from '../support/test-bench.ts'
import { waitFor } from '../support/wait-for.ts'

const BUCKET = 'cli-holds'
const URL = `b2://${BUCKET}`

let home: string
let root: string
let emulator: Emulator
let env: Record<string, string>

beforeEach(async () => {
  home = realpathSync(mkdtempSync(join(tmpdir(), 'pail-cli-test-')))
  root = join(home, 'root')
  mkdirSync(root)
  emulator = await startEmulator({ buckets: [{ bucketName: BUCKET }] })
  env = {
    PAIL_B2_REALM: emulator.realm,
    PAIL_DATA_DIR: join(home, 'data'),
    B2_APPLICATION_KEY_ID: emulator.applicationKeyId,
    B2_APPLICATION_KEY: emulator.applicationKey,
  }
})
afterEach(async () => {
  await emulator.stop()
  rmSync(home, { recursive: true, force: true })
})

const write = (path: string, content: string) => writeFile(join(root, path), content)
const remove = (...paths: readonly string[]) => {
  for (const path of paths) rmSync(join(root, path))
}
const once = (...flags: readonly string[]) =>
  runCli(['sync', root, URL, '--once', '--json', '--delete-delay', '1', ...flags], { env })
const remote = () => remoteTree(emulator, BUCKET)
const number = (index: number) => String(index).padStart(3, '0')

/** So many files in B2 and on disk, named `file-000` and so on. */
async function synced(files: number): Promise<readonly string[]> {
  const names = Array.from({ length: files }, (_, index) => `file-${number(index)}`)
  for (const name of names) write(name, `content of ${name}`)
  expect((await once()).code).toBe(0)
  return names
}

/** The list that the run asked about. */
function listOf({ stderr }: CliResult): string {
  const listId = /, list (\S+):$/m.exec(stderr)?.[1]
  if (listId === undefined) throw new Error(`No list in:\n${stderr}`)
  return listId
}

describe('many files that are gone', () => {
  it('are asked about: exit code 4, how many of how many, some names, and the two ways out', async () => {
    const names = await synced(100)
    remove(...names.slice(0, 60))
    const before = remote()
    const run = await once()
    expect(run.code).toBe(4)
    const listId = listOf(run)
    expect(run.stderr).toContain(`60 files are gone at once from ${root}`)
    expect(run.stderr).toContain(
      [
        `60 of 100 files, 1.1 kB, list ${listId}:`,
        ...names.slice(0, 5).map((name) => `  ${name}`),
        '  and 55 more',
        `Keep 60 files in B2: run again with --keep ${listId}. They stay in B2 as they are.`,
        `Hide 60 files in B2: run again with --apply ${listId}. B2 no longer lists them; every version stays and can be brought back.`,
      ].join('\n'),
    )
    expect(remote()).toEqual(before)
  })

  it('are hidden, exactly those, with --apply', async () => {
    const names = await synced(100)
    remove(...names.slice(0, 60))
    const { code, stderr, summary } = await once('--apply', listOf(await once()))
    expect([code, stderr]).toEqual([0, ''])
    expect(summary()).toMatchObject({ hidden: 60, failed: 0, unchanged: 40 })
    expect(remote()).toEqual(localTree(root))
  })

  it('stay in B2 for good with --keep', async () => {
    const names = await synced(100)
    const before = remote()
    remove(...names.slice(0, 60))
    const { code, stderr, summary } = await once('--keep', listOf(await once()))
    expect([code, stderr]).toEqual([0, ''])
    expect(summary()).toMatchObject({ hidden: 0, unchanged: 40 })
    expect((await once()).code).toBe(0)
    expect(remote()).toEqual(before)
  })

  it('are asked about anew when they have become more, and the old answer does nothing', async () => {
    const names = await synced(100)
    const before = remote()
    remove(...names.slice(0, 60))
    const listId = listOf(await once())
    remove(...names.slice(60, 62))
    const run = await once('--apply', listId)
    expect(run.code).toBe(4)
    expect(run.stderr).toContain(`Nobody asks about list ${listId} now, so nothing was done about it.`)
    expect(run.stderr).toMatch(/^62 of 100 files, /m)
    expect(listOf(run)).not.toBe(listId)
    expect(remote()).toEqual(before)
  })

  it('are asked about by a run without --once, which goes on when they are back', async () => {
    const names = await synced(100)
    const run = startCli(['sync', root, URL, '--delete-delay', '1'], { env })
    try {
      await waitFor('it to follow', () => run.stderr().includes('Up to date'))
      for (const name of names) renameSync(join(root, name), join(home, name))
      await waitFor('the question', () => /^Hide 100 files in B2: run again with --apply \S+\./m.test(run.stderr()))
      for (const name of names) renameSync(join(home, name), join(root, name))
      await waitFor('it to go on', () => run.stderr().trimEnd().endsWith('Up to date - 100 files - checked just now'))
    } finally {
      run.process.kill('SIGINT')
      await run.ended
    }
    expect(Object.keys(remote())).toHaveLength(100)
  })

  it('are hidden when nothing is left at all, too, once that was answered', async () => {
    remove(...(await synced(2)))
    const run = await once()
    expect([run.code, run.stderr]).toEqual([4, expect.stringContaining('held 2 files and is empty now')])
    const { code, summary } = await once('--apply', listOf(run))
    expect([code, summary().hidden, remote()]).toEqual([0, 2, {}])
  })
})

describe('other things that only a person may decide', () => {
  it('are files that became empty: sent with --apply, and left alone with --keep', async () => {
    const names = await synced(20)
    const before = remote()
    for (const name of names.slice(0, 12)) truncateSync(join(root, name))
    const asked = await once()
    expect([asked.code, remote()]).toEqual([4, before])
    expect(asked.stderr).toContain('Send 12 empty files: run again with --apply')
    expect((await once('--keep', listOf(asked))).code).toBe(0)
    expect(remote()).toEqual(before)
    for (const name of names.slice(8)) {
      write(name, `new content of ${name}`)
    }
    await once()
    for (const name of names.slice(8)) truncateSync(join(root, name))
    const { code } = await once('--apply', listOf(await once()))
    expect([code, Object.values(remote()).filter((sha1) => sha1.startsWith('da39a3ee'))]).toEqual([
      0,
      names.slice(8).map(() => 'da39a3ee5e6b4b0d3255bfef95601890afd80709'),
    ])
  })

  it('are files in B2 that came from elsewhere: kept, or replaced', async () => {
    const theirs = join(home, 'theirs')
    for (const name of ['a', 'b']) writeFile(join(theirs, name), `theirs: ${name}`)
    await runCli(['sync', theirs, URL, '--once'], { env: { ...env, PAIL_DATA_DIR: join(home, 'their data') } })
    const before = remote()
    for (const name of ['a', 'b', 'c']) write(name, `ours: ${name}`)
    const asked = await once()
    expect(asked.code).toBe(4)
    expect(asked.stderr).toContain('Replace 2 files in B2: run again with --apply')
    expect(remote()).toEqual({ ...before, c: localTree(root)['c'] })
    const { code } = await once('--apply', listOf(asked))
    expect([code, remote()]).toEqual([0, localTree(root)])
  })

  it('is another folder in the place of the one that was synced: exit code 4, and nothing is touched', async () => {
    await synced(3)
    const before = remote()
    renameSync(root, join(home, 'elsewhere'))
    write('other', 'other')
    const { code, stderr } = await once()
    expect(code).toBe(4)
    expect(stderr).toContain(`What is at ${root} is not the folder that Pail synced`)
    expect(remote()).toEqual(before)
  })
})

describe('what becomes of deleted files', () => {
  it('waits for the delay within the one run', async () => {
    const [first = ''] = await synced(3)
    remove(first)
    const { code, summary } = await once('--delete-delay', '3')
    expect([code, summary().hidden]).toEqual([0, 1])
    expect(summary().seconds).toBeGreaterThan(3)
  })

  it('is nothing with keep, and that is remembered', async () => {
    const [first = '', second = ''] = await synced(3)
    const before = remote()
    remove(first)
    expect((await once('--deletions', 'keep')).code).toBe(0)
    remove(second)
    expect((await once()).code).toBe(0)
    expect(remote()).toEqual(before)
  })

  it('is a rule for the bucket with hide:DAYS', async () => {
    const [first = ''] = await synced(3)
    remove(first)
    expect((await once('--deletions', 'hide:7')).code).toBe(0)
    expect(Object.keys(remote())).toEqual(readdirSync(root).filter((name) => name.startsWith('file')))
    expect(emulator.buckets.find(({ bucketName }) => bucketName === BUCKET)?.lifecycleRules).toEqual([
      expect.objectContaining({ fileNamePrefix: '', daysFromHidingToDeleting: 7 }),
    ])
  })

  it('is the end of all versions with delete, which has to be confirmed by the name of the bucket', async () => {
    const [first = ''] = await synced(3)
    remove(first)
    for (const confirmation of [[], ['--confirm', 'another']]) {
      const { code, stderr } = await once('--deletions', 'delete', ...confirmation)
      expect([code, stderr]).toEqual([2, expect.stringContaining(`add --confirm ${BUCKET}`)])
    }
    expect(Object.keys(remote())).toContain(first)
    const { code, summary } = await once('--deletions', 'delete', '--confirm', BUCKET)
    expect([code, summary().hidden]).toEqual([0, 1])
    expect(emulator.fileVersions(BUCKET).filter(({ fileName }) => fileName === first)).toEqual([])
  })
})

describe('other flags of pail sync', () => {
  it('leave out what the rules match, in later runs too', async () => {
    for (const name of ['a.txt', 'b.tmp', 'build/c', 'd.bak']) write(name, name)
    await once('--ignore', '*.tmp', '--ignore', 'build/')
    write('e.tmp', 'e')
    expect((await once()).code).toBe(0)
    expect(Object.keys(remote())).toEqual(['a.txt', 'd.bak'])
  })

  it('count what was moved as copied in B2, and no byte as sent', async () => {
    await synced(3)
    renameSync(join(root, 'file-000'), join(root, 'renamed'))
    const { code, summary } = await once()
    expect(code).toBe(0)
    expect(summary()).toMatchObject({ uploaded: 0, copied: 1, hidden: 1, unchanged: 2, failed: 0, bytesUploaded: 0 })
    expect(remote()).toEqual(localTree(root))
  })

  it('end a pause that somebody made: without --resume it says how', async () => {
    await synced(1)
    const engine = createEngine({
      dataFolder: AbsolutePath.parse(env['PAIL_DATA_DIR']),
      realm: emulator.realm,
      version: '0',
      clock: systemClock,
      random: Math.random,
      secrets: createMemoryStore(),
      logger: silentLogger,
    })
    const [folder] = engine.listFolders()
    await engine.api.pause({ until: UnixMs.parse(systemClock.now() + 3_600_000) })
    await engine.api.pause({ folderId: folder?.folderId, until: null })
    await engine.stop()
    write('new', 'new')
    const paused = await once()
    expect(paused.code).toBe(3)
    expect(paused.stderr).toMatch(/^Paused until .+\. Run again with --resume, or resume in Pail\.\n$/)
    expect(Object.keys(remote())).toEqual(['file-000'])
    expect((await once('--resume')).code).toBe(0)
    expect(Object.keys(remote())).toEqual(['file-000', 'new'])
  })
})
