/**
 * The script that every entry runs on Linux and macOS: it leaves what was right-clicked where Pail looks for it, and starts
 * Pail where it does not run. It needs a shell and nothing else, and takes a few milliseconds where a second start of the
 * app takes half a second.
 */
import { PROCESS_FILE, REQUEST_ENDING } from '../right-click/request-box.ts'
import { FOR_RIGHT_CLICK } from '../right-click/request.ts'
import { OWN_MARK } from './file-manager.ts'

/** `box` is where requests go; `command` starts Pail, to which the argument for right clicks is added. */
export function launcherText(box: string, command: readonly string[]): string {
  return `#!/bin/sh
# ${OWN_MARK}
# Usage: ACTION FILE...
[ $# -gt 1 ] || exit 0
box=${shellArgument(box)}
umask 077
request=$box/$$
printf '%s\\0' "$@" >"$request.new" && mv "$request.new" "$request${REQUEST_ENDING}" || exit 1

# Who takes it removes it; who does not within two seconds is not there, whatever has its number now.
if read -r pid <"$box/${PROCESS_FILE}" && kill -0 "$pid"; then
  for _ in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
    [ -e "$request${REQUEST_ENDING}" ] || exit 0
    sleep 0.1
  done
fi 2>/dev/null
# Taken by one that has ended since.
[ -e "$request${REQUEST_ENDING}" ] || exit 0
exec ${[...command, FOR_RIGHT_CLICK].map(shellArgument).join(' ')} >/dev/null 2>&1
`
}

/** An argument of a POSIX shell's command. */
export function shellArgument(argument: string): string {
  return `'${argument.replaceAll("'", "'\\''")}'`
}
