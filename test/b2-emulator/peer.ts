/** Whether a client is still there, for a connection whose bytes are left unread. */
import { readFileSync } from 'node:fs'
import type { Socket } from 'node:net'

/** Of the states in Linux's tcp(7), as `/proc/net/tcp` writes it. */
const ESTABLISHED = '01'

/**
 * Whether the other end of a loopback connection is open. As long as nothing is read, a client that leaves is not
 * noticed on the connection itself: its end stands behind the unread bytes. Only Linux has a table to look it up;
 * elsewhere everybody counts as there.
 */
export function isPeerOpen(socket: Socket): boolean {
  if (process.platform !== 'linux') return true
  const [client, server] = [endsWithPort(socket.remotePort), endsWithPort(socket.localPort)]
  return readFileSync('/proc/net/tcp', 'latin1')
    .split('\n')
    .some((line) => {
      const [, local = '', remote = '', state] = line.trim().split(/\s+/)
      return client(local) && server(remote) && state === ESTABLISHED
    })
}

function endsWithPort(port: number | undefined): (address: string) => boolean {
  const ending = `:${(port ?? 0).toString(16).toUpperCase().padStart(4, '0')}`
  return (address) => address.endsWith(ending)
}
