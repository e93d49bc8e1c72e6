/**
 * What tells programs on Linux that the machine goes to sleep, wakes up and shuts down: logind, in its place a service that
 * owns its name on a system bus of its own. Start it before the app, and give that `env`.
 */
import { spawn, type ChildProcess } from 'node:child_process'
import { createInterface } from 'node:readline'
import dbus, { type Message as DbusMessage, type MessageBus } from 'dbus-next'
import { waitFor } from './wait-for.ts'

const serviceName = 'org.freedesktop.login1'
const servicePath = '/org/freedesktop/login1'
const managerInterface = 'org.freedesktop.login1.Manager'

export class DbusLogind {
  /** Has an app find this bus in place of the system's. */
  readonly env: { readonly DBUS_SYSTEM_BUS_ADDRESS: string }
  readonly #daemon: ChildProcess
  readonly #bus: MessageBus
  /** What apps want to be asked about before it happens: `sleep`, `shutdown`. */
  #awaited = new Set<string>()

  private constructor(daemon: ChildProcess, busAddress: string) {
    this.env = { DBUS_SYSTEM_BUS_ADDRESS: busAddress }
    this.#daemon = daemon
    this.#bus = dbus.sessionBus({ busAddress })
    this.#bus.addMethodHandler((message: DbusMessage) => this.#answer(message))
  }

  static async start(): Promise<DbusLogind> {
    const daemon = spawn('dbus-daemon', ['--session', '--nofork', '--nopidfile', '--print-address=1'], {
      stdio: ['ignore', 'pipe', 'ignore'],
    })
    const [address] = await new Promise<[string]>((resolve, reject) => {
      daemon.once('error', reject)
      createInterface({ input: daemon.stdout }).once('line', (line) => {
        resolve([line])
      })
    })
    const logind = new DbusLogind(daemon, address)
    await logind.#bus.requestName(serviceName, 0)
    return logind
  }

  stop(): void {
    this.#bus.disconnect()
    this.#daemon.kill()
  }

  /** Resolves when an app listens, and has asked for a moment before the machine sleeps and before it shuts down. */
  async untilHeard(): Promise<void> {
    await waitFor('the app to listen to logind', () => this.#awaited.has('sleep') && this.#awaited.has('shutdown'))
    this.#awaited = new Set()
  }

  /** True: it is about to sleep. False: it is awake again. */
  prepareForSleep(isAboutTo: boolean): void {
    this.#signal('PrepareForSleep', isAboutTo)
  }

  prepareForShutdown(): void {
    this.#signal('PrepareForShutdown', true)
  }

  #signal(member: string, value: boolean): void {
    this.#bus.send(dbus.Message.newSignal(servicePath, managerInterface, member, 'b', [value]))
  }

  /** True when the call has been answered. */
  #answer(message: DbusMessage): boolean {
    if (message.path !== servicePath || message.member !== 'Inhibit') return false
    this.#awaited.add(String((message.body as unknown[])[0]))
    // What is asked for is a file descriptor, which dbus-next cannot hand over. An app does without.
    // Declared with the text of a message, it takes the message.
    const call = message as unknown as string
    this.#bus.send(dbus.Message.newError(call, 'org.freedesktop.DBus.Error.NotSupported', 'Not in tests'))
    return true
  }
}
