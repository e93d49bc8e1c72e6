import type { Channel } from '../shared/rpc/channel.ts'

declare global {
  interface Window {
    /** Put there by the preload script: two channels and the platform's name (`linux`, `darwin`, `win32`). */
    readonly pail: { readonly engine: Channel; readonly shell: Channel; readonly platform: string }
  }
}
