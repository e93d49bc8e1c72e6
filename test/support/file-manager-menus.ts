/**
 * Runs what is installed for a file manager's menu as that file manager does: which file it reads, what it fills in, which
 * variables and arguments it gives. From their sources: Nautilus 43 and Caja 1.26 (`run_script`), Nemo 5 (`nemo-action.c`),
 * KIO 5 (`DesktopExecParser`), Thunar 4.18 (`thunar_uca_model_parse_argv`).
 */
import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { parseXml, XmlElement } from '@rgrove/parse-xml'
import type { RightClickAction } from '../../shared/model/right-click.ts'

export type MenuFolders = { readonly data: string; readonly config: string }

/** The programs as people have them, in the order of the settings. */
export const MENUS = ['nautilus', 'nemo', 'caja', 'dolphin', 'thunar'] as const
export type Menu = (typeof MENUS)[number]

type Command = {
  readonly argv: readonly string[]
  readonly cwd?: string
  readonly env?: Readonly<Record<string, string>>
}

const labels: Readonly<Record<RightClickAction, string>> = { 'copy-link': 'Copy Pail link', show: 'Show in Pail' }

/** What the file manager starts when the entry is chosen with these files selected, all in one folder. */
export function menuCommand(menu: Menu, action: RightClickAction, paths: readonly string[], at: MenuFolders): Command {
  switch (menu) {
    case 'nautilus':
      return script(join(at.data, 'nautilus/scripts', labels[action]), 'NAUTILUS', paths)
    case 'caja':
      return script(join(at.config, 'caja/scripts', labels[action]), 'CAJA', paths)
    case 'nemo':
      return { argv: nemo(readFileSync(join(at.data, `nemo/actions/pail-${action}.nemo_action`), 'utf8'), paths) }
    case 'dolphin':
      return { argv: dolphin(readFileSync(join(at.data, 'kio/servicemenus/pail.desktop'), 'utf8'), action, paths) }
    case 'thunar':
      return { argv: thunar(readFileSync(join(at.config, 'Thunar/uca.xml'), 'utf8'), action, paths) }
  }
}

/** Starts it and resolves to how it ended. */
export function choose({ argv, cwd, env }: Command, base: Readonly<Record<string, string>>): Promise<number | null> {
  const [program = '', ...args] = argv
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { cwd: cwd ?? '/', env: { ...base, ...env }, stdio: 'ignore' })
    child.on('error', reject)
    child.on('exit', resolve)
  })
}

/** Names as arguments, in the folder that is shown; what is selected as paths and as addresses, each ended by a line end. */
function script(file: string, variables: string, paths: readonly string[]): Command {
  const folder = dirname(paths[0] ?? '/')
  const lines = (all: readonly string[]): string => all.map((each) => `${each}\n`).join('')
  return {
    argv: [file, ...paths.map((path) => basename(path))],
    cwd: folder,
    env: {
      [`${variables}_SCRIPT_SELECTED_FILE_PATHS`]: lines(paths),
      [`${variables}_SCRIPT_SELECTED_URIS`]: lines(paths.map((path) => pathToFileURL(path).href)),
      [`${variables}_SCRIPT_CURRENT_URI`]: pathToFileURL(folder).href,
      [`${variables}_SCRIPT_WINDOW_GEOMETRY`]: '890x550+26+23',
    },
  }
}

/** `%F` is every path between the quotes that the file asks for, escaped for them; then GLib takes the line apart. */
function nemo(text: string, paths: readonly string[]): readonly string[] {
  const exec = unescaped(keyOf(text, 'Nemo Action', 'Exec'))
  if (keyOf(text, 'Nemo Action', 'Quote') !== 'double') throw new Error('Other quotes are not known here')
  const files = paths.map((path) => `"${path.replace(/["\\]/g, '\\$&')}"`).join(' ')
  return shellWords(exec.replace('%F', () => files))
}

/** `%F` is every path, an argument each; the rest is taken apart as the Desktop Entry Specification says. */
function dolphin(text: string, action: RightClickAction, paths: readonly string[]): readonly string[] {
  const names = keyOf(text, 'Desktop Entry', 'Actions').split(';')
  if (!names.includes(`pail-${action}`)) throw new Error('The action is not in the list')
  const words = shellWords(unescaped(keyOf(text, `Desktop Action pail-${action}`, 'Exec')))
  return words.flatMap((word) => (word === '%F' ? paths : [word.replaceAll('%%', '%')]))
}

/** `%U` is every address, quoted for the shell that runs the line. */
function thunar(text: string, action: RightClickAction, paths: readonly string[]): readonly string[] {
  // Thunar's own reader takes the `encoding` ahead of the `version` that Thunar writes.
  const { root } = parseXml(text.replace(/^<\?xml[^>]*\?>/, ''))
  const elements = (root?.children ?? []).filter((child) => child instanceof XmlElement)
  const part = (action: XmlElement, name: string): string =>
    action.children.map((child) => (child instanceof XmlElement && child.name === name ? child.text : '')).join('')
  const command = elements
    .filter((each) => part(each, 'unique-id') === `pail-${action}`)
    .map((each) => part(each, 'command'))
  const uris = paths.map((path) => `'${pathToFileURL(path).href.replaceAll("'", "'\\''")}'`).join(' ')
  const line = (command[0] ?? '').replace(/%(.)/g, (_, field: string) =>
    field === 'U' ? uris : field === '%' ? '%' : '',
  )
  return ['/bin/sh', '-c', line]
}

function keyOf(text: string, group: string, key: string): string {
  const lines = text.split('\n')
  const start = lines.indexOf(`[${group}]`)
  const end = lines.findIndex((line, index) => index > start && line.startsWith('['))
  const within = lines.slice(start, end < 0 ? lines.length : end)
  return within.find((line) => line.startsWith(`${key}=`))?.slice(key.length + 1) ?? ''
}

/** A value of a key file. */
function unescaped(value: string): string {
  return value.replace(/\\(.)/g, (_, letter: string) => ({ s: ' ', n: '\n', t: '\t', r: '\r' })[letter] ?? letter)
}

/** As GLib's `g_shell_parse_argv`: words between blanks, in which double quotes take a backslash for `"`, `\`, `$` and `` ` ``. */
function shellWords(line: string): readonly string[] {
  return Array.from(line.matchAll(/(?:"(?:[^"\\]|\\[^])*"|[^\s"])+/g), ([word]) =>
    word.replace(/"((?:[^"\\]|\\[^])*)"/g, (_, inside: string) => inside.replace(/\\(["\\$`])/g, '$1')),
  )
}
