/** Answers other programs of the same person on this machine while the engine runs: a socket in the data folder. */
import { chmodSync } from 'node:fs'
import { createServer, type Server, type Socket } from 'node:net'
import type { z } from 'zod'
import type { EngineApi } from '../../../shared/contract/engine-api.ts'
import type { HandlersOf } from '../../../shared/contract/procedure.ts'
import { isEngineError } from '../../../shared/errors.ts'
import type { AbsolutePath } from '../../../shared/ids.ts'
import type { SyncFolder } from '../../../shared/model/folder.ts'
import type { Logger } from '../lib/logger.ts'
import { isKnownHere } from '../links/link-targets.ts'
import { ControlRequest, LONGEST_REQUEST, readLine, takeAddress, writeLine, type ControlAnswer } from './wire.ts'

/** Programs that ask at the same time; more are turned away. */
const MOST_CONNECTIONS = 256

/** Whoever connects has so long to say what is wanted, ms. */
const ASK_LIMIT_MS = 10_000

export type ControlOptions = {
  readonly dataFolder: AbsolutePath
  readonly logger: Logger
  readonly listFolders: () => readonly SyncFolder[]
  readonly createLinks: HandlersOf<EngineApi>['createLinks']
}

/**
 * Listens until the returned function is called. Where that is not possible (a path too long for a socket, a disk that
 * is full) the log says so and everything else goes on.
 */
export function openControl(options: ControlOptions): () => void {
  const { dataFolder, logger } = options
  const open = new Set<Socket>()
  const server = createServer((socket) => {
    open.add(socket)
    socket.once('close', () => open.delete(socket))
    // A program that has gone needs no answer.
    socket.on('error', () => undefined)
    void serveOne(socket, options)
  })
  server.maxConnections = MOST_CONNECTIONS
  server.on('error', (error) => {
    logger.warn({ err: error }, 'other programs cannot ask this engine')
  })
  listen(server, dataFolder, logger)
  return () => {
    server.close()
    for (const socket of open) socket.destroy()
  }
}

function listen(server: Server, dataFolder: AbsolutePath, logger: Logger): void {
  try {
    const address = takeAddress(dataFolder)
    server.listen(address, () => {
      if (process.platform === 'win32') return
      try {
        chmodSync(address, 0o600)
      } catch (error) {
        logger.warn({ err: error }, 'the socket keeps the mode it was made with')
      }
    })
  } catch (error) {
    logger.warn({ err: error }, 'other programs cannot ask this engine')
  }
}

async function serveOne(socket: Socket, options: ControlOptions): Promise<void> {
  socket.setTimeout(ASK_LIMIT_MS, () => socket.destroy())
  const line = await readLine(socket, LONGEST_REQUEST)
  socket.setTimeout(0)
  if (line === null) {
    socket.destroy()
    return
  }
  writeLine(socket, await answer(line, options))
  // What else is said is not kept: a connection with something unread in it would never be closed.
  socket.resume()
  socket.end()
}

async function answer(
  line: string,
  { listFolders, createLinks, logger }: ControlOptions,
): Promise<z.input<typeof ControlAnswer>> {
  const request = parse(line)
  if (request === null) return { failed: { code: 'bad_request', details: {} } }
  const { targets, ...wish } = request.createLinks
  try {
    const roots = listFolders().map(({ root }) => root)
    const known = targets.filter((target) => isKnownHere(target, roots))
    const fixed = { copiedTo: 'command-line', onOutside: 'ask' } as const
    const made = known.length === 0 ? [] : await createLinks({ ...wish, ...fixed, targets: known })
    const answers = new Map(known.map((target, at) => [target, made[at]]))
    return { links: targets.map((target) => answers.get(target) ?? null) }
  } catch (error) {
    if (isEngineError(error)) return { failed: { code: error.code, details: { ...error.details } } }
    logger.error({ err: error }, 'what another program asked for failed in an unknown way')
    return { failed: { code: 'bug', details: {} } }
  }
}

function parse(line: string): ControlRequest | null {
  try {
    return ControlRequest.parse(JSON.parse(line))
  } catch {
    return null
  }
}
