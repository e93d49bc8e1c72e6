/** The emulator as a process of its own, so that what it takes does not count as the client's. */
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { pinnedNode, projectRoot } from '../../scripts/lib.mjs'
import type { Call } from '../b2-emulator/calls.ts'
import type { VisibleFile } from '../b2-emulator/handle.ts'
import { endWithUs } from './measured.ts'

/** What the program says once it listens, see `test/b2-emulator/cli.ts`. */
type Address = {
  readonly realm: string
  readonly applicationKeyId: string
  readonly applicationKey: string
  readonly buckets: readonly { readonly bucketId: string; readonly bucketName: string }[]
  readonly control: string
}

/** How far away the server is. Null: as fast as it can. */
export type Line = {
  /** A round trip. */
  readonly latencyMs: number
  /** Of each connection, each way. */
  readonly bytesPerSecond: number | null
  readonly requestsPerSecond: number | null
}

export type EmulatorProcess = Address & {
  readonly process: ChildProcess
  readonly bucketId: string
  readonly bucketName: string
  /** The calls since the last `forgetCalls` from a number on, and the number that comes next. */
  calls(since?: number): Promise<{ readonly calls: readonly Call[]; readonly next: number }>
  forgetCalls(): Promise<void>
  /** The current files of the bucket. */
  files(): Promise<readonly VisibleFile[]>
  setLine(line: Line): Promise<void>
  stop(): Promise<void>
}

/** Starts one with a single bucket, which keeps sizes and hashes only unless `store` says otherwise. */
export async function startEmulatorProcess(
  bucketName: string,
  store: 'discard' | 'files' = 'discard',
): Promise<EmulatorProcess> {
  const cli = join(projectRoot, 'test/b2-emulator/cli.ts')
  const args = [...process.execArgv, cli, '--store', store, '--bucket', bucketName, '--control', '0']
  const child = spawn(pinnedNode(), args, { stdio: ['ignore', 'pipe', 'inherit'] })
  endWithUs(child)
  const died = once(child, 'exit').then(() => {
    throw new Error('the emulator did not start')
  })
  const [line] = (await Promise.race([once(createInterface(child.stdout), 'line'), died])) as [string]
  const address = JSON.parse(line) as Address
  const [bucket] = address.buckets
  if (bucket === undefined) throw new Error('the emulator has no bucket')
  const ask = async <T>(path: string, method = 'GET', body?: unknown): Promise<T> => {
    const answer = await fetch(`${address.control}${path}`, {
      method,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    if (!answer.ok) throw new Error(`the emulator answered ${answer.status}: ${await answer.text()}`)
    return (await answer.json()) as T
  }
  return {
    ...address,
    process: child,
    ...bucket,
    calls: (since = 0) => ask(`/calls?since=${since}`),
    async forgetCalls() {
      await ask('/calls', 'DELETE')
    },
    async files() {
      return (await ask<{ files: readonly VisibleFile[] }>(`/files?bucket=${bucketName}`)).files
    },
    async setLine({ latencyMs, bytesPerSecond, requestsPerSecond }) {
      await ask('/latency', 'POST', { latencyMs })
      await ask('/bandwidth', 'POST', { bytesPerSecond })
      await ask('/rate-limit', 'POST', { requestsPerSecond })
    },
    async stop() {
      child.kill()
      if (child.exitCode === null && child.signalCode === null) await once(child, 'exit')
    },
  }
}
