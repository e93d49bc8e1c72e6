/**
 * Hashes a large file: the whole, and every block of it by itself, on two threads of their own that read for themselves.
 *
 * The engine's own thread does nothing meanwhile. Both threads read the same bytes at about the same time, so that the
 * second of them finds them in memory. Of a file that changes meanwhile they may read different ones: then one thread reads
 * once for both.
 */
import { z } from 'zod'
import { EngineError } from '../../../shared/errors.ts'
import { Sha1Hex } from '../../../shared/ids.ts'
import { onThread } from '../lib/thread.ts'
import type { HashedContent } from '../model/content.ts'
import { localFileError, type LocalFile } from './local-file.ts'

export type HashOptions = {
  readonly sizeBytes: number
  readonly blockBytes: number
  /** The blocks of another content, of the same size each, to be compared with; null for none. */
  readonly known: readonly Sha1Hex[] | null
  /** The most blocks in one run. */
  readonly runBlocks: number
  /** Whether the file changes meanwhile, in all likelihood. */
  readonly isRestless: boolean
  readonly signal: AbortSignal
}

const Whole = z.object({ sha1: Sha1Hex })
const Cut = z.object({
  sha1s: z.array(Sha1Hex),
  runs: z.array(z.object({ first: z.number(), count: z.number(), sha1: Sha1Hex })),
})

/** Throws `file_changed_while_reading` for a file that is shorter, what `localFileError` makes, and the signal's reason. */
export async function hashContent(file: LocalFile, options: HashOptions): Promise<HashedContent> {
  const { blockBytes, signal } = options
  signal.throwIfAborted()
  const stop = new Int32Array(new SharedArrayBuffer(4))
  const onAbort = () => {
    Atomics.store(stop, 0, 1)
  }
  signal.addEventListener('abort', onAbort, { once: true })
  try {
    const { sizeBytes, known, runBlocks, isRestless } = options
    const common = { fd: file.fd, sizeBytes, stop, runBlocks }
    const tasks: readonly Task[] = isRestless
      ? [{ ...common, blockBytes, known, isWhole: true }]
      : [
          { ...common, blockBytes, known, isWhole: false },
          { ...common, blockBytes: 0, known: null, isWhole: true },
        ]
    const answers = await Promise.allSettled(tasks.map(hashOnThread))
    signal.throwIfAborted()
    const said = answers.map((answer) => {
      if (answer.status === 'rejected') throw answer.reason
      return answer.value
    })
    const { sha1s, runs } = Cut.parse(said[0])
    return { sha1: Whole.parse(said.at(-1)).sha1, blocks: { blockBytes, sha1s }, runs }
  } finally {
    signal.removeEventListener('abort', onAbort)
  }
}

type Task = {
  readonly fd: number
  readonly sizeBytes: number
  /** 0 for none. */
  readonly blockBytes: number
  readonly isWhole: boolean
  readonly known: readonly Sha1Hex[] | null
  readonly runBlocks: number
  readonly stop: Int32Array
}

async function hashOnThread(task: Task): Promise<unknown> {
  const said = await onThread(program, task)
  const failure = z.object({ failure: z.string() }).safeParse(said).data?.failure
  if (failure === undefined) return said
  if (failure === 'shorter') throw new EngineError('file_changed_while_reading', 'The file became shorter')
  throw localFileError('read', failure)
}

const program = `
const { createHash } = require('node:crypto')
const { readSync } = require('node:fs')
const { parentPort, workerData } = require('node:worker_threads')
const { fd, sizeBytes, blockBytes, isWhole, known, runBlocks, stop } = workerData
const buffer = Buffer.allocUnsafe(256 * 1024)

const read = (start, end, hashes) => {
  for (let at = start; at < end; ) {
    if (Atomics.load(stop, 0) === 1) throw new Error('stopped')
    const length = readSync(fd, buffer, 0, Math.min(buffer.length, end - at), at)
    if (length === 0) throw new Error('shorter')
    const bytes = buffer.subarray(0, length)
    for (const hash of hashes) hash.update(bytes)
    at += length
  }
}

const hashWhole = () => {
  const hash = createHash('sha1')
  read(0, sizeBytes, [hash])
  return { sha1: hash.digest('hex') }
}

const hashBlocks = () => {
  const whole = isWhole ? [createHash('sha1')] : []
  const sha1s = []
  const runs = []
  let run = { first: 0, count: 0, hash: createHash('sha1') }
  const end = (next, hash) => {
    if (run.count > 0) runs.push({ first: run.first, count: run.count, sha1: hash.digest('hex') })
    run = { first: next, count: 0, hash: createHash('sha1') }
  }
  for (let start = 0; start < sizeBytes; start += blockBytes) {
    const index = sha1s.length
    const block = createHash('sha1')
    if (known === null) {
      read(start, Math.min(start + blockBytes, sizeBytes), [block, ...whole])
      sha1s.push(block.digest('hex'))
      continue
    }
    const before = run.hash.copy()
    read(start, Math.min(start + blockBytes, sizeBytes), [block, run.hash, ...whole])
    sha1s.push(block.digest('hex'))
    if (sha1s[index] === known[index]) {
      run.count += 1
      if (run.count === runBlocks) end(index + 1, run.hash)
    } else end(index + 1, before)
  }
  end(sha1s.length, run.hash)
  return { sha1s, runs, sha1: whole[0]?.digest('hex') }
}

try {
  parentPort.postMessage(blockBytes === 0 ? hashWhole() : hashBlocks())
} catch (error) {
  parentPort.postMessage({ failure: error.code ?? error.message })
}
`
