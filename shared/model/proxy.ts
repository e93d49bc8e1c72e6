/** Through which proxy B2 is reached. */
import { z } from 'zod'

/** `http://host:port`, or https; without a name and password, which are kept elsewhere. */
export const ProxyAddress = z
  .string()
  .max(300)
  .regex(/^https?:\/\/(?:[\w.-]+|\[[\da-f:]+\]):\d{1,5}$/i)
  .refine(isAddress)

/** Catches what only looks like one: a port or a number that is too large. */
function isAddress(text: string): boolean {
  try {
    return new URL(text).port !== '0'
  } catch {
    return false
  }
}

/** What a proxy wants to know. */
export const ProxyLogin = z.object({ name: z.string().min(1).max(200), password: z.string().max(200) })
export type ProxyLogin = z.infer<typeof ProxyLogin>

const system = z.object({ kind: z.literal('system') })
const none = z.object({ kind: z.literal('none') })

export const ProxySetting = z.discriminatedUnion('kind', [
  /** As `HTTPS_PROXY` and `NO_PROXY` say. */
  system,
  none,
  z.object({
    kind: z.literal('address'),
    address: ProxyAddress,
    /** Whether the keychain has a name and a password for it. */
    hasLogin: z.boolean(),
  }),
])
export type ProxySetting = z.infer<typeof ProxySetting>

export const ProxyChange = z.discriminatedUnion('kind', [
  system,
  none,
  z.object({
    kind: z.literal('address'),
    address: ProxyAddress,
    /** Null for none; absent for the one that is kept, if it is for this address. */
    login: ProxyLogin.nullable().optional(),
  }),
])
export type ProxyChange = z.infer<typeof ProxyChange>

export const SYSTEM_PROXY: ProxySetting = { kind: 'system' }
