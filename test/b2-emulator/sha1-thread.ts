/** The thread that hashes large uploads for `sha1.ts`. */
import { createHash } from 'node:crypto'
import type { Hash } from 'node:crypto'
import { parentPort } from 'node:worker_threads'

/** The next bytes of one upload. */
export type Batch = { readonly id: number; readonly chunks: readonly Uint8Array[]; readonly isLast: boolean }

/** Answers a batch once it is hashed; the hash comes with the last one. */
export type Hashed = { readonly id: number; readonly bytes: number; readonly sha1: string | null }

const hashes = new Map<number, Hash>()

parentPort?.on('message', ({ id, chunks, isLast }: Batch) => {
  const hash = hashes.get(id) ?? createHash('sha1')
  for (const chunk of chunks) hash.update(chunk)
  if (isLast) hashes.delete(id)
  else hashes.set(id, hash)
  const bytes = chunks.reduce((sum, chunk) => sum + chunk.length, 0)
  parentPort?.postMessage({ id, bytes, sha1: isLast ? hash.digest('hex') : null } satisfies Hashed)
})
