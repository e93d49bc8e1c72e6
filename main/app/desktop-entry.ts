/** Desktop entry files, as the Desktop Entry Specification has them. */

/** An argument for `Exec`: quoted once for the command line and once for the file; a `%` would begin a field code. */
export function execArgument(argument: string): string {
  const forCommand = `"${argument.replace(/["`$\\]/g, '\\$&').replaceAll('%', '%%')}"`
  return forCommand.replaceAll('\\', '\\\\')
}
