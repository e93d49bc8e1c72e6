import { describe, expect, it } from 'vitest'
import { openStateBench } from '../../../test/support/state-bench.ts'
import { createMemoryStore } from '../credentials/memory-store.ts'
import { PROXY_SECRET_ID } from '../credentials/secret-store.ts'
import { ProxyKeeper } from './proxy.ts'

const env = { HTTPS_PROXY: 'http://from-outside:1', NO_PROXY: 'example.com', NODE_EXTRA_CA_CERTS: '/ca.pem' }
const login = { name: 'maria', password: 'p@ss' }

function open(secrets = createMemoryStore()) {
  const { settings, transaction } = openStateBench().state
  const options = { settings, transaction, secrets, env }
  return { keeper: new ProxyKeeper(options), again: () => new ProxyKeeper(options), secrets }
}

describe('the proxy', () => {
  it('is what the environment says, until one is set or none is wanted; certificates stay', async () => {
    const { keeper } = open()
    expect(keeper.read()).toEqual(env)
    await keeper.set({ kind: 'none' })
    expect(keeper.read()).toMatchObject({ HTTPS_PROXY: '', https_proxy: '', NODE_EXTRA_CA_CERTS: '/ca.pem' })
    await keeper.set({ kind: 'address', address: 'http://own:8080' })
    expect(keeper.read()).toMatchObject({ https_proxy: 'http://own:8080', no_proxy: '', NO_PROXY: '' })
  })

  it('comes with its name and password, written as an address has them', async () => {
    const { keeper, again } = open()
    await keeper.set({ kind: 'address', address: 'http://own:8080', login })
    expect((await keeper.read())['https_proxy']).toBe('http://maria:p%40ss@own:8080/')
    expect((await again().read())['https_proxy']).toBe('http://maria:p%40ss@own:8080/')
  })

  it('comes without those that the keychain has for another, or that are no longer there', async () => {
    const { keeper, again, secrets } = open()
    await keeper.set({ kind: 'address', address: 'http://own:8080', login })
    // As where the process was killed after the keychain had taken what the records do not know of.
    await secrets.set(PROXY_SECRET_ID, JSON.stringify({ address: 'http://another:8080', ...login }))
    expect((await again().read())['https_proxy']).toBe('http://own:8080')
    await secrets.set(PROXY_SECRET_ID, 'not ours')
    expect((await again().read())['https_proxy']).toBe('http://own:8080')
    await secrets.delete(PROXY_SECRET_ID)
    expect((await again().read())['https_proxy']).toBe('http://own:8080')
  })

  it('is what was chosen last, also where the keychain is slow with what was chosen before', async () => {
    const memory = createMemoryStore()
    const { promise: isUnlocked, resolve: unlock } = Promise.withResolvers<undefined>()
    const secrets = { ...memory, set: (id: string, key: string) => isUnlocked.then(() => memory.set(id, key)) }
    const { keeper } = open(secrets)
    const changes = [keeper.set({ kind: 'address', address: 'http://own:8080', login }), keeper.set({ kind: 'none' })]
    unlock(undefined)
    await Promise.all(changes)
    expect(keeper.setting).toEqual({ kind: 'none' })
    expect(await memory.list()).toEqual([])
  })

  it('is told of each time it is another one, until nobody listens', async () => {
    const { keeper } = open()
    let changes = 0
    const end = keeper.onChanged(() => (changes += 1))
    await keeper.set({ kind: 'none' })
    await keeper.set({ kind: 'system' })
    end()
    await keeper.set({ kind: 'none' })
    expect(changes).toBe(2)
  })
})
