/** A host name as it is typed into a field. */
import { LinkHost } from '../../../shared/model/link.ts'

export type TypedHost = { readonly isGood: true; readonly host: string | null } | { readonly isGood: false }

/** A host name, or the address that begins with it and has nothing behind it; empty is none. */
export function readHost(text: string): TypedHost {
  const typed = text
    .trim()
    .toLowerCase()
    .replace(/^https:\/\//, '')
    .replace(/\/$/, '')
  if (typed === '') return { isGood: true, host: null }
  const host = LinkHost.safeParse(asciiHost(typed))
  return host.success ? { isGood: true, host: host.data } : { isGood: false }
}

/** As the network knows a name: `münchen.de` is `xn--mnchen-3ya.de`. What is no name stays as it is. */
function asciiHost(name: string): string {
  // Plain names, and whatever has a sign that means something in an address.
  if (!/[^ -~]/.test(name) || /[\s/?#@:\\%]/.test(name)) return name
  try {
    return new URL(`https://${name}`).hostname
  } catch {
    return name
  }
}
