/**
 * Notices when the system may have lost events.
 *
 * Linux queues events until they are read, for the whole process, and drops what does not fit. libuv tells nobody. But it
 * reads the queue to its end in one go: where very many events arrive in one turn of the event loop, some may be missing.
 */
import { readFileSync } from 'node:fs'

/** Kernel default of `fs.inotify.max_queued_events`. */
const DEFAULT_QUEUE_EVENTS = 16_384

const listeners = new Set<() => void>()
let eventsOfTurn = 0
let suspiciousAt: number | null = null

/** To be called for each event as it arrives. */
export function noteEvent(): void {
  eventsOfTurn += 1
  if (eventsOfTurn === 1) setImmediate(endTurn)
  suspiciousAt ??= queueLength() / 2
  if (eventsOfTurn === Math.floor(suspiciousAt)) for (const listener of listeners) listener()
}

/** `listener` is called when events may have been lost, of whatever folder. Returns the way to end that. */
export function onLostEvents(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

function endTurn(): void {
  eventsOfTurn = 0
}

/** Half of it is suspicious already: events of watches that were just ended take their place without being told. */
function queueLength(): number {
  try {
    const length = Number(readFileSync('/proc/sys/fs/inotify/max_queued_events', 'utf8'))
    return Number.isInteger(length) && length > 1 ? length : DEFAULT_QUEUE_EVENTS
  } catch {
    return DEFAULT_QUEUE_EVENTS
  }
}
