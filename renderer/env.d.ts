import type { Channel } from '../shared/rpc/channel.ts'

declare global {
  interface Window {
    /**
     * Put there by the preload script: two channels, what a person drops on the window, and the platform's name (`linux`,
     * `darwin`, `win32`).
     */
    readonly pail: {
      readonly engine: Channel
      readonly shell: Channel
      readonly onDropped: (
        receive: (drop: {
          readonly folders: readonly string[]
          readonly others: number
          readonly files: readonly string[]
        }) => void,
      ) => () => void
      readonly platform: string
    }
  }
}
