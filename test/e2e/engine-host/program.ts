/**
 * Stands in for the engine where its process matters and its work does not. Built as CommonJS for Node 18, so that it runs
 * under every Node that an Electron brings. Says `ready`, answers every message, and does what the message asks for.
 */
import type { EngineToShell, ShellToEngine } from '../../../main/engine/protocol.ts'

type ParentPort = {
  readonly postMessage: (message: EngineToShell) => void
  readonly on: (event: 'message', receive: (event: { readonly data: ShellToEngine }) => void) => void
}

// Electron adds it to a utility process; Node's types do not know it.
const { parentPort } = process as unknown as { readonly parentPort?: ParentPort }
let isDeaf = false

function post(message: EngineToShell): void {
  if (parentPort === undefined) process.send?.(message)
  else parentPort.postMessage(message)
}

function receive(message: ShellToEngine): void {
  if (!('control' in message)) {
    const { pid, versions, env } = process
    const data = { heard: message.data, pid, node: versions.node, env: env['PROGRAM_ENV'] }
    post({ client: message.client, data })
    obey(message.data)
  } else if (message.control === 'stop' && !isDeaf) process.exit(0)
}

function obey(order: unknown): void {
  switch (order) {
    case 'exit':
      process.exit(7)
      break
    case 'crash':
      process.kill(process.pid, 'SIGSEGV')
      break
    case 'print':
      console.log('on stdout')
      console.error('on stderr')
      break
    case 'refuse':
      post({ control: 'fatal', code: 'data_folder_in_use', details: { by: 'somebody' } })
      setTimeout(() => process.exit(30), 100)
      break
    case 'ignore stop':
      isDeaf = true
      break
    case 'spin':
      // Hears nothing any more, not even a signal that asks politely.
      process.on('SIGTERM', () => undefined)
      for (;;);
  }
}

if (parentPort === undefined) {
  process.on('message', receive)
  process.on('disconnect', () => process.exit(0))
} else {
  parentPort.on('message', (event) => {
    receive(event.data)
  })
}
post({ control: 'ready' })
