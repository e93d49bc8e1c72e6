/** `pail unfinished` as people and scripts run it. */
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest'
import { Sha1Hex } from '../../shared/ids.ts'
import type { UnfinishedFile, UnfinishedSummary } from '../../main/cli/unfinished.ts'
import { ROOT_INFO } from '../../main/engine/model/root.ts'
import { BUCKET, MODIFIED, sha1Of, startB2Bench, type B2Bench } from '../support/b2-bench.ts'
import { runCli } from '../support/cli.ts'
import { tempFolder } from '../support/temp-folder.ts'

const URL = `b2://${BUCKET}/p`

let bench: B2Bench
let env: Record<string, string>

beforeEach(async () => {
  bench = await startB2Bench({ absoluteMinimumPartSize: 1000 })
  onTestFinished(() => bench.close())
  const { realm, applicationKeyId, applicationKey } = bench.emulator
  env = {
    PAIL_B2_REALM: realm,
    PAIL_DATA_DIR: tempFolder(),
    B2_APPLICATION_KEY_ID: applicationKeyId,
    B2_APPLICATION_KEY: applicationKey,
  }
})

/** Begins a large file and sends so many parts of 1,000 bytes. */
async function begin(
  fileName: string,
  parts: number,
  fileInfo: Readonly<Record<string, string>> = {},
): Promise<string> {
  const client = bench.connect()
  const { fileId } = await client.startLargeFile({
    bucketId: bench.bucketId,
    fileName,
    srcLastModifiedMillis: MODIFIED,
    fileInfo,
  })
  const content = Buffer.alloc(1000, 'x')
  for (let partNumber = 1; partNumber <= parts; partNumber += 1) {
    await client.uploadPart({ fileId, partNumber, content, sha1: Sha1Hex.parse(sha1Of(content)) })
  }
  return fileId
}

const unfinished = (...args: readonly string[]) => runCli(['unfinished', URL, ...args], { env })

describe('pail unfinished', () => {
  it('lists what was begun at the place, by whom, and how much of it B2 holds', async () => {
    const ours = await begin('p/ours', 2, { [ROOT_INFO]: 'a root' })
    const others = await begin('p/theirs ü', 1)
    await begin('elsewhere', 1)
    const { code, stdout, stderr } = await unfinished('--json')
    const lines = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as UnfinishedFile | UnfinishedSummary)
    const begunAt = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/) as string
    expect([code, stderr]).toEqual([0, ''])
    expect(lines).toEqual([
      { fileName: 'p/ours', fileId: ours, begunAt, heldBytes: 2000, begunBy: 'pail' },
      { fileName: 'p/theirs ü', fileId: others, begunAt, heldBytes: 1000, begunBy: 'other' },
      { files: 2, heldBytes: 3000 },
    ])

    const text = (await unfinished()).stdout.split('\n')
    expect(text[0]).toMatch(/^p\/ours: 2 kB there, begun \d{4}-\d\d-\d\d \d\d:\d\d UTC by Pail$/)
    expect(text[1]).toMatch(/^p\/theirs ü: 1 kB there, begun .* by another program$/)
    expect(text[2]).toMatch(`2 unfinished large files at ${URL}, of which B2 holds 3 kB.`)
  })

  it('changes nothing', async () => {
    await begin('p/theirs', 1)
    const before = bench.emulator.calls.length
    await unfinished()
    const operations = new Set(bench.emulator.calls.slice(before).map(({ operation }) => operation))
    expect([...operations].sort()).toEqual([
      'authorize_account',
      'list_buckets',
      'list_parts',
      'list_unfinished_large_files',
    ])
  })

  it('says so where there are none', async () => {
    const { code, stdout } = await unfinished()
    expect([code, stdout]).toEqual([0, `No unfinished large files at ${URL}.\n`])
  })

  it('lists also for a key that may not write, which is told nothing of parts', async () => {
    await begin('p/theirs', 1)
    const { applicationKeyId, applicationKey } = await bench
      .connect()
      .createKey({ keyName: 'reader', capabilities: ['listBuckets', 'listFiles'] })
    env = { ...env, B2_APPLICATION_KEY_ID: applicationKeyId, B2_APPLICATION_KEY: applicationKey }
    const { code, stdout } = await unfinished()
    expect(code).toBe(0)
    expect(stdout).toMatch(/^p\/theirs: size unknown, begun .*\nOne unfinished large file at b2:\/\/[^ ]+\. Pail/)
  })

  it('says in one sentence what is wrong', async () => {
    const other = await runCli(['unfinished', 'b2://another-bucket'], { env })
    expect([other.code, other.stdout]).toEqual([3, ''])
    expect(other.stderr).toContain('another-bucket')
    expect((await runCli(['unfinished', 'p'], { env })).code).toBe(2)
  })
})
