/** The calls that an engine has made, as a witness tells them from those of other programs. */
import type { Call } from '../b2-emulator/calls.ts'
import type { Witness } from './history.ts'

/** Faults that lose the answer of a call that was carried out. */
const CARRIED_OUT: ReadonlySet<string> = new Set(['cut-after', 'stall-after', 'truncated'])

/** The calls of the engine, other programs' left out. */
export function callsOf({ emulator, foreignKeyIds }: Witness): readonly Call[] {
  return emulator.calls.filter(({ applicationKeyId }) => !foreignKeyIds.has(applicationKeyId ?? ''))
}

/** Of these operations what was carried out, whether or not the answer arrived. */
export function carriedOut(witness: Witness, ...operations: readonly string[]): readonly Call[] {
  return callsOf(witness).filter(
    ({ operation, status, fault }) =>
      operations.includes(operation) && (status === 200 || CARRIED_OUT.has(fault ?? '')),
  )
}
