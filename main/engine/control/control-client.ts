/** Asks the engine that has a data folder in use, from another program of the same person. */
import { connect, type Socket } from 'node:net'
import { EngineError } from '../../../shared/errors.ts'
import type { AbsolutePath } from '../../../shared/ids.ts'
import type { LinkAnswer } from '../../../shared/model/link.ts'
import { ControlAnswer, knownAddress, readLine, writeLine, type ControlRequest } from './wire.ts'

/**
 * In the order of the targets; null for each that is in no folder of that engine, and null for all where no engine listens.
 * Throws what the engine answers, `engine_stopped` where it ends before it has, and `AbortError`.
 */
export async function askForLinks(
  dataFolder: AbsolutePath,
  request: ControlRequest['createLinks'],
  signal: AbortSignal,
): Promise<readonly (LinkAnswer | null)[] | null> {
  const socket = await connectTo(dataFolder, signal)
  signal.throwIfAborted()
  if (socket === null) return null
  try {
    writeLine(socket, { createLinks: request })
    const line = await readLine(socket)
    signal.throwIfAborted()
    if (line === null) throw new EngineError('engine_stopped', 'The engine ended before it answered')
    const answer = ControlAnswer.parse(JSON.parse(line))
    if ('links' in answer) return answer.links
    const { code, details } = answer.failed
    throw new EngineError(code, 'The engine that runs refused', details)
  } finally {
    socket.destroy()
  }
}

/** Null where nobody listens. The connection breaks off when `signal` is aborted. */
function connectTo(dataFolder: AbsolutePath, signal: AbortSignal): Promise<Socket | null> {
  return new Promise((done) => {
    try {
      const socket = connect({ path: knownAddress(dataFolder), signal })
      socket.once('connect', () => {
        done(socket)
      })
      socket.on('error', () => {
        done(null)
      })
    } catch {
      done(null)
    }
  })
}
