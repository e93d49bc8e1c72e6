/**
 * A tray for tests: owns the name that desktops' panels own on the session bus, so that an app shows its icon here, and
 * reads and clicks what the app shows. Start it before the app. Speaks the wire by hand, since an app's tray item
 * answers plain calls but cannot be introspected.
 */
import dbus, { type Message as DbusMessage, type MessageBus } from 'dbus-next'

const watcherName = 'org.kde.StatusNotifierWatcher'
const itemInterface = 'org.kde.StatusNotifierItem'
const menuInterface = 'com.canonical.dbusmenu'
const propertiesInterface = 'org.freedesktop.DBus.Properties'

/** Long enough for an app to start on a busy machine. */
const registerWithinMs = 60_000

export type TrayProperties = {
  readonly status: string
  readonly tooltip: string
  /** Width and height of every picture the item offers. */
  readonly iconSizes: readonly (readonly [number, number])[]
  /** The bytes of the first picture, to tell one icon from another. */
  readonly iconPixels: Buffer
}

export type TrayMenuItem = {
  readonly id: number
  readonly label: string
  readonly enabled: boolean
  readonly isSeparator: boolean
  /** What opens beside it; empty for an item that does something. */
  readonly items: readonly TrayMenuItem[]
}

/** An item as the wire has it: id, properties, and the items below it as variants. */
type WireItem = [number, Record<string, { readonly value: unknown } | undefined>, { readonly value: unknown }[]]

type Item = { readonly service: string; readonly path: string }

export class DbusTray {
  readonly #bus: MessageBus
  #items: Item[] = []
  readonly #waiting = new Set<(item: Item) => void>()

  private constructor(bus: MessageBus) {
    this.#bus = bus
  }

  /** Becomes the session bus's tray. Throws when a desktop's own tray is there already. */
  static async start(): Promise<DbusTray> {
    const bus = dbus.sessionBus()
    const tray = new DbusTray(bus)
    bus.addMethodHandler((message: DbusMessage) => tray.#answer(message))
    bus.on('message', (message: DbusMessage) => tray.#forget(message))
    await tray.#call('org.freedesktop.DBus', '/org/freedesktop/DBus', 'org.freedesktop.DBus', 'AddMatch', 's', [
      "type='signal',member='NameOwnerChanged'",
    ])
    const owned = await bus.requestName(watcherName, dbus.NameFlag.DO_NOT_QUEUE)
    if (owned !== dbus.RequestNameReply.PRIMARY_OWNER) {
      bus.disconnect()
      throw new Error('The session bus has a tray already')
    }
    return tray
  }

  stop(): void {
    this.#bus.disconnect()
  }

  /** Resolves when an app has put an item into the tray. */
  async waitForItem(): Promise<void> {
    await this.#item()
  }

  /** What the item shows beside its menu. */
  async properties(): Promise<TrayProperties> {
    const { service, path } = await this.#item()
    const [all] = await this.#call(service, path, propertiesInterface, 'GetAll', 's', [itemInterface])
    const values = all as Record<string, { readonly value: unknown } | undefined>
    const pixmaps = (values['IconPixmap']?.value ?? []) as [number, number, Buffer][]
    const tip = (values['ToolTip']?.value ?? []) as [string, unknown, string, string]
    return {
      status: text(values['Status']?.value),
      tooltip: [tip[2], tip[3]].filter(Boolean).join(' '),
      iconSizes: pixmaps.map(([width, height]) => [width, height] as const),
      iconPixels: Buffer.from(pixmaps[0]?.[2] ?? []),
    }
  }

  /** The menu's items, top to bottom. */
  async menu(): Promise<readonly TrayMenuItem[]> {
    const { service } = await this.#item()
    const [, layout] = await this.#call(service, await this.#menuPath(), menuInterface, 'GetLayout', 'iias', [
      0,
      -1,
      [],
    ])
    return itemOf(layout as WireItem).items
  }

  /**
   * Clicks the menu's item with this label, or one in the menu that opens beside it. Throws when there is none, or when
   * it cannot be clicked.
   */
  async click(label: string, inner?: string): Promise<void> {
    const outer = enabledItem(await this.menu(), label)
    const item = inner === undefined ? outer : enabledItem(outer.items, inner)
    const { service } = await this.#item()
    const event = [item.id, 'clicked', new dbus.Variant('i', 0), 0]
    await this.#call(service, await this.#menuPath(), menuInterface, 'Event', 'isvu', event).catch((error: unknown) => {
      // An app that quits because of the click may be gone before it answers.
      if (!(error instanceof dbus.DBusError && error.type === 'org.freedesktop.DBus.Error.NoReply')) throw error
    })
  }

  /** Clicks the icon itself with the left button. */
  async activate(): Promise<void> {
    const { service, path } = await this.#item()
    await this.#call(service, path, itemInterface, 'Activate', 'ii', [0, 0])
  }

  async #menuPath(): Promise<string> {
    const { service, path } = await this.#item()
    const [menu] = await this.#call(service, path, propertiesInterface, 'Get', 'ss', [itemInterface, 'Menu'])
    return String((menu as { readonly value: unknown }).value)
  }

  async #item(): Promise<Item> {
    const newest = this.#items.at(-1)
    if (newest !== undefined) return newest
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#waiting.delete(found)
        reject(new Error(`No app put an item into the tray within ${registerWithinMs} ms`))
      }, registerWithinMs)
      const found = (item: Item): void => {
        clearTimeout(timer)
        this.#waiting.delete(found)
        resolve(item)
      }
      this.#waiting.add(found)
    })
  }

  async #call(
    destination: string,
    path: string,
    interfaceName: string,
    member: string,
    signature: string,
    body: unknown[],
  ): Promise<unknown[]> {
    const message = new dbus.Message({ destination, path, interface: interfaceName, member, signature, body })
    return ((await this.#bus.call(message))?.body ?? []) as unknown[]
  }

  /** True when the call was for the watcher and has been answered. */
  #answer(message: DbusMessage): boolean {
    if (message.path !== '/StatusNotifierWatcher') return false
    const reply = (signature = '', body: unknown[] = []): true => {
      this.#bus.send(dbus.Message.newMethodReturn(message, signature, body))
      return true
    }
    const body = message.body as unknown[]
    switch (message.member) {
      case 'RegisterStatusNotifierItem':
        this.#register(String(body[0]), message.sender)
        return reply()
      case 'RegisterStatusNotifierHost':
        return reply()
      case 'Get':
        return reply('v', [this.#watcherProperties()[String(body[1])]])
      case 'GetAll':
        return reply('a{sv}', [this.#watcherProperties()])
      default:
        return false
    }
  }

  /** Apps give the name of their service, or only the path of an item on the connection they speak over. */
  #register(serviceOrPath: string, sender: string): void {
    const item = serviceOrPath.startsWith('/')
      ? { service: sender, path: serviceOrPath }
      : { service: serviceOrPath, path: '/StatusNotifierItem' }
    this.#items.push(item)
    this.#bus.send(
      dbus.Message.newSignal('/StatusNotifierWatcher', watcherName, 'StatusNotifierItemRegistered', 's', [
        item.service + item.path,
      ]),
    )
    for (const found of this.#waiting) found(item)
  }

  /** An app that has ended takes its items with it. */
  #forget(message: DbusMessage): void {
    if (message.member !== 'NameOwnerChanged') return
    const [name, , newOwner] = message.body as string[]
    if (newOwner === '') this.#items = this.#items.filter((item) => item.service !== name)
  }

  #watcherProperties(): Record<string, dbus.Variant> {
    return {
      RegisteredStatusNotifierItems: new dbus.Variant(
        'as',
        this.#items.map(({ service, path }) => service + path),
      ),
      IsStatusNotifierHostRegistered: new dbus.Variant('b', true),
      ProtocolVersion: new dbus.Variant('i', 0),
    }
  }
}

function itemOf([id, properties, children]: WireItem): TrayMenuItem {
  return {
    id,
    label: text(properties['label']?.value),
    enabled: properties['enabled']?.value !== false,
    isSeparator: properties['type']?.value === 'separator',
    items: children.map((child) => itemOf(child.value as WireItem)),
  }
}

function enabledItem(items: readonly TrayMenuItem[], label: string): TrayMenuItem {
  const item = items.find((candidate) => candidate.label === label)
  if (item?.enabled === true) return item
  throw new Error(`No item "${label}" to click among ${items.map((one) => one.label).join(', ')}`)
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : ''
}
