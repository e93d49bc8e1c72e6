/**
 * What Pail needs of undici, without its front door: that also loads fetch, web sockets, caches and mocks, which takes a
 * tenth of a second and 14 MB of every start.
 */
import type { Dispatcher } from 'undici'
import api from 'undici/lib/api/index.js'
import DispatcherClass from 'undici/lib/dispatcher/dispatcher.js'
import EnvHttpProxyAgent from 'undici/lib/dispatcher/env-http-proxy-agent.js'
import Pool from 'undici/lib/dispatcher/pool.js'

// As the front door does: without it nothing can be sent, nor a proxy be asked to open the way.
Object.assign(DispatcherClass.prototype, api)

export { EnvHttpProxyAgent, Pool }
export type { Dispatcher }
