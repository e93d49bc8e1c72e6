/** The emulator as a process of its own, so that what it takes does not count as the client's. */
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { pinnedNode, projectRoot } from '../../scripts/lib.mjs'
import type { Call } from '../b2-emulator/calls.ts'

/** What the program says once it listens, see `test/b2-emulator/cli.ts`. */
type Address = {
  readonly realm: string
  readonly applicationKeyId: string
  readonly applicationKey: string
  readonly buckets: readonly { readonly bucketId: string; readonly bucketName: string }[]
  readonly control: string
}

export type EmulatorProcess = Address & {
  readonly process: ChildProcess
  readonly bucketId: string
  /** Every call since the last `forgetCalls`. */
  calls(): Promise<readonly Call[]>
  forgetCalls(): Promise<void>
  stop(): Promise<void>
}

/** Starts one with a single bucket, which keeps sizes and hashes only. */
export async function startEmulatorProcess(bucketName: string): Promise<EmulatorProcess> {
  const cli = join(projectRoot, 'test/b2-emulator/cli.ts')
  const args = [...process.execArgv, cli, '--store', 'discard', '--bucket', bucketName, '--control', '0']
  const child = spawn(pinnedNode(), args, { stdio: ['ignore', 'pipe', 'inherit'] })
  const [line] = (await once(createInterface(child.stdout), 'line')) as [string]
  const address = JSON.parse(line) as Address
  const [bucket] = address.buckets
  if (bucket === undefined) throw new Error('the emulator has no bucket')
  return {
    ...address,
    process: child,
    bucketId: bucket.bucketId,
    async calls() {
      const answer = await fetch(`${address.control}/calls`)
      return ((await answer.json()) as { readonly calls: readonly Call[] }).calls
    },
    async forgetCalls() {
      await (await fetch(`${address.control}/calls`, { method: 'DELETE' })).arrayBuffer()
    },
    async stop() {
      child.kill()
      if (child.exitCode === null && child.signalCode === null) await once(child, 'exit')
    },
  }
}
