/**
 * The desktop's notification service for tests: owns its name on the session bus, keeps what apps tell, and clicks on it.
 * Start it before the app.
 */
import dbus, { type Message as DbusMessage, type MessageBus } from 'dbus-next'

const serviceName = 'org.freedesktop.Notifications'
const servicePath = '/org/freedesktop/Notifications'

export type Told = { readonly id: number; readonly title: string; readonly body: string }

export class DbusNotifications {
  readonly #bus: MessageBus
  /** Everything told since the start, the oldest first. */
  readonly told: Told[] = []

  private constructor(bus: MessageBus) {
    this.#bus = bus
  }

  /** Becomes the session bus's notification service. Throws when a desktop's own is there already. */
  static async start(): Promise<DbusNotifications> {
    const bus = dbus.sessionBus()
    const service = new DbusNotifications(bus)
    bus.addMethodHandler((message: DbusMessage) => service.#answer(message))
    const owned = await bus.requestName(serviceName, dbus.NameFlag.DO_NOT_QUEUE)
    if (owned !== dbus.RequestNameReply.PRIMARY_OWNER) {
      bus.disconnect()
      throw new Error('The session bus has a notification service already')
    }
    return service
  }

  stop(): void {
    this.#bus.disconnect()
  }

  /** Clicks on it as a person would. */
  click({ id }: Told): void {
    this.#bus.send(dbus.Message.newSignal(servicePath, serviceName, 'ActionInvoked', 'us', [id, 'default']))
  }

  /** True when the call was for the service and has been answered. */
  #answer(message: DbusMessage): boolean {
    if (message.path !== servicePath || message.interface !== serviceName) return false
    const reply = (signature = '', body: unknown[] = []): true => {
      this.#bus.send(dbus.Message.newMethodReturn(message, signature, body))
      return true
    }
    switch (message.member) {
      case 'GetCapabilities':
        return reply('as', [['actions', 'body']])
      case 'GetServerInformation':
        return reply('ssss', ['Test desktop', 'Pail', '1', '1.2'])
      case 'Notify': {
        const [, replaces, , title, body] = message.body as [string, number, string, string, string]
        const id = replaces > 0 ? replaces : this.told.length + 1
        this.told.push({ id, title, body })
        return reply('u', [id])
      }
      case 'CloseNotification':
        return reply()
      default:
        return false
    }
  }
}
