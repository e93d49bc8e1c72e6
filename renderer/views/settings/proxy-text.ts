/** The address of a proxy as it is typed into a field. */
import { ProxyAddress, type ProxyLogin } from '../../../shared/model/proxy.ts'

export type TypedProxy = {
  /** Null for what is no address. */
  readonly address: string | null
  /** What was written before the host, as in `http://name:password@host:port`. */
  readonly login: ProxyLogin | null
}

/** A host and a port, with http:// or without it. */
export function readProxy(text: string): TypedProxy {
  const typed = text.trim().replace(/\/$/, '')
  const whole = typed.includes('://') ? typed : `http://${typed}`
  const [, scheme = '', before, host = ''] = /^(https?:\/\/)(?:(.*)@)?([^@]*)$/i.exec(whole) ?? []
  const address = ProxyAddress.safeParse(`${scheme}${host}`.toLowerCase())
  if (!address.success) return { address: null, login: null }
  const [name = '', ...password] = (before ?? '').split(':')
  const login = name === '' ? null : { name: decoded(name), password: decoded(password.join(':')) }
  return { address: address.data, login }
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
