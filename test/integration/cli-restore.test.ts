/** `pail restore` and `pail verify` as people and scripts run them. */
import { execFileSync } from 'node:child_process'
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync } from 'node:fs'
import { randomBytes } from 'node:crypto'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { RestoreSummary, VerifySummary } from '../../main/cli/restore-text.ts'
import { RANGE_BYTES } from '../../main/engine/restore/fetch.ts'
import { connect } from '../b2-emulator/test-client.ts'
import { BUCKET, inLanes, inParts, MODIFIED, sha1Of, startB2Bench, type B2Bench } from '../support/b2-bench.ts'
import { runCli, startCli, type CliOptions, type CliResult } from '../support/cli.ts'
import { hasNoPermissions } from '../support/permissions.ts'
import { localTree, remoteTree, writeFile } from '../support/test-bench.ts'
import { waitFor } from '../support/wait-for.ts'

const URL = `b2://${BUCKET}/p`

let home: string
let root: string
let bench: B2Bench
let env: Record<string, string>
let put: (name: string, content: string | Buffer) => Promise<unknown>

beforeEach(async () => {
  home = realpathSync(mkdtempSync(join(tmpdir(), 'pail-cli-test-')))
  root = join(home, 'restored')
  bench = await startB2Bench({ absoluteMinimumPartSize: 1_000 })
  const { realm, applicationKeyId, applicationKey } = bench.emulator
  env = {
    PAIL_B2_REALM: realm,
    PAIL_DATA_DIR: join(home, 'data'),
    B2_APPLICATION_KEY_ID: applicationKeyId,
    B2_APPLICATION_KEY: applicationKey,
  }
  const client = bench.connect()
  put = (name, content) => client.uploadFile(bench.anUpload(`p/${name}`, content))
})
afterEach(async () => {
  await bench.close()
  rmSync(home, { recursive: true, force: true })
})

const restore = (args: readonly string[] = [], options: CliOptions = {}) =>
  runCli(['restore', URL, root, '--json', ...args], { env, ...options })
const verify = (args: readonly string[] = []) => runCli(['verify', root, URL, '--json', ...args], { env })
const lastLine = <Summary>({ stdout }: CliResult) => JSON.parse(stdout.trimEnd().split('\n').at(-1) ?? '') as Summary
const restored = (result: CliResult) => lastLine<RestoreSummary>(result)
const verified = (result: CliResult) => lastLine<VerifySummary>(result)
const events = ({ stdout }: CliResult) =>
  stdout
    .trimEnd()
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line) as Record<string, unknown>)
const downloads = () =>
  bench.emulator.calls
    .filter(({ operation, method }) => operation === 'download_file_by_id' && method === 'GET')
    .map(({ fileName }) => fileName?.slice(2) ?? '')
const putLarge = (name: string, content: Buffer, fileInfo: Readonly<Record<string, string>>) =>
  bench.connect().uploadLargeFile({
    bucketId: bench.bucketId,
    fileName: `p/${name}`,
    srcLastModifiedMillis: MODIFIED,
    fileInfo,
    ...inParts(content),
  })

describe('pail restore', () => {
  it('brings back everything, says so in the last line, and exits with 0', async () => {
    for (const name of ['a.txt', 'ä/ß 🪣.txt']) await put(name, name)
    const result = await restore()
    expect([result.code, result.stderr]).toEqual([0, ''])
    expect(localTree(root)).toEqual(remoteTree(bench.emulator, BUCKET, 'p/'))
    const { seconds, ...counts } = restored(result)
    const bytesDownloaded = Buffer.byteLength('a.txtä/ß 🪣.txt')
    const none = { unchanged: 0, kept: 0, failed: 0, mapped: 0, unverified: 0 }
    expect(counts).toEqual({ restored: 2, ...none, bytesDownloaded })
    expect(seconds).toBeGreaterThan(0)
  })

  it.each([
    ['--limit-down', '100k'],
    ['--limit-at', '00:00-00:00 100k'],
  ])('receives no faster than %s %j lets it', async (...flags) => {
    await put('file', randomBytes(150_000))
    const result = await restore(flags)
    expect([result.code, restored(result).bytesDownloaded]).toEqual([0, 150_000])
    // The limit itself makes it take so long, however fast or slow the machine is.
    expect(restored(result).seconds).toBeGreaterThan(1.2)
  })

  it('prints readable lines without --json, and exits with 5 when it left files as they are', async () => {
    for (const name of ['a', 'b\u001b[31m', 'c/d']) if (!name.includes('\u001b')) await put(name, name)
    writeFile(join(root, 'a'), 'mine')
    writeFile(join(root, 'c'), 'a file')
    const { code, stdout, stderr } = await runCli(['restore', URL, root], { env })
    expect(stderr.split('\n')).toEqual([
      'a: another file is here, newer than the one in B2, and was left as it is',
      'c/d: not restored. c is in the way: it is no folder here, or has become one.',
      'To replace the files that were left as they are, add --overwrite.',
      '',
    ])
    expect(stdout).toMatch(
      /^0 files restored \(0 B\), 0 unchanged, 1 left as they are here, 1 not restored in \d+ s\n$/,
    )
    expect(code).toBe(1)
    rmSync(join(root, 'c'))
    const second = await restore()
    expect([second.code, restored(second)]).toEqual([5, expect.objectContaining({ restored: 1, kept: 1 })])
    expect(events(second)).toEqual([{ event: 'kept', path: 'a', isNewer: true }])
    const third = await restore(['--overwrite'])
    expect([third.code, readFileSync(join(root, 'a'), 'utf8')]).toEqual([0, 'a'])
  })

  it('leaves no folder behind for a prefix that holds nothing, and exits with 3', async () => {
    const { code, stderr } = await restore()
    expect(stderr).toBe(`There are no files at ${URL}. Check the bucket and the prefix; a prefix is a folder there.\n`)
    expect([code, existsSync(root)]).toEqual([3, false])
  })

  it.each<[string, () => void, number, RegExp]>([
    ['a key that may not read', () => useKey(['listBuckets', 'listFiles']), 3, /readFiles/],
    ['a folder that is a file', () => writeFile(root, 'x'), 3, /no folder/],
    [
      'a folder below a file',
      () => ((root = join(home, 'file/x')), writeFile(join(home, 'file'), 'x')),
      3,
      /no folder/,
    ],
    ['a bucket that is not there', () => bench.emulator.deleteBucket(BUCKET), 3, /no bucket pail-test/],
  ])('says one clear sentence for %s', async (_, breakIt, expected, sentence) => {
    await put('a', 'a')
    breakIt()
    const { code, stderr } = await restore()
    expect(stderr.trimEnd().split('\n')).toEqual([expect.stringMatching(sentence)])
    expect(code).toBe(expected)
  })

  it('says when B2 cannot be reached in the middle, and goes on when it can', async () => {
    for (let i = 0; i < 30; i += 1) await put(`${i}`, `${i}`)
    const fault = {
      kind: 'answer',
      status: 400,
      code: 'bad_request',
      message: 'no',
      skip: 10,
      count: Infinity,
    } as const
    bench.emulator.failNext('download_file_by_id', fault)
    const first = await restore(['--downloads', '1'])
    expect([first.code, restored(first).failed]).toEqual([1, 20])
    bench.emulator.clearFaults()
    expect(restored(await restore())).toMatchObject({ restored: 20, unchanged: 10 })
  })

  it.each([
    [['restore'], 2],
    [['restore', URL], 2],
    [['restore', '.', URL], 2],
    [['restore', URL, '.', '--downloads', '0'], 2],
    [['restore', URL, '.', '--downloads', '1e2'], 2],
    [['restore', '--help'], 0],
    [['verify', '.'], 2],
    [['verify', URL, '.'], 2],
    [['verify', '--help'], 0],
  ])('exits for %j with %i', async (args, expected) => {
    const { code, stderr } = await runCli(args, { env: {} })
    expect(code).toBe(expected)
    expect(stderr).not.toMatch(/^\s+at /m)
  })

  const useKey = (capabilities: readonly string[]): void => {
    const { applicationKeyId, applicationKey } = bench.emulator.createKey({ capabilities })
    env = { ...env, B2_APPLICATION_KEY_ID: applicationKeyId, B2_APPLICATION_KEY: applicationKey }
  }

  it.skipIf(hasNoPermissions)('restores what is not in a folder that may not be written to', async () => {
    for (const name of ['good/a', 'locked/b', 'locked/c/d', 'z']) await put(name, name)
    mkdirSync(join(root, 'locked'), { recursive: true })
    chmodSync(join(root, 'locked'), 0o555)
    const through =
      process.geteuid?.() === 0 ? ['setpriv', '--bounding-set=-dac_override', '--inh-caps=-dac_override'] : []
    const first = await restore([], { through })
    chmodSync(join(root, 'locked'), 0o755)
    expect([first.code, restored(first)]).toEqual([1, expect.objectContaining({ restored: 2, failed: 2 })])
    expect(
      events(first)
        .map(({ path, code }) => `${String(path)} ${String(code)}`)
        .toSorted(),
    ).toEqual(['locked/b file_unreadable', 'locked/c/d file_unreadable'])
    expect(restored(await restore())).toMatchObject({ restored: 2, unchanged: 2, failed: 0 })
  })
})

describe('kill -9 in the middle of a restore', () => {
  it('costs nothing that had arrived', async () => {
    const names = Array.from({ length: 200 }, (_, i) => `dir ${i % 7}/${i}`)
    await inLanes(16, names, (name) => put(name, name))
    const large = randomBytes(RANGE_BYTES * 4)
    await putLarge('a large one', large, { large_file_sha1: sha1Of(large) })
    // One range of the large file, which comes first, and everything after some small ones.
    bench.emulator.failNext('download_file_by_id', { kind: 'stall-midway', skip: 1 })
    bench.emulator.failNext('download_file_by_id', { kind: 'stall-midway', skip: 44, count: Infinity })
    const run = startCli(['restore', URL, root, '--downloads', '4'], { env })
    const parts = (): readonly string[] => {
      const staging = join(root, '.pail-restore')
      const record = readdirSync(staging).find((name) => name.endsWith('.parts')) ?? ''
      return readFileSync(join(staging, record), 'utf8').trimEnd().split('\n').slice(1)
    }
    const finished = (): readonly string[] => Object.keys(localTree(root)).filter((name) => !name.startsWith('.pail'))
    await waitFor('three parts and some small files', () => parts().length === 3 && finished().length === 40)
    run.process.kill('SIGKILL')
    await run.ended
    await waitFor('calls to end', () => bench.emulator.inFlight === 0)
    const before = finished()
    expect(before.length).toBeLessThan(200)
    bench.emulator.clearFaults()
    bench.emulator.clearCalls()
    const result = await restore()
    expect([result.code, restored(result)]).toEqual([
      0,
      expect.objectContaining({ restored: 201 - before.length, unchanged: before.length, failed: 0 }),
    ])
    expect(downloads().filter((name) => before.includes(name))).toEqual([])
    expect(downloads().filter((name) => name === 'a large one')).toHaveLength(1)
    expect(downloads()).toHaveLength(201 - before.length)
    expect(localTree(root)).toEqual({
      ...remoteTree(bench.emulator, BUCKET, 'p/'),
      'a large one': sha1Of(large),
    })
    expect(existsSync(join(root, '.pail-restore'))).toBe(false)
  })

  it('and Ctrl-C as well, which exits with 130 and says what was done', async () => {
    for (let i = 0; i < 50; i += 1) await put(`${i}`, `${i}`)
    bench.emulator.failNext('download_file_by_id', { kind: 'stall-before', skip: 20, count: Infinity })
    const run = startCli(['restore', URL, root, '--json'], { env })
    await waitFor('some files', () => existsSync(root) && readdirSync(root).length === 21)
    run.process.kill('SIGINT')
    const result = await run.ended
    expect([result.code, result.stderr]).toEqual([130, ''])
    expect(restored(result)).toMatchObject({ restored: 20, failed: 30 })
    expect(readdirSync(root)).not.toContain('.pail-restore')
  })
})

describe('pail verify', () => {
  const put2 = async (): Promise<void> => {
    for (const name of ['same', 'dir/other', 'gone', 'Thumbs.db']) await put(name, name)
    await restore()
  }

  it('proves that both are the same without a download, and exits with 0', async () => {
    await put2()
    const large = randomBytes(5_000)
    await putLarge('large', large, { large_file_sha1: sha1Of(large) })
    await restore()
    writeFile(join(root, '.DS_Store'), 'never sent')
    bench.emulator.clearCalls()
    const result = await verify()
    expect([result.code, result.stderr]).toEqual([0, ''])
    const { seconds: _, ...counts } = verified(result)
    const none = { different: 0, missingHere: 0, missingThere: 0, unreadable: 0, downloaded: 0, bytesDownloaded: 0 }
    expect(counts).toEqual({ same: 4, noted: 1, leftOut: 1, ...none })
    expect(downloads()).toEqual([])
    const { stdout } = await runCli(['verify', root, URL], { env })
    expect(stdout).toContain('4 files the same (1 by the SHA-1 their uploader noted), 0 different')
  })

  it('downloads large files as well when it is told to: what their uploader noted may be wrong', async () => {
    await put('small', 'small')
    const large = randomBytes(5_000)
    await putLarge('right', large, { large_file_sha1: sha1Of(large) })
    writeFile(join(root, 'right'), large)
    writeFile(join(root, 'small'), 'small')
    await putLarge('wrong', randomBytes(5_000), { large_file_sha1: sha1Of(large) })
    writeFile(join(root, 'wrong'), large)
    expect(verified(await verify())).toMatchObject({ same: 3, noted: 2, different: 0, downloaded: 0 })
    bench.emulator.clearCalls()
    const result = await verify(['--download-large'])
    expect([result.code, events(result)]).toEqual([6, [{ event: 'different', path: 'wrong' }]])
    expect(verified(result)).toMatchObject({ same: 2, noted: 0, different: 1, downloaded: 2, bytesDownloaded: 10_000 })
    expect(downloads().toSorted()).toEqual(['right', 'wrong'])
  })

  it('lists every difference, and exits with 6', async () => {
    await put2()
    writeFile(join(root, 'dir/other'), 'dir/OTHER')
    rmSync(join(root, 'gone'))
    writeFile(join(root, 'new'), 'new')
    writeFile(join(root, 'build/x.o'), 'x')
    writeFile(join(root, '.pailignore'), 'build/\n')
    const result = await verify()
    expect([result.code, result.stderr]).toEqual([6, ''])
    expect(events(result).toSorted((a, b) => (String(a['path']) < String(b['path']) ? -1 : 1))).toEqual([
      { event: 'missing-there', path: '.pailignore' },
      { event: 'different', path: 'dir/other' },
      { event: 'missing-here', path: 'gone' },
      { event: 'missing-there', path: 'new' },
    ])
    const { stdout } = await runCli(['verify', root, URL, '--ignore', '*w', '--ignore', '.pail*'], { env })
    expect(stdout.split('\n').slice(0, -2).toSorted()).toEqual(['different: dir/other', 'missing here: gone'])
    expect(stdout).toMatch(
      /\n1 file the same, 1 different, 1 missing here, 0 missing there, 1 left out by rules in \d+ s\n$/,
    )
  })

  it('downloads what nobody vouches for, and says so', async () => {
    const unknown = randomBytes(5_000)
    await putLarge('unknown', unknown, {})
    await restore()
    bench.emulator.clearCalls()
    const first = await runCli(['verify', root, URL], { env })
    expect([first.code, first.stderr, downloads()]).toEqual([
      0,
      'B2 knows no SHA-1 of 1 file, so 5 kB were downloaded to compare.\n',
      ['unknown'],
    ])
    writeFile(join(root, 'unknown'), randomBytes(5_000))
    expect(verified(await verify())).toMatchObject({ same: 0, different: 1, downloaded: 1 })
  })

  it('downloads what has only the word of its uploader', async () => {
    const client = await connect(bench.emulator)
    const wrong = { 'X-Bz-Content-Sha1': 'do_not_verify', 'Content-Length': 7 }
    await client.upload(BUCKET, 'p/claimed', 'content', wrong)
    await restore()
    bench.emulator.clearCalls()
    expect(verified(await verify())).toMatchObject({ same: 1, different: 0, downloaded: 1 })
    expect(downloads()).toEqual(['claimed'])
  })

  it('finds names that look like escapes, as sync has sent them, and restored ones', async () => {
    await put('50%{25}', 'x')
    writeFile(join(root, '50%{25}'), 'x')
    expect(verified(await verify())).toMatchObject({ same: 1, missingHere: 0, missingThere: 0 })
    rmSync(root, { recursive: true })
    expect(restored(await restore())).toMatchObject({ restored: 1, mapped: 1 })
    expect(readdirSync(root)).toEqual(['50%{25}{25}'])
    expect(verified(await verify())).toMatchObject({ same: 1, missingHere: 0, missingThere: 0 })
  })

  it.skipIf(hasNoPermissions)('takes nothing for proven that it may not read', async () => {
    await put2()
    chmodSync(join(root, 'same'), 0)
    chmodSync(join(root, 'dir'), 0)
    const dropped = ['--bounding-set', '--inh-caps'].map((set) => `${set}=-dac_override,-dac_read_search`)
    const through = process.geteuid?.() === 0 ? ['setpriv', ...dropped] : []
    const result = await runCli(['verify', root, URL, '--json'], { env, through })
    chmodSync(join(root, 'dir'), 0o755)
    expect(result.code).toBe(6)
    expect(
      events(result)
        .map(({ event, path }) => `${String(event)} ${String(path)}`)
        .toSorted(),
    ).toEqual(['unreadable dir', 'unreadable dir/other', 'unreadable same'])
  })

  it('says when the folder is not there, and exits with 3', async () => {
    const { code, stderr } = await verify()
    expect([code, stderr]).toEqual([3, `${root} is not there, or is no folder.\n`])
  })
})

describe('a folder that was lost and restored', () => {
  const sync = () => runCli(['sync', root, URL, '--once', '--json', '--delete-delay', '1'], { env })
  const lose = async (): Promise<void> => {
    for (const name of ['a', 'dir/b', 'c']) writeFile(join(root, name), name)
    expect(await sync()).toMatchObject({ code: 0 })
    rmSync(root, { recursive: true })
  }

  it('is the folder that it was for sync: nothing is sent, hidden or asked', async () => {
    await lose()
    expect((await restore()).code).toBe(0)
    const before = remoteTree(bench.emulator, BUCKET)
    bench.emulator.clearCalls()
    const result = await sync()
    expect([result.code, result.stderr]).toEqual([0, ''])
    expect(result.summary()).toMatchObject({ uploaded: 0, hidden: 0, unchanged: 3 })
    expect(remoteTree(bench.emulator, BUCKET)).toEqual(before)
    expect(execFileSync('ls', ['-A', root], { encoding: 'utf8' })).toBe('.pail-folder\na\nc\ndir\n')
  })

  it('is another folder where a name is another one here, so that nothing is renamed in the bucket', async () => {
    writeFile(join(root, '50%{25}'), 'half')
    await lose()
    const before = remoteTree(bench.emulator, BUCKET)
    const { code, stderr } = await runCli(['restore', URL, root], { env })
    expect([code, localTree(root)['50%{25}{25}']]).toEqual([0, sha1Of(Buffer.from('half'))])
    expect(stderr).toMatch(/^50%\{25\}: .*, so it is 50%\{25\}\{25\} here\nTo sync a folder with names .*\n$/)
    bench.emulator.clearCalls()
    expect((await sync()).code).toBe(4)
    expect(bench.emulator.calls.map(({ operation }) => operation)).not.toContain('copy_file')
    expect(bench.emulator.calls.map(({ operation }) => operation)).not.toContain('hide_file')
    expect(remoteTree(bench.emulator, BUCKET)).toEqual(before)
  })

  it('gets no file under another name while it is still synced', async () => {
    for (const name of ['50%{25}', '60%{25}', 'a']) writeFile(join(root, name), name)
    expect(await sync()).toMatchObject({ code: 0 })
    const before = remoteTree(bench.emulator, BUCKET)
    for (const name of ['60%{25}', 'a']) rmSync(join(root, name))
    const result = await restore()
    expect([result.code, restored(result)]).toEqual([
      1,
      expect.objectContaining({ restored: 1, unchanged: 1, failed: 1, mapped: 0 }),
    ])
    expect(events(result)).toEqual([{ event: 'failed', path: '60%{25}', code: 'name_not_allowed' }])
    expect(readdirSync(root).toSorted()).toEqual(['.pail-folder', '50%{25}', 'a'])
    expect(remoteTree(bench.emulator, BUCKET)).toEqual(before)
  })

  it('is another folder with --copy, and where it is not restored completely', async () => {
    await lose()
    const { code } = await restore(['--copy'])
    expect([code, (await sync()).code, existsSync(join(root, '.pail-folder'))]).toEqual([0, 4, false])
    rmSync(root, { recursive: true })
    writeFile(join(root, 'dir'), 'in the way')
    expect((await restore()).code).toBe(1)
    expect(existsSync(join(root, '.pail-folder'))).toBe(false)
  })
})
