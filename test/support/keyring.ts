/** Locks and unlocks the keychain of the virtual desktop, as logging out and in again would. */
import dbus, { type MessageBus } from 'dbus-next'

const service = 'org.freedesktop.secrets'
const servicePath = '/org/freedesktop/secrets'
const loginCollection = `${servicePath}/collection/login`

/** Throws where the desktop is a person's own: their keychain is not to be touched. */
export function lockKeyring(): Promise<void> {
  return withBus(async (call) => {
    await call('org.freedesktop.Secret.Service', 'Lock', 'ao', [[loginCollection]])
  })
}

export function unlockKeyring(): Promise<void> {
  return withBus(async (call, password) => {
    const open = ['plain', new dbus.Variant('s', '')]
    const [, session] = await call('org.freedesktop.Secret.Service', 'OpenSession', 'sv', open)
    const secret = [session, Buffer.alloc(0), Buffer.from(password), 'text/plain']
    // The only way that needs no prompt; it is what gnome-keyring's own login module speaks.
    const internal = 'org.gnome.keyring.InternalUnsupportedGuiltRiddenInterface'
    await call(internal, 'UnlockWithMasterPassword', 'o(oayays)', [loginCollection, secret])
  })
}

type Call = (interfaceName: string, member: string, signature: string, body: unknown[]) => Promise<unknown[]>

async function withBus(work: (call: Call, password: string) => Promise<void>): Promise<void> {
  const password = process.env['PAIL_KEYRING_PASSWORD']
  if (password === undefined) throw new Error('Only the keychain of a virtual desktop may be locked by a test')
  const bus: MessageBus = dbus.sessionBus()
  try {
    await work(async (interfaceName, member, signature, body) => {
      const message = new dbus.Message({
        destination: service,
        path: servicePath,
        interface: interfaceName,
        member,
        signature,
        body,
      })
      return ((await bus.call(message))?.body ?? []) as unknown[]
    }, password)
  } finally {
    bus.disconnect()
  }
}
