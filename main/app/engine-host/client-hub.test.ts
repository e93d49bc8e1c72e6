import { describe, expect, it } from 'vitest'
import type { ShellToEngine } from '../../engine/protocol.ts'
import { ClientHub } from './client-hub.ts'

const silent = { info: () => {}, warn: () => {}, error: () => {} }

function hubWithEngine(isReady: boolean) {
  const engine = { isReady, received: [] as ShellToEngine[] }
  const hub = new ClientHub((message) => {
    if (engine.isReady) engine.received.push(message)
    return engine.isReady
  }, silent)
  return { engine, hub }
}

describe('ClientHub', () => {
  it('keeps messages back until the engine is ready and sends them in order', () => {
    const { engine, hub } = hubWithEngine(false)
    const window = hub.join('window-1-1', () => {})
    const main = hub.join('main', () => {})
    window.post(1)
    main.post(2)
    window.post(3)
    const early = engine.received.length
    engine.isReady = true
    hub.flush()
    expect({ early, received: engine.received }).toEqual({
      early: 0,
      received: [
        { client: 'window-1-1', data: 1 },
        { client: 'main', data: 2 },
        { client: 'window-1-1', data: 3 },
      ],
    })
  })

  it('hands an answer to its own client only, and drops one for a client that has left', () => {
    const { hub } = hubWithEngine(true)
    const heard: string[] = []
    const first = hub.join('window-1-1', (data) => heard.push(`first ${String(data)}`))
    hub.join('main', (data) => heard.push(`main ${String(data)}`))
    hub.deliver({ client: 'window-1-1', data: 'a' })
    first.leave()
    hub.deliver({ client: 'window-1-1', data: 'b' })
    hub.deliver({ client: 'main', data: 'c' })
    expect(heard).toEqual(['first a', 'main c'])
  })

  it('tells the engine once that a client has left, and sends nothing of it any more', () => {
    const { engine, hub } = hubWithEngine(true)
    const line = hub.join('window-1-1', () => {})
    line.leave()
    line.leave()
    line.post('late')
    expect(engine.received).toEqual([{ control: 'client-gone', client: 'window-1-1' }])
  })

  it('forgets what a client wanted when it leaves before the engine is ready', () => {
    const { engine, hub } = hubWithEngine(false)
    const line = hub.join('window-1-1', () => {})
    line.post('early')
    line.leave()
    engine.isReady = true
    hub.flush()
    expect(engine.received).toEqual([])
  })
})
