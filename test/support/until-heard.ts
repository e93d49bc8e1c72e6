/** Waits until a server has heard all that engines which are gone by now have sent: it may be read long after they ended. */
import { setTimeout as pause } from 'node:timers/promises'
import type { Emulator } from '../b2-emulator/emulator.ts'
import { send } from '../b2-emulator/test-client.ts'

/** Fails after two minutes. */
export async function untilHeard(emulator: Emulator): Promise<void> {
  const until = Date.now() + 120_000
  // Connections are accepted in turn: when this one is answered, all older ones are known.
  await send(emulator.realm)
  while (emulator.connections > 0 || emulator.inFlight > 0) {
    if (Date.now() > until) throw new Error('Waited in vain for the last connection to close')
    await pause(5)
  }
}
