/**
 * What Pail needs of undici, without its front door: that also loads fetch, web sockets, caches and mocks, which takes a
 * tenth of a second and 14 MB of every start.
 */
import type { Dispatcher } from 'undici'
import request from 'undici/lib/api/api-request.js'
import DispatcherClass from 'undici/lib/dispatcher/dispatcher.js'
import EnvHttpProxyAgent from 'undici/lib/dispatcher/env-http-proxy-agent.js'
import Pool from 'undici/lib/dispatcher/pool.js'

// The front door does the same with all of its ways to send a request.
Object.assign(DispatcherClass.prototype, { request })

export { EnvHttpProxyAgent, Pool }
export type { Dispatcher }
