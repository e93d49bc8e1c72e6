/**
 * What another program on this machine and an engine that runs say to each other: one line of JSON in, one line out.
 *
 * Only what is written down here can be asked for, and nothing of it deletes, changes settings or tells a key.
 */
import { randomUUID } from 'node:crypto'
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import type { Socket } from 'node:net'
import { z } from 'zod'
import { ErrorCode } from '../../../shared/errors.ts'
import type { AbsolutePath } from '../../../shared/ids.ts'
import { LinkAnswer, LinkRequest } from '../../../shared/model/link.ts'
import { dataPaths } from '../../data-folder.ts'

/** Links to those of the targets that are in this engine's folders, and to objects. Nothing is sent for a link. */
export const ControlRequest = z.object({ createLinks: LinkRequest.omit({ copiedTo: true, onOutside: true }) })
export type ControlRequest = z.infer<typeof ControlRequest>

export const ControlAnswer = z.union([
  /** In the order of the targets; null for what is in no folder of this engine. */
  z.object({ links: z.array(LinkAnswer.nullable()) }),
  z.object({
    failed: z.object({
      code: ErrorCode,
      details: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
    }),
  }),
])

/** Room for as many targets as can be asked for at once, each of the longest path that Linux has, in bytes. */
export const LONGEST_REQUEST = 4_500_000

/**
 * Makes room for an engine to listen, and says where. On Windows that is a pipe, whose name anybody could take first: it is one that cannot be
 * guessed, written into the data folder.
 */
export function takeAddress(dataFolder: AbsolutePath): string {
  const file = dataPaths(dataFolder).control
  if (process.platform !== 'win32') {
    // Left by an engine that was killed; one that runs would have the records.
    rmSync(file, { force: true })
    return file
  }
  const pipe = `\\\\.\\pipe\\pail-${randomUUID()}`
  writeFileSync(file, pipe, { mode: 0o600 })
  return pipe
}

/** Where an engine may be listening. Throws the system's error where none ever did. */
export function knownAddress(dataFolder: AbsolutePath): string {
  const file = dataPaths(dataFolder).control
  return process.platform === 'win32' ? readFileSync(file, 'utf8') : file
}

export function writeLine(socket: Socket, value: ControlRequest | z.input<typeof ControlAnswer>): void {
  socket.write(`${JSON.stringify(value)}\n`)
}

/** The first line; null where the other side ends before, breaks off, or says more than `mostBytes`. */
export async function readLine(socket: Socket, mostBytes = Infinity): Promise<string | null> {
  const chunks: Buffer[] = []
  let bytes = 0
  try {
    for await (const chunk of socket.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
      const end = chunk.indexOf('\n')
      chunks.push(end < 0 ? chunk : chunk.subarray(0, end))
      if (end >= 0) return Buffer.concat(chunks).toString('utf8')
      bytes += chunk.length
      if (bytes > mostBytes) return null
    }
  } catch {
    // Broken off.
  }
  return null
}
