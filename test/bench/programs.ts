/** The programs that are compared, each in the way its own documentation says it is run. */
import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { outputOf, pinnedNode, projectRoot } from '../../scripts/lib.mjs'
import { namesIn, sha1sOf } from './check.ts'
import type { EmulatorProcess } from './emulator-process.ts'
import type { Manifest } from './limit-client.ts'
import { findPython, type Command } from './measured.ts'

/** Where in the bucket everything goes. */
export const PREFIX = 'files'

/** What a program works on. */
export type Place = {
  readonly folder: string
  /** For what the program keeps: its own in every first run. */
  readonly state: string
  /** The same in all runs: what has been compiled stays there, as Python's stays with Python. */
  readonly home: string
  readonly emulator: EmulatorProcess
}

export type Program = {
  readonly label: string
  /** What is to be done before, and not measured. */
  readonly prepare?: (place: Place) => void
  /** Brings the bucket in line with the folder. */
  readonly sync: (place: Place) => Command
  /** Brings what is in the bucket into another folder. */
  readonly restore?: (place: Place, target: string) => Command
}

/** The command line as `npm run pail` starts it. */
export const pail = {
  ...pailWith(),
  watch: (place: Place) => pailCommand(place, ['sync', place.folder, urlOf(place)]),
}

/** The same with these flags of its `sync`. */
export function pailWith(...flags: readonly string[]): Program {
  return {
    label: ['Pail', ...flags].join(' '),
    sync: (place) => pailCommand(place, ['sync', place.folder, urlOf(place), '--once', '--json', ...flags]),
    restore: (place, target) => pailCommand(place, ['restore', urlOf(place), target, '--json']),
  }
}

/** rclone with these flags of its `sync`, or `copy` when it restores. */
export function rclone(...flags: readonly string[]): Program {
  return {
    label: ['rclone', ...flags].join(' '),
    sync: (place) => rcloneCommand(place, ['sync', place.folder, `X:${place.emulator.bucketName}/${PREFIX}`, ...flags]),
    restore: (place, target) =>
      rcloneCommand(place, ['copy', `X:${place.emulator.bucketName}/${PREFIX}`, target, ...flags]),
  }
}

/**
 * rclone with so many parts of a large file at once. Before version 1.64 it has no flag for that, and sends as many as
 * `--transfers` says.
 */
export function rcloneInParts(parts: number): Program {
  const flag = '--b2-upload-concurrency'
  const isKnown = outputOf('rclone', ['help', 'flags'])?.includes(flag) === true
  return rclone(isKnown ? flag : '--transfers', String(parts))
}

/** The sync of Backblaze's library for Python. */
export function b2sdk(threads: number): Program {
  return {
    label: `b2sdk, ${threads} threads`,
    sync: ({ folder, home, emulator }) => ({
      program: findPython(),
      args: [
        join(projectRoot, 'test/bench/b2sdk-sync.py'),
        folder,
        `b2://${emulator.bucketName}/${PREFIX}`,
        `${threads}`,
      ],
      env: { ...keyOf(emulator), HOME: home, B2_REALM_URL: emulator.realm },
    }),
  }
}

/** What nobody can do better: posts the same bytes with hashes that it is told. */
export function limit(connections: number): Program {
  const manifestIn = (state: string): string => join(state, 'manifest.json')
  return {
    label: `the limit, ${connections} at a time`,
    prepare: ({ folder, state, emulator }) => {
      const { bucketId } = emulator
      const manifest: Manifest = { bucketId, connections, files: namesIn(folder).map((name) => fileOf(folder, name)) }
      writeFileSync(manifestIn(state), JSON.stringify(manifest))
    },
    sync: ({ state, emulator }) => ({
      program: pinnedNode(),
      args: [join(projectRoot, 'test/bench/limit-client.ts'), manifestIn(state)],
      env: { ...keyOf(emulator), B2_REALM_URL: emulator.realm },
    }),
  }
}

/** What B2 recommends, and what files are sent in when they are larger than two of it. */
const PART_BYTES = 100_000_000

function fileOf(folder: string, name: string): Manifest['files'][number] {
  const path = join(folder, name)
  const { size, mtimeMs } = statSync(path)
  const partBytes = size > 2 * PART_BYTES ? PART_BYTES : size
  const lengths: number[] = []
  for (let left = size; left > 0 || lengths.length === 0; left -= partBytes) lengths.push(Math.min(left, partBytes))
  const parts = sha1sOf(path, lengths).map((sha1, index) => ({ bytes: lengths[index] ?? 0, sha1 }))
  return { path, name: `${PREFIX}/${name}`, modifiedMs: Math.trunc(mtimeMs), parts }
}

function urlOf({ emulator }: Place): string {
  return `b2://${emulator.bucketName}/${PREFIX}`
}

function pailCommand({ state, home, emulator }: Place, args: readonly string[]): Command {
  const { scripts } = JSON.parse(readFileSync(join(projectRoot, 'package.json'), 'utf8')) as {
    readonly scripts: { readonly pail: string }
  }
  const [, ...inPackage] = scripts.pail.split(' ')
  const own = inPackage.map((each) => (each.startsWith('-') ? each : join(projectRoot, each)))
  return {
    program: pinnedNode(),
    args: [...own, ...args],
    env: { ...keyOf(emulator), HOME: home, PAIL_DATA_DIR: join(state, 'pail'), PAIL_B2_REALM: emulator.realm },
  }
}

function rcloneCommand({ state, home, emulator }: Place, args: readonly string[]): Command {
  const config = join(state, 'rclone')
  mkdirSync(config, { recursive: true })
  writeFileSync(join(config, 'rclone.conf'), '')
  return {
    program: 'rclone',
    args,
    env: {
      HOME: home,
      RCLONE_CONFIG: join(config, 'rclone.conf'),
      RCLONE_CONFIG_X_TYPE: 'b2',
      RCLONE_CONFIG_X_ACCOUNT: emulator.applicationKeyId,
      RCLONE_CONFIG_X_KEY: emulator.applicationKey,
      RCLONE_CONFIG_X_ENDPOINT: emulator.realm,
    },
  }
}

function keyOf({ applicationKeyId, applicationKey }: EmulatorProcess): Readonly<Record<string, string>> {
  return { B2_APPLICATION_KEY_ID: applicationKeyId, B2_APPLICATION_KEY: applicationKey }
}
