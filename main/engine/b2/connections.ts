/**
 * Whose connections requests use: kept alive, one request at a time on each, certificates checked always, through the
 * proxy that the environment names. Plain http never leaves this machine, so no proxy is asked for it.
 */
import { X509Certificate } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { createSecureContext, getCACertificates, type SecureContext } from 'node:tls'
import { EnvHttpProxyAgent, Pool, type Dispatcher } from './undici.ts'
import { EngineError } from '../../../shared/errors.ts'
import { interpretProxyFailure } from './errors.ts'

/** How long an unused connection is kept where the server does not say: longer than the pauses of a busy folder, shorter than the minute after which home routers begin to forget one. */
const KEEP_ALIVE_MS = 20_000

/** Variables by name, as of an environment. */
export type Variables = Readonly<Record<string, string | undefined>>

/** Where proxy and certificates are looked up, where that may change while connections are in use. */
export type NetworkSettings = {
  /** Throws what keeps them from being known; then they are asked for again. */
  read(): Variables | Promise<Variables>
  /** Calls back when they are other ones from now on; returns what ends that. */
  onChanged(listener: () => void): () => void
}

export type Connections = {
  /** Those of this moment. Throws `network_settings_unusable`, and what reading the settings throws. */
  current(): Dispatcher | Promise<Dispatcher>
  /** True for those whose place others have taken; what was on its way through them has ended. */
  isReplaced(dispatcher: Dispatcher): boolean
  /** Ends all of them. */
  close(): Promise<void>
}

type ConnectionOptions = {
  /** Until a connection stands, TLS and proxy included, milliseconds. */
  readonly connectMs: number
  /** How long a proxy may take to open the way, milliseconds; requests bring limits of their own. */
  readonly headersMs: number
  /** Where `HTTPS_PROXY`, `NO_PROXY` and `NODE_EXTRA_CA_CERTS` are looked up. */
  readonly env: Variables
}

/**
 * Connections that stay as they are. Opens nothing yet. Throws `network_settings_unusable` (details:
 * setting) for a proxy address or a certificate file that cannot be used: guessing would send the key another way than
 * the one that was meant.
 */
export function createConnections(options: ConnectionOptions): Connections {
  const dispatcher = createDispatcher(options)
  return { current: () => dispatcher, isReplaced: () => false, close: () => dispatcher.destroy() }
}

/** Connections that begin anew with every change of their settings. */
export function createChangingConnections(
  network: NetworkSettings,
  options: Omit<ConnectionOptions, 'env'>,
): Connections {
  let current: Dispatcher | Promise<Dispatcher> | null = null
  let isClosed = false
  const open = async (): Promise<Dispatcher> => createDispatcher({ ...options, env: await network.read() })
  const endCurrent = async (): Promise<void> => {
    const ending = current
    current = null
    // Those that could not be opened have told their callers.
    const opened = await Promise.resolve(ending).catch(() => null)
    await opened?.destroy()
  }
  const stopListening = network.onChanged(() => void endCurrent())
  return {
    current: () => {
      if (isClosed) throw new DOMException('The connections are closed', 'AbortError')
      if (current !== null) return current
      const opening = open()
      current = opening
      opening.then(
        (dispatcher) => {
          if (current === opening) current = dispatcher
        },
        () => {
          if (current === opening) current = null
        },
      )
      return opening
    },
    isReplaced: (dispatcher) => !isClosed && dispatcher !== current,
    close: async () => {
      isClosed = true
      stopListening()
      await endCurrent()
    },
  }
}

function createDispatcher({ connectMs, headersMs, env }: ConnectionOptions): Dispatcher {
  const secureContext = extraCertificates(env['NODE_EXTRA_CA_CERTS'])
  // Said aloud, because a variable of Node's can switch it off.
  const tls = { rejectUnauthorized: true, ...(secureContext === undefined ? {} : { secureContext }) }
  return new EnvHttpProxyAgent({
    // Empty, not absent: absent would mean this process's own environment.
    httpProxy: '',
    httpsProxy: proxyAddress(env) ?? '',
    noProxy: env['no_proxy'] || env['NO_PROXY'] || '',
    connect: { timeout: connectMs, ...tls },
    // Through a proxy there are two connections: to it, and inside it to B2.
    connectTimeout: connectMs,
    proxyTls: { timeout: connectMs, ...tls },
    requestTls: { timeout: connectMs, ...tls },
    // A proxy that takes the connection and then says nothing.
    clientFactory: (origin, options) => poolOfProxy(origin, { ...options, headersTimeout: headersMs }),
    keepAliveTimeout: KEEP_ALIVE_MS,
    pipelining: 1,
    // One upload per connection is what B2 asks for; multiplexing would only make them wait for each other.
    allowH2: false,
  })
}

/** Connections to a proxy: what keeps it from opening the way is told from what happens on the way. */
function poolOfProxy(origin: URL, options: object): Pool {
  const pool = new Pool(origin, options)
  const connect = pool.connect.bind(pool)
  return Object.assign(pool, {
    connect: async (way: Parameters<typeof connect>[0]) => {
      try {
        return await connect(way)
      } catch (error) {
        throw interpretProxyFailure(error, origin.host)
      }
    },
  })
}

/** The proxy for https; `host:port` without a scheme means http, as curl and others read it. */
function proxyAddress(env: ConnectionOptions['env']): string | undefined {
  const setting = env['https_proxy'] ? 'https_proxy' : 'HTTPS_PROXY'
  const text = env[setting]?.trim()
  if (!text) return undefined
  const address = text.includes('://') ? text : `http://${text}`
  try {
    const { hostname, protocol, username, password } = new URL(address)
    // undici decodes them too, and throws in the middle of nowhere where that fails.
    decodeURIComponent(username + password)
    if (hostname !== '' && ['http:', 'https:', 'socks5:'].includes(protocol)) return address
  } catch {
    // Told below like every other address that is none.
  }
  throw unusable(setting, 'not the address of a proxy')
}

/**
 * The usual authorities and those of a PEM file. Plain Node has read `NODE_EXTRA_CA_CERTS` by itself when it started;
 * inside Electron that depends on how it was built.
 */
function extraCertificates(path: string | undefined): SecureContext | undefined {
  if (!path) return undefined
  try {
    // Read one by one: as a whole, what is broken would be passed over in silence.
    const extra = readFileSync(path, 'utf8').match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? []
    if (extra.length === 0) throw new Error('There is no certificate in it')
    const authorities = extra.map((pem) => new X509Certificate(pem).toString())
    return createSecureContext({ ca: [...getCACertificates('default'), ...authorities] })
  } catch (error) {
    throw unusable('NODE_EXTRA_CA_CERTS', 'the certificates cannot be read', error)
  }
}

function unusable(setting: string, why: string, cause?: unknown): EngineError {
  return new EngineError('network_settings_unusable', `${setting}: ${why}`, { setting }, { cause })
}
