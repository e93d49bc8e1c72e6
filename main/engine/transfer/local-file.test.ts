import { randomBytes } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { EngineError } from '../../../shared/errors.ts'
import type { AbsolutePath } from '../../../shared/ids.ts'
import { BUCKET, sha1Of, startB2Bench } from '../../../test/support/b2-bench.ts'
import { relative } from '../../../test/support/state-bench.ts'
import { tempFolder } from '../../../test/support/temp-folder.ts'
import { BandwidthLimit, withinLimit } from '../lib/bandwidth-limit.ts'
import { systemClock } from '../lib/clock.ts'
import { Drives } from './drives.ts'
import { openFile, readAll, readFrom, sha1OfFirst, type LocalFile } from './local-file.ts'

const PIECE = 256 * 1024
const { signal } = new AbortController()

async function onDisk(bytes: Buffer): Promise<LocalFile> {
  const path = join(tempFolder(), 'file')
  writeFileSync(path, bytes)
  const file = await open(path)
  onTestFinished(() => file.close())
  return file
}

/** A file of which each read gives as little as this. */
function inDrops(file: LocalFile, bytes: number): LocalFile {
  return {
    fd: file.fd,
    stat: () => file.stat(),
    read: (buffer, at, length, from) => file.read(buffer, at, Math.min(length, bytes), from),
    close: () => file.close(),
  }
}

describe('readFrom', () => {
  it.each([
    ['nothing', 0, Infinity, [0, 0]],
    ['a range', PIECE - 1, PIECE + 3, [PIECE, 3]],
    ['all there is', 0, Infinity, [PIECE, PIECE, PIECE, 5]],
    ['all there is, where more was asked for', 2 * PIECE, 3 * PIECE, [PIECE, 5]],
  ])('gives %s in full pieces and a last one', async (what, start, length, sizes) => {
    const bytes = what === 'nothing' ? Buffer.alloc(0) : randomBytes(3 * PIECE + 5)
    for (const file of [await onDisk(bytes), inDrops(await onDisk(bytes), 60_000)]) {
      const pieces: Buffer[] = []
      for await (const piece of readFrom(file, start, length)) pieces.push(Buffer.from(piece))
      expect(pieces.map((piece) => piece.length)).toEqual(sizes.filter((size) => size > 0))
      expect(Buffer.concat(pieces).equals(bytes.subarray(start, start + length))).toBe(true)
    }
  })

  it('leaves a piece as it is until the second one after it is asked for', async () => {
    const bytes = randomBytes(5 * PIECE + 5)
    let before: Uint8Array | undefined
    let at = 0
    for await (const piece of readFrom(await onDisk(bytes))) {
      if (before !== undefined) expect(bytes.subarray(at - PIECE, at).equals(before)).toBe(true)
      before = piece
      at += piece.length
    }
    expect(at).toBe(bytes.length)
  })

  it('is not touched by what comes later while a connection keeps what it was given', async () => {
    // undici asks for more while less than this is waiting in the socket, and else waits until all is gone.
    const highWaterMark = 64 * 1024
    const bytes = randomBytes(6 * PIECE + 5)
    const slices = withinLimit(readFrom(await onDisk(bytes)), new BandwidthLimit(systemClock, 2_500_000), signal)
    let waiting: Uint8Array[] = []
    const sent: Buffer[] = []
    const flush = (): void => {
      sent.push(Buffer.concat(waiting))
      waiting = []
    }
    for await (const slice of slices) {
      waiting.push(slice)
      if (waiting.reduce((sum, { length }) => sum + length, 0) >= highWaterMark) flush()
    }
    flush()
    expect(Buffer.concat(sent).equals(bytes)).toBe(true)
  })

  it('sends what is in the file over a slow connection', async () => {
    const bytes = randomBytes(6 * PIECE + 5)
    const file = await onDisk(bytes)
    const bench = await startB2Bench()
    onTestFinished(() => bench.close())
    bench.emulator.setBandwidth(20_000_000)
    await bench.connect().uploadFile(bench.anUpload('a', bytes, { makeBody: () => readFrom(file) }))
    expect(bench.countOf('upload_file')).toBe(1)
    expect(bench.emulator.fileVersions(BUCKET)[0]?.contentSha1).toBe(sha1Of(bytes))
  })
})

describe('sha1OfFirst', () => {
  it.each([0, 1, PIECE / 2, PIECE, 3 * PIECE + 5])('is the SHA-1 of the first %i bytes', async (length) => {
    const bytes = randomBytes(length)
    const grown = Buffer.concat([bytes, randomBytes(7)])
    for (const file of [await onDisk(bytes), inDrops(await onDisk(grown), 60_000)]) {
      expect(await sha1OfFirst(file, length, signal)).toBe(sha1Of(bytes))
    }
  })

  it('is told of no file that is shorter', async () => {
    const hashed = sha1OfFirst(await onDisk(randomBytes(PIECE)), PIECE + 1, signal)
    await expect(hashed).rejects.toMatchObject({ code: 'file_changed_while_reading' })
  })

  it('ends with the reason of the signal', async () => {
    const reason = new Error('enough')
    await expect(sha1OfFirst(await onDisk(randomBytes(5)), 5, AbortSignal.abort(reason))).rejects.toBe(reason)
  })
})

describe('what the system says while a file is read', () => {
  const reads: Readonly<Record<string, (file: LocalFile) => Promise<unknown>>> = {
    readAll: (file) => readAll(file, 10),
    readFrom: (file) => readFrom(file).next(),
    sha1OfFirst: (file) => sha1OfFirst(file, 5, signal),
  }

  it.runIf(process.platform === 'linux').each(Object.keys(reads))('is told by %s as what is wrong', async (name) => {
    // Nothing is mapped at the beginning of a process's memory.
    for (const [path, errno] of Object.entries({ '/proc/self/mem': 'EIO', [tempFolder()]: 'EISDIR' })) {
      const file = await open(path)
      onTestFinished(() => file.close())
      await expect(reads[name]?.(file)).rejects.toMatchObject({ code: 'file_unreadable', details: { errno } })
    }
  })

  it.runIf(process.platform === 'linux')('is told of a small file on a quick drive too', async () => {
    const drives = new Drives(systemClock)
    const file = await openFile('/proc/self' as AbsolutePath, relative('mem'), drives)
    onTestFinished(() => file.close())
    await expect(readAll(file, 10)).rejects.toMatchObject({ code: 'file_unreadable', details: { errno: 'EIO' } })
  })

  it.each([
    ['EBUSY', 'file_busy'],
    ['EAGAIN', 'file_busy'],
    ['ESTALE', 'file_busy'],
    ['EACCES', 'file_unreadable'],
    ['ENXIO', 'file_vanished'],
  ])('is, as %s, %s', async (errno, code) => {
    const file = await onDisk(randomBytes(5))
    const failing = {
      ...inDrops(file, 1),
      read: () => Promise.reject(Object.assign(new Error(errno), { code: errno })),
    }
    for (const read of Object.values(reads)) await expect(read(failing)).rejects.toMatchObject({ code })
  })

  it('is left alone where it tells of a fault in the program, or was read already', async () => {
    const file = await onDisk(randomBytes(5))
    const faults = [new TypeError('no'), Object.assign(new Error('no'), { code: 'ERR_OUT_OF_RANGE' })]
    for (const fault of [...faults, new EngineError('drive_missing', 'no')]) {
      const failing = { ...inDrops(file, 1), read: () => Promise.reject(fault) }
      await expect(readAll(failing, 5)).rejects.toBe(fault)
    }
  })
})
