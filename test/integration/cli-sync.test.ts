/** `pail sync` as people and scripts run it. */
import { execFile, execFileSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { MARKER_NAME } from '../../main/engine/scan/root-marker.ts'
import { startEmulator, type Emulator } from '../b2-emulator/emulator.ts'
import { runCli, startCli, type CliOptions } from '../support/cli.ts'
import { hasNoPermissions } from '../support/permissions.ts'
import { localTree, remoteTree, writeFile } from '../support/test-bench.ts'
import { waitFor } from '../support/wait-for.ts'

const BUCKET = 'cli-tests'
const URL = `b2://${BUCKET}`
/** B2's least size of a part here, so that files of ten of them are large. */
const PART = 100_000

let home: string
let root: string
let emulator: Emulator
let env: Record<string, string>

beforeEach(async () => {
  home = realpathSync(mkdtempSync(join(tmpdir(), 'pail-cli-test-')))
  root = join(home, 'root')
  mkdirSync(root)
  emulator = await startEmulator({
    buckets: [{ bucketName: BUCKET }],
    recommendedPartSize: 10 * PART,
    absoluteMinimumPartSize: PART,
  })
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
/** Files that are gone are hidden after a second instead of half a minute. */
const once = (options: CliOptions = {}) =>
  runCli(['sync', root, URL, '--once', '--json', '--delete-delay', '1'], { env, ...options })
const useKey = (key: { readonly applicationKeyId: string; readonly applicationKey: string }) => {
  env = { ...env, B2_APPLICATION_KEY_ID: key.applicationKeyId, B2_APPLICATION_KEY: key.applicationKey }
}
const sentences = (text: string) => text.trimEnd().split('\n')

/** Makes permissions count although the tests run as root. */
const asOrdinaryUser =
  process.geteuid?.() === 0
    ? ['setpriv', ...['--bounding-set', '--inh-caps'].map((set) => `${set}=-dac_override,-dac_read_search`)]
    : []

describe('pail sync --once', () => {
  it('brings the bucket in line, says what it did in the last line, and exits with 0', async () => {
    write('a.txt', 'aaa')
    write('ä/ß 🪣.txt', 'bb')
    const { code, summary, stderr } = await once()
    expect(stderr).toBe('')
    expect(code).toBe(0)
    expect(remoteTree(emulator, BUCKET)).toEqual(localTree(root))
    const { seconds, ...counts } = summary()
    expect(counts).toEqual({
      uploaded: 2,
      copied: 0,
      hidden: 0,
      unchanged: 0,
      failed: 0,
      bytesUploaded: 5,
      bytesSpared: 0,
    })
    expect(seconds).toBeGreaterThan(0)
    const fields = ['uploaded', 'copied', 'hidden', 'unchanged', 'failed', 'bytesUploaded', 'bytesSpared', 'seconds']
    expect(Object.keys(summary())).toEqual(fields)
  })

  it('sends only what is new, changed or gone the second time', async () => {
    for (const name of ['keep', 'change', 'delete']) write(name, name)
    await once()
    emulator.clearCalls()
    write('change', 'changed')
    write('new', 'new')
    rmSync(join(root, 'delete'))
    const { code, summary } = await once()
    expect(code).toBe(0)
    expect(summary()).toMatchObject({ uploaded: 2, hidden: 1, unchanged: 1, failed: 0 })
    expect(remoteTree(emulator, BUCKET)).toEqual(localTree(root))
    emulator.clearCalls()
    expect((await once()).summary()).toMatchObject({
      uploaded: 0,
      hidden: 0,
      unchanged: 3,
      failed: 0,
      bytesUploaded: 0,
    })
    expect(emulator.calls.filter(({ operation }) => operation === 'upload_file')).toEqual([])
  })

  it('says how little of a large file had to be sent after a change', async () => {
    const content = randomBytes(20 * PART)
    writeFileSync(join(root, 'large'), content)
    await once()
    randomBytes(10).copy(content, 3.5 * PART)
    writeFileSync(join(root, 'large'), content)
    const { code, stdout } = await runCli(['sync', root, URL, '--once'], { env })
    expect([code, stdout]).toEqual([
      0,
      expect.stringMatching(/^1 file uploaded \(100 kB; 1\.9 MB were in B2 already\), 0 unchanged in/),
    ])
    randomBytes(10).copy(content, 5.5 * PART)
    writeFileSync(join(root, 'large'), content)
    expect((await once()).summary()).toMatchObject({ uploaded: 1, bytesUploaded: PART, bytesSpared: 19 * PART })
  })

  it('prints one readable line without --json', async () => {
    write('a', 'a'.repeat(1500))
    const { code, stdout } = await runCli(['sync', root, URL, '--once'], { env })
    expect(code).toBe(0)
    expect(stdout).toMatch(/^1 file uploaded \(1\.5 kB\), 0 unchanged in \d+ s, .+\/s\n$/)
  })

  it('takes the state folder and the realm from its options as well', async () => {
    write('a', 'a')
    const { PAIL_DATA_DIR: _, PAIL_B2_REALM: __, ...rest } = env
    const options = ['--once', '--data-dir', join(home, 'elsewhere'), '--realm', emulator.realm]
    expect(await runCli(['sync', root, `${URL}/some/prefix`, ...options], { env: rest })).toMatchObject({ code: 0 })
    expect(readdirSync(join(home, 'elsewhere'))).toContain('pail.db')
    expect(Object.keys(remoteTree(emulator, BUCKET))).toEqual(['some/prefix/a'])
  })

  it('keeps apart what it knows of two folders when no state folder is named', async () => {
    const { PAIL_DATA_DIR: _, ...rest } = env
    env = { ...rest, XDG_DATA_HOME: join(home, 'xdg'), HOME: home }
    write('a', 'a')
    writeFile(join(home, 'second/b'), 'b')
    const runs = await Promise.all([once(), runCli(['sync', join(home, 'second'), `${URL}/2`, '--once'], { env })])
    expect(runs.map(({ code }) => code)).toEqual([0, 0])
    expect(Object.keys(remoteTree(emulator, BUCKET))).toEqual(['2/b', 'a'])
  })

  it('leaves nothing that rclone finds to be different', async () => {
    for (const path of ['a', 'b c/d', 'ä/ö', 'e%20f', 'plus+', '#', 'empty']) write(path, path === 'empty' ? '' : path)
    await once()
    const rclone = {
      ...process.env,
      RCLONE_CONFIG: join(home, 'rclone.conf'),
      RCLONE_CONFIG_X_TYPE: 'b2',
      RCLONE_CONFIG_X_ACCOUNT: emulator.applicationKeyId,
      RCLONE_CONFIG_X_KEY: emulator.applicationKey,
      RCLONE_CONFIG_X_ENDPOINT: emulator.realm,
    }
    writeFileSync(rclone.RCLONE_CONFIG, '')
    const { stderr } = await promisify(execFile)('rclone', ['check', '--exclude', MARKER_NAME, root, `X:${BUCKET}`], {
      env: rclone,
    })
    expect(stderr).toContain(': 0 differences found')
  })

  it('adopts what another program has put into the bucket', async () => {
    write('same', 'same')
    await once()
    rmSync(env['PAIL_DATA_DIR'] ?? '', { recursive: true })
    emulator.clearCalls()
    expect((await once()).summary()).toMatchObject({ uploaded: 0, unchanged: 1 })
    expect(emulator.calls.filter(({ operation }) => operation === 'upload_file')).toEqual([])
  })

  it('sets damaged records aside, says so, and sends nothing twice', async () => {
    write('same', 'same')
    await once()
    writeFile(join(env['PAIL_DATA_DIR'] ?? '', 'pail.db'), 'this is not a database'.repeat(500))
    emulator.clearCalls()
    const { code, stderr, summary } = await once()
    expect([code, stderr]).toEqual([0, expect.stringMatching(/^Pail's own records were damaged.+\n$/)])
    expect(summary()).toMatchObject({ uploaded: 0, unchanged: 1 })
    expect(emulator.calls.filter(({ operation }) => operation === 'upload_file')).toEqual([])
    expect((await once()).stderr).toBe('')
  })

  it('leaves the permissions of a folder alone that it was given for its state and did not make', async () => {
    const shared = join(home, 'shared')
    writeFile(join(shared, 'somebody-elses'), 'x')
    chmodSync(shared, 0o755)
    env = { ...env, PAIL_DATA_DIR: shared }
    for (let run = 0; run < 2; run += 1) await once()
    expect(execFileSync('stat', ['-c', '%a', shared, join(shared, 'pail.db')], { encoding: 'utf8' })).toBe('755\n600\n')
  })
})

describe('pail sync with something wrong', () => {
  it.each([
    [[], 2],
    [['nonsense'], 2],
    [['sync'], 2],
    [['sync', '.'], 2],
    [['sync', '.', 'not-a-url'], 2],
    [['sync', '.', 's3://bucket'], 2],
    [['sync', '.', 'b2://'], 2],
    [['sync', '.', 'b2://x'], 2],
    [['sync', '.', 'b2://bucket', 'more'], 2],
    [['sync', '.', 'b2://bucket', '--nonsense'], 2],
    [['--version'], 0],
    [['--help'], 0],
    [['sync', '--help'], 0],
  ])('exits for %j with %i', async (args, expected) => {
    const { code, stderr } = await runCli(args, { env: {} })
    expect(code).toBe(expected)
    expect(stderr).not.toMatch(/^\s+at /m)
    if (expected === 2) expect(stderr).not.toBe('')
  })

  const cases: [string, () => void, RegExp][] = [
    ['a wrong key', () => useKey({ ...emulator, applicationKey: 'K002wrong' }), /does not accept this key/],
    [
      'a key without writeFiles',
      () => useKey(emulator.createKey({ capabilities: ['listBuckets', 'listFiles', 'readFiles'] })),
      /writeFiles/,
    ],
    [
      'a key without listFiles',
      () => useKey(emulator.createKey({ capabilities: ['listBuckets', 'readFiles', 'writeFiles'] })),
      /listFiles/,
    ],
    ['a bucket that is gone', () => emulator.deleteBucket(BUCKET), /no bucket cli-tests/],
    ['a folder that does not exist', () => rmSync(root, { recursive: true }), /root is not there/],
    [
      'a folder that is a file',
      () => (rmSync(root, { recursive: true }), writeFileSync(root, 'x')),
      /root is not there/,
    ],
    ['plain http to another machine', () => (env = { ...env, PAIL_B2_REALM: 'http://192.0.2.1' }), /not safe/],
    ['plain http to a name', () => (env = { ...env, PAIL_B2_REALM: 'http://b2.example' }), /not safe/],
    ['what is no address', () => (env = { ...env, PAIL_B2_REALM: 'nonsense' }), /not safe/],
    [
      'a state folder that is a file',
      () => ((env = { ...env, PAIL_DATA_DIR: join(home, 'file') }), writeFileSync(join(home, 'file'), 'x')),
      /cannot write to its data folder .*file/,
    ],
    ['a root that holds the state folder as itself', () => (env = { ...env, PAIL_DATA_DIR: root }), /overlaps/],
  ]
  it.each(cases)('says one clear sentence for %s and exits with 3', async (_, breakIt, sentence) => {
    write('a', 'a')
    breakIt()
    const { code, stderr } = await once()
    expect(stderr).toMatch(sentence)
    expect(sentences(stderr)).toHaveLength(1)
    expect(code).toBe(3)
  })

  it('exits with 3 and says where to put the key when there is none', async () => {
    const { B2_APPLICATION_KEY_ID: _, B2_APPLICATION_KEY: __, ...rest } = env
    env = { ...rest, DBUS_SESSION_BUS_ADDRESS: `unix:path=${join(home, 'no-bus')}` }
    const { code, stderr } = await once()
    expect(stderr).toContain('B2_APPLICATION_KEY_ID')
    expect(sentences(stderr)).toHaveLength(1)
    expect(code).toBe(3)
  })

  it('exits with 3 when another Pail has the state folder', async () => {
    write('a', 'a')
    const first = startCli(['sync', root, URL], { env })
    try {
      await waitFor('the first to work', () => remoteTree(emulator, BUCKET)['a'] !== undefined)
      const { code, stderr } = await once()
      expect(stderr).toMatch(/Another Pail uses the data folder/)
      expect(code).toBe(3)
    } finally {
      first.process.kill('SIGKILL')
      await first.ended
    }
    expect(await once()).toMatchObject({ code: 0 })
  })

  it('exits with 1 when B2 cannot be reached, and says so', async () => {
    await emulator.setReachable(false)
    const { code, stderr } = await once()
    expect(stderr).toMatch(/cannot be reached/)
    expect(code).toBe(1)
  })

  it.skipIf(hasNoPermissions)(
    'sends the rest of a folder with an unreadable file, names it, and exits with 1',
    async () => {
      for (const name of ['first', 'secret', 'third']) write(name, name)
      await once()
      write('secret', 'changed')
      write('fresh', 'fresh')
      rmSync(join(root, 'third'))
      chmodSync(join(root, 'secret'), 0)
      const { code, stderr, summary } = await once({ through: asOrdinaryUser })
      expect(stderr).toMatch(/^secret: .*may not read/)
      expect(code).toBe(1)
      expect(summary()).toMatchObject({ uploaded: 1, hidden: 1, failed: 1 })
      expect(Object.keys(remoteTree(emulator, BUCKET))).toEqual(['first', 'fresh', 'secret'])
    },
  )

  it.skipIf(hasNoPermissions)('hides nothing of a directory that may not be read, and exits with 1', async () => {
    for (const path of ['a', 'dir/x', 'dir/sub/y']) write(path, path)
    await once()
    chmodSync(join(root, 'dir'), 0)
    const { code, stderr, summary } = await once({ through: asOrdinaryUser })
    chmodSync(join(root, 'dir'), 0o755)
    expect(stderr).toMatch(/^dir: /)
    expect(code).toBe(1)
    expect(summary()).toMatchObject({ hidden: 0 })
    expect(Object.keys(remoteTree(emulator, BUCKET))).toEqual(['a', 'dir/sub/y', 'dir/x'])
  })

  it('sends the rest of a folder with names that B2 refuses, and exits with 1', async () => {
    for (const name of ['good', 'bell\u0007', 'x'.repeat(251)]) write(name, 'x')
    const { code, stderr, summary } = await once()
    expect(code).toBe(1)
    expect(summary()).toMatchObject({ uploaded: 1, failed: 2 })
    expect(stderr).toContain("it contains the control character U+0007 at place 5 of the file's name")
    expect(stderr).toContain('251 bytes in UTF-8, more than 250')
    expect(stderr).toContain('bell\\x07: ')
    expect(Object.keys(remoteTree(emulator, BUCKET))).toEqual(['good'])
  })

  it('exits with 4 and hides nothing when the folder is suddenly empty', async () => {
    for (const name of ['a', 'b']) write(name, name)
    await once()
    for (const name of ['a', 'b']) rmSync(join(root, name))
    const { code, stderr } = await once()
    expect(stderr).toMatch(/held 2 files and is empty now/)
    expect(code).toBe(4)
    expect(Object.keys(remoteTree(emulator, BUCKET))).toEqual(['a', 'b'])
  })
})

describe('pail sync until Ctrl-C', () => {
  it('follows changes, keeps the key to itself, and ends when asked', async () => {
    write('a', 'a')
    const run = startCli(['sync', root, URL, '--json'], { env })
    await waitFor('the first file', () => remoteTree(emulator, BUCKET)['a'] !== undefined)
    await waitFor('it to say so', () => run.stderr().includes('Up to date'))
    write('dir/b', 'b')
    await waitFor('the second file', () => remoteTree(emulator, BUCKET)['dir/b'] !== undefined)
    await waitFor('it to be recorded', () => run.stderr().includes('Up to date - 2 files'))
    const { pid } = run.process
    if (process.platform === 'linux') {
      expect(readFileSync(`/proc/${pid}/cmdline`, 'utf8')).not.toContain(emulator.applicationKey)
    }
    run.process.kill('SIGINT')
    const { code, summary, stderr } = await run.ended
    expect(code).toBe(0)
    expect(stderr).toMatch(/^Up to date - 1 file/m)
    expect(summary()).toMatchObject({ uploaded: 2, failed: 0 })
  })

  it('ends in the middle of uploads without waiting for them, and exits with 130 with --once', async () => {
    for (let i = 0; i < 50; i += 1) write(`f${i}`, `${i}`)
    const run = startCli(['sync', root, URL, '--once'], { env })
    await waitFor('the look at the bucket', () => emulator.calls.some((call) => call.operation === 'list_file_names'))
    emulator.setLatency(20_000)
    await waitFor('calls under way', () => emulator.inFlight >= 4)
    const stored = () => Object.keys(remoteTree(emulator, BUCKET)).length
    const before = stored()
    run.process.kill('SIGINT')
    const { code } = await run.ended
    expect([code, stored()]).toEqual([130, before])
  })
})

describe('kill -9 in the middle of 200 uploads', () => {
  it('sends everything in the end and no finished file twice', async () => {
    for (let i = 0; i < 200; i += 1) write(`dir-${i % 7}/file-${i}`, `content ${i}`)
    emulator.setLatency(50)
    const uploads = () =>
      emulator.calls.filter(({ operation, status }) => operation === 'upload_file' && status === 200)
    const run = startCli(['sync', root, URL, '--once'], { env })
    await waitFor('a part of the uploads', () => uploads().length >= 60)
    run.process.kill('SIGKILL')
    await run.ended
    await waitFor('calls to end', () => emulator.inFlight === 0)
    emulator.setLatency(0)
    expect(uploads().length).toBeLessThan(200)
    const { code, summary } = await once()
    expect(code).toBe(0)
    expect(summary()).toMatchObject({ failed: 0 })
    expect(remoteTree(emulator, BUCKET)).toEqual(localTree(root))
    expect(uploads()).toHaveLength(200)
    expect(new Set(uploads().map(({ fileName }) => fileName)).size).toBe(200)
  })
})
