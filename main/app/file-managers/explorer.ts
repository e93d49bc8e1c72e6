/** Windows' Explorer: verbs for files and folders in the person's own part of the registry, written with Windows' `reg`. */
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { currentEntries } from './entries.ts'
import type { Entry, FileManager } from './file-manager.ts'

/** Files of every type, and folders. */
const kinds = ['*', 'Directory'] as const

/** A call of `reg.exe`. */
export type RegCall = readonly string[]

/** Everything that puts the entries in, or brings them up to date. `program` starts Pail, without arguments. */
export function addCalls(entries: readonly Entry[], program: string): readonly RegCall[] {
  return entries.flatMap((entry) =>
    kinds.flatMap((kind): readonly RegCall[] => {
      const key = keyOf(kind, entry)
      const values = [
        ['/ve', entry.label],
        ['/v', 'Icon', program],
        // Without it the verb is gone where more than 15 are selected. Explorer starts the program for each of them.
        ['/v', 'MultiSelectModel', 'Player'],
      ]
      return [
        ...values.map((value) => ['add', key, ...value.slice(0, -1), '/d', value.at(-1) ?? '', '/f']),
        ['add', `${key}\\command`, '/ve', '/d', `"${program}" --${entry.action} "%1"`, '/f'],
      ]
    }),
  )
}

/** Everything that takes them out. */
export function removeCalls(entries: readonly Entry[]): readonly RegCall[] {
  return entries.flatMap((entry) => kinds.map((kind) => ['delete', keyOf(kind, entry), '/f']))
}

/** Ends well where the entry is there. */
export function queryCall(entry: Entry): RegCall {
  return ['query', keyOf('*', entry)]
}

export function explorer(program: string): FileManager {
  const isOn = async (): Promise<boolean> => {
    for (const entry of currentEntries()) if (await isDone(queryCall(entry))) return true
    return false
  }
  const install = async (): Promise<void> => {
    for (const call of addCalls(currentEntries(), program)) await run(call)
  }
  return {
    id: 'explorer',
    isHere: () => true,
    find: async () => ({ state: (await isOn()) ? 'on' : 'off', inTheWay: null }),
    install,
    remove: async () => {
      // One that is not there cannot be deleted.
      for (const call of removeCalls(currentEntries())) await isDone(call)
    },
    refresh: async () => {
      if (await isOn()) await install()
    },
  }
}

function keyOf(kind: (typeof kinds)[number], { action }: Entry): string {
  return `HKCU\\Software\\Classes\\${kind}\\shell\\Pail.${action}`
}

async function run(call: RegCall): Promise<void> {
  await promisify(execFile)('reg.exe', [...call], { windowsHide: true })
}

async function isDone(call: RegCall): Promise<boolean> {
  try {
    await run(call)
    return true
  } catch {
    return false
  }
}
