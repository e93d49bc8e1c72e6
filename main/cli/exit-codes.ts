/** How the command line ends. */
import type { ErrorCode } from '../../shared/errors.ts'

export const exitCodes = {
  done: 0,
  someFilesFailed: 1,
  wrongUsage: 2,
  accountOrConfiguration: 3,
  heldBySafetyGate: 4,
  /** Restored, but for files that are another here, and were left as they are. */
  keptLocalFiles: 5,
  /** Verified, and found to differ. */
  differences: 6,
  /** EX_SOFTWARE of sysexits. */
  bug: 70,
  /** 128 + SIGINT, as shells have it. */
  interrupted: 130,
} as const

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes]

/** The exit code for an error that ends the whole run. */
export function exitCodeFor(code: ErrorCode): ExitCode {
  switch (code) {
    case 'root_emptied':
    case 'root_replaced':
    case 'mass_deletion':
    case 'mass_emptied':
    case 'would_overwrite':
      return exitCodes.heldBySafetyGate
    case 'network_unreachable':
    case 'timeout':
    case 'connection_reset':
    case 'b2_service_error':
    case 'too_many_requests':
      return exitCodes.someFilesFailed
    case 'bug':
    case 'engine_stopped':
      return exitCodes.bug
    default:
      return exitCodes.accountOrConfiguration
  }
}
