/** The transport a contract runs over: a window's bridge, a child process, a message port. Data must survive a structured clone. */
export type Channel = {
  readonly post: (message: unknown) => void
  /** Registers the one receiver; returns a function that removes it. */
  readonly onMessage: (receive: (message: unknown) => void) => () => void
}
