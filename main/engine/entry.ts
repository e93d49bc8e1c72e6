/**
 * The engine as a process of its own: started by the desktop shell as a utility process, or forked with another Node.
 *
 * Speaks `protocol.ts` over whichever of the two connections it was given. Exits with 0 after `stop`, with
 * `cannotStartExitCode` after saying `fatal`, and with 70 after a bug, so that it is started again. Where a keychain has
 * not answered it kills itself in place of the first and the last.
 */
import { EngineError } from '../../shared/errors.ts'
import type { Channel } from '../../shared/rpc/channel.ts'
import { dataFolder, dataPaths } from '../data-folder.ts'
import { PRODUCTION_REALM, PRODUCT_VERSION } from '../product.ts'
import { createKeychainStore } from './credentials/keychain-store.ts'
import { createEngine, type Engine } from './engine.ts'
import { systemClock } from './lib/clock.ts'
import { createFileLogger } from './lib/logger.ts'
import { cannotStartExitCode, ShellToEngine, type EngineToShell } from './protocol.ts'

/** EX_SOFTWARE of sysexits: an internal fault. */
const BUG_EXIT_CODE = 70

type Connection = {
  readonly post: (message: EngineToShell) => void
  readonly onMessage: (receive: (data: unknown) => void) => void
}

function connectToShell(): Connection {
  // Electron adds `parentPort` to the process of a utility process; Node's types do not know it.
  const { parentPort } = process as unknown as {
    readonly parentPort?: {
      postMessage: (message: unknown) => void
      on: (event: 'message', receive: (event: { data: unknown }) => void) => void
    }
  }
  if (parentPort !== undefined) {
    return {
      post: (message) => {
        parentPort.postMessage(message)
      },
      onMessage: (receive) => {
        parentPort.on('message', (event) => {
          receive(event.data)
        })
      },
    }
  }
  return {
    post: (message) => process.send?.(message),
    onMessage: (receive) => {
      process.on('message', receive)
    },
  }
}

/** Gives each client that speaks a server of its own. */
function serveClients(engine: Engine, connection: Connection, onStop: () => void): void {
  const clients = new Map<string, { readonly receive: (data: unknown) => void; readonly close: () => void }>()
  const open = (client: string) => {
    let receive: (data: unknown) => void = () => undefined
    const channel: Channel = {
      post: (data) => {
        connection.post({ client, data })
      },
      onMessage: (listener) => {
        receive = listener
        return () => {
          receive = () => undefined
        }
      },
    }
    const close = engine.serveClient(channel)
    const served = {
      receive: (data: unknown) => {
        receive(data)
      },
      close,
    }
    clients.set(client, served)
    return served
  }
  connection.onMessage((data) => {
    const parsed = ShellToEngine.safeParse(data)
    if (!parsed.success) return
    const message = parsed.data
    if ('data' in message && 'client' in message) {
      const served = clients.get(message.client) ?? open(message.client)
      served.receive(message.data)
    } else if (message.control === 'client-gone') {
      clients.get(message.client)?.close()
      clients.delete(message.client)
    } else {
      onStop()
    }
  })
}

async function main(): Promise<void> {
  // A Ctrl-C in a terminal reaches the whole process group; the shell says `stop` when it is time.
  process.on('SIGINT', () => undefined)
  const connection = connectToShell()
  const folder = dataFolder()
  const secrets = createKeychainStore(systemClock)
  const end = (exitCode: number): void => {
    // An exit waits for every thread that is at work, and the keychain's may wait for a person.
    if (secrets.isAsking()) process.kill(process.pid, 'SIGKILL')
    else process.exit(exitCode)
  }
  try {
    const logger = createFileLogger(dataPaths(folder).logs)
    const engine = createEngine({
      dataFolder: folder,
      realm: process.env['PAIL_B2_REALM'] ?? PRODUCTION_REALM,
      version: PRODUCT_VERSION,
      clock: systemClock,
      random: Math.random,
      secrets,
      logger,
    })
    const stop = (): void => {
      void engine.stop().then(() => {
        logger.info('engine stopped')
        end(0)
      })
    }
    const crash = (error: unknown): void => {
      logger.fatal({ err: error }, 'a bug stopped the engine')
      end(BUG_EXIT_CODE)
    }
    process.on('uncaughtException', crash)
    process.on('unhandledRejection', crash)
    process.on('disconnect', stop)
    process.on('SIGTERM', stop)
    serveClients(engine, connection, stop)
    engine.start()
    logger.info({ version: PRODUCT_VERSION, node: process.version }, 'engine started')
    connection.post({ control: 'ready' })
  } catch (error) {
    const { code, details } = error instanceof EngineError ? error : new EngineError('bug', String(error))
    connection.post({ control: 'fatal', code, details: { ...details } })
    // The message has to leave the process before it ends.
    await systemClock.sleep(200)
    process.exit(cannotStartExitCode)
  }
}

await main()
