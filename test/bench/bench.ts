/**
 * `npm run bench [-- FILES]`: Pail beside rclone, on the same files, against the same server, in one run.
 * `npm run bench -- emulator`: how much that server takes, see `emulator-speed.ts`.
 * `npm run bench -- scale [FILES] [--json FILE]`: Pail with many files, see `scale.ts`.
 *
 * Prints for each what a first sync and a second one with nothing to do take: seconds, processor seconds and the peak of
 * memory, and the ratio of the two programs. Numbers of different runs or machines say nothing about each other.
 */
import { spawn } from 'node:child_process'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pinnedNode, projectRoot, runMain, say, SetupError } from '../../scripts/lib.mjs'
import { startEmulator, type Emulator } from '../b2-emulator/emulator.ts'
import { measureEmulator } from './emulator-speed.ts'
import { measureScale } from './scale.ts'
import { makeTempFolder } from '../support/desktop-app.ts'

/** Small files are what a sync client is slow at: 2,000 of 1 to 20 kB unless asked otherwise. */
const DEFAULT_FILES = 2000

/** rclone's documentation recommends 32 for B2; more than 16 brings nothing on two cores. */
const RCLONE_TRANSFERS = '16'

type Cost = { readonly seconds: number; readonly cpuSeconds: number; readonly peakMb: number }

function makeFiles(folder: string, count: number): void {
  for (let index = 0; index < count; index += 1) {
    const directory = join(folder, `d${index % 40}`)
    mkdirSync(directory, { recursive: true })
    writeFileSync(join(directory, `file ${index}.bin`), Buffer.alloc(1000 + ((index * 7919) % 19_000), index % 251))
  }
}

/** Runs a program to its end and measures it, children left out. */
async function measure(command: string, args: readonly string[], env: NodeJS.ProcessEnv): Promise<Cost> {
  const startedAt = performance.now()
  const child = spawn(command, args, { env: { ...process.env, ...env }, stdio: ['ignore', 'ignore', 'inherit'] })
  let cpuSeconds = 0
  let peakMb = 0
  const look = setInterval(() => {
    try {
      const stat = readFileSync(`/proc/${child.pid}/stat`, 'utf8')
      const [userTicks, systemTicks] = stat
        .slice(stat.lastIndexOf(')') + 2)
        .split(' ')
        .slice(11, 13)
      // USER_HZ is 100 on every Linux that Node runs on.
      cpuSeconds = (Number(userTicks) + Number(systemTicks)) / 100
      const peak = /VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8'))?.[1]
      peakMb = Math.max(peakMb, Number(peak ?? 0) / 1000)
    } catch {
      // It ended between two looks.
    }
  }, 20)
  const exitCode = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject).once('exit', resolve)
  })
  clearInterval(look)
  if (exitCode !== 0) throw new Error(`${command} ended with ${exitCode}`)
  return { seconds: (performance.now() - startedAt) / 1000, cpuSeconds, peakMb }
}

function pail(emulator: Emulator, folder: string, dataFolder: string): Promise<Cost> {
  const args = [join(projectRoot, 'main/cli/cli.ts'), 'sync', folder, 'b2://bench-pail/files', '--once', '--json']
  return measure(pinnedNode(), [...args, '--data-dir', dataFolder], {
    B2_APPLICATION_KEY_ID: emulator.applicationKeyId,
    B2_APPLICATION_KEY: emulator.applicationKey,
    PAIL_B2_REALM: emulator.realm,
  })
}

function rclone(emulator: Emulator, folder: string, configFolder: string): Promise<Cost> {
  const config = join(configFolder, 'rclone.conf')
  writeFileSync(config, '')
  return measure('rclone', ['sync', folder, 'X:bench-rclone/files', '--transfers', RCLONE_TRANSFERS], {
    RCLONE_CONFIG: config,
    RCLONE_CONFIG_X_TYPE: 'b2',
    RCLONE_CONFIG_X_ACCOUNT: emulator.applicationKeyId,
    RCLONE_CONFIG_X_KEY: emulator.applicationKey,
    RCLONE_CONFIG_X_ENDPOINT: emulator.realm,
  })
}

function line(name: string, { seconds, cpuSeconds, peakMb }: Cost): string {
  return `  ${name.padEnd(8)}${seconds.toFixed(2).padStart(8)} s${cpuSeconds.toFixed(2).padStart(8)} CPU-s${peakMb.toFixed(0).padStart(6)} MB`
}

await runMain(async () => {
  if (process.argv[2] === 'emulator') return measureEmulator()
  if (process.argv[2] === 'scale') return measureScale(process.argv.slice(3))
  const count = Number(process.argv[2] ?? DEFAULT_FILES)
  if (!Number.isInteger(count) || count < 1) throw new SetupError('Give the number of files, such as 2000.')
  const temp = makeTempFolder('bench')
  const emulator = await startEmulator({ buckets: [{ bucketName: 'bench-pail' }, { bucketName: 'bench-rclone' }] })
  try {
    const folder = join(temp.path, 'files')
    const dataFolder = join(temp.path, 'data')
    makeFiles(folder, count)
    for (const what of [`first sync of ${count} small files`, 'second sync, nothing to do']) {
      const ours = await pail(emulator, folder, dataFolder)
      const theirs = await rclone(emulator, folder, temp.path)
      say(`${what}\n${line('Pail', ours)}\n${line('rclone', theirs)}`)
      say(`  Pail takes ${(ours.seconds / theirs.seconds).toFixed(2)} of rclone's time\n`)
    }
  } finally {
    await emulator.stop()
    temp.remove()
  }
  return 0
})
