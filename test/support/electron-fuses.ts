/** The fuses of an Electron executable, read from its bytes as Electron itself does at start. */
import { readFileSync } from 'node:fs'

/** Stands once in every Electron, right before the wire (https://www.electronjs.org/docs/latest/tutorial/fuses). */
const SENTINEL = 'dL7pKGdnNz796PbbjQWNKmHXBZaB9tsX'

/** In the order of the wire; newer Electrons have more behind them. */
const names = [
  'runAsNode',
  'enableCookieEncryption',
  'enableNodeOptionsEnvironmentVariable',
  'enableNodeCliInspectArguments',
  'enableEmbeddedAsarIntegrityValidation',
  'onlyLoadAppFromAsar',
  'loadBrowserProcessSpecificV8Snapshot',
  'grantFileProtocolExtraPrivileges',
] as const

export type Fuses = Partial<Readonly<Record<(typeof names)[number], boolean>>>

/** A fuse that this Electron does not have is absent. Throws when the file is no Electron. */
export function readFuses(executable: string): Fuses {
  const bytes = readFileSync(executable)
  const at = bytes.indexOf(SENTINEL)
  if (at < 0) throw new Error(`${executable} has no fuses`)
  const wire = at + SENTINEL.length
  // One byte says the version of the wire, one its length, then each fuse is the digit 0 or 1.
  const length = bytes[wire + 1] ?? 0
  const states = bytes.subarray(wire + 2, wire + 2 + length).toString('latin1')
  return Object.fromEntries(names.slice(0, length).map((name, i) => [name, states[i] === '1']))
}
