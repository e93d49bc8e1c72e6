/** Pail's entries in the menus of the file managers of this computer. */
import { accessSync, constants, existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs'
import { delimiter, isAbsolute, join } from 'node:path'
import type { FileManagerId, FileManagerState } from '../../../shared/model/right-click.ts'
import type { Log } from '../logging.ts'
import { cajaFiles } from './caja.ts'
import { dolphinFiles } from './dolphin.ts'
import { entryFiles, type EntryFile } from './entry-files.ts'
import { explorer } from './explorer.ts'
import type { EntryTarget, FileManager } from './file-manager.ts'
import { finderFiles } from './finder.ts'
import { launcherText } from './launcher.ts'
import { Made } from './made.ts'
import { nautilusFiles } from './nautilus.ts'
import { nemoFiles } from './nemo.ts'
import { thunar } from './thunar.ts'
import { writeWhole } from './whole-file.ts'

export type FileManagersOptions = {
  readonly platform: NodeJS.Platform
  readonly env: NodeJS.ProcessEnv
  readonly home: string
  /** Where right clicks come in; the launcher and its picture are kept there as well. */
  readonly folder: string
  /** The program and its arguments that start Pail. */
  readonly command: readonly string[]
  /** The picture, readable for Pail alone. */
  readonly icon: string
  readonly log: Log
}

export class FileManagers {
  readonly #options: FileManagersOptions
  readonly #target: EntryTarget
  readonly #all: readonly FileManager[]
  /** Those that could not be changed, with the place it was about. */
  readonly #failed = new Map<FileManagerId, string>()
  /** One change after the other. */
  #line: Promise<void> = Promise.resolve()

  constructor(options: FileManagersOptions) {
    this.#options = options
    const { folder } = options
    this.#target = { launcher: join(folder, 'launch'), icon: join(folder, 'icon.png') }
    this.#all = managersOf(options, this.#target)
  }

  /** Those that are here, and whether their menus have the entries. */
  async list(): Promise<FileManagerState[]> {
    const states: FileManagerState[] = []
    for (const manager of this.#all) if (manager.isHere()) states.push(await this.#stateOf(manager))
    return states
  }

  /** Puts the entries in, or takes them out; what that fails for is `blocked` then. */
  set(ids: readonly FileManagerId[], isOn: boolean): Promise<void> {
    return this.#inTurn(async () => {
      const chosen = this.#all.filter(({ id, isHere }) => ids.includes(id) && isHere())
      if (isOn) this.#writeLauncher()
      for (const manager of chosen) await this.#attempt(manager, isOn ? manager.install : manager.remove)
      await this.#dropLauncher()
    })
  }

  /** Brings the entries that are there up to date: Pail may be at another place by now, or speak another language. */
  refresh(): Promise<void> {
    return this.#inTurn(async () => {
      if (this.#hasLauncher && !existsSync(this.#target.launcher)) return
      this.#writeLauncher()
      for (const manager of this.#all) await this.#attempt(manager, manager.refresh)
      await this.#dropLauncher()
    })
  }

  async #stateOf({ id, find }: FileManager): Promise<FileManagerState> {
    const failed = this.#failed.get(id)
    if (failed !== undefined) return { id, state: 'blocked', inTheWay: failed }
    try {
      return { id, ...(await find()) }
    } catch (error) {
      return { id, state: 'blocked', inTheWay: placeIn(error) }
    }
  }

  async #attempt({ id }: FileManager, change: () => Promise<void>): Promise<void> {
    try {
      await change()
      this.#failed.delete(id)
    } catch (error) {
      this.#options.log.warn(`The menu of ${id} cannot be changed: ${String(error)}`)
      this.#failed.set(id, placeIn(error))
    }
  }

  /** Windows starts the program itself. */
  get #hasLauncher(): boolean {
    return this.#options.platform !== 'win32'
  }

  #inTurn(change: () => Promise<void>): Promise<void> {
    const done = this.#line.then(change)
    this.#line = done.catch(() => undefined)
    return done
  }

  #writeLauncher(): void {
    if (!this.#hasLauncher) return
    const { folder, command, icon } = this.#options
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    writeWhole(this.#target.launcher, launcherText(folder, command), 0o700)
    writeWhole(this.#target.icon, readFileSync(icon), 0o600)
  }

  /** Where no menu has an entry any more, also of a file manager that is gone, nothing needs the launcher. */
  async #dropLauncher(): Promise<void> {
    for (const { find } of this.#all) if (await isOnOrUnknown(find)) return
    for (const file of [this.#target.launcher, this.#target.icon]) rmSync(file, { force: true })
  }
}

function managersOf(options: FileManagersOptions, target: EntryTarget): readonly FileManager[] {
  const { platform, env, home, folder, command, log } = options
  const made = new Made(join(folder, 'made.json'), log)
  const withFiles = (id: FileManagerId, isHere: () => boolean, files: () => readonly EntryFile[]): FileManager =>
    entryFiles({ id, isHere, made, files })
  if (platform === 'win32') return [explorer(command[0] ?? '')]
  if (platform === 'darwin')
    return [
      withFiles(
        'finder',
        () => true,
        () => finderFiles(home, target),
      ),
    ]
  if (platform !== 'linux') return []
  const data = folderOf(env['XDG_DATA_HOME'], join(home, '.local/share'))
  const config = folderOf(env['XDG_CONFIG_HOME'], join(home, '.config'))
  const systemConfigs = (env['XDG_CONFIG_DIRS'] ?? '').split(delimiter).filter((each) => isAbsolute(each))
  const isHere = (program: string) => () => isOnPath(program, env['PATH'] ?? '')
  return [
    withFiles('nautilus', isHere('nautilus'), () => nautilusFiles(data, target)),
    withFiles('nemo', isHere('nemo'), () => nemoFiles(data, target)),
    withFiles('caja', isHere('caja'), () => cajaFiles(config, target)),
    withFiles('dolphin', isHere('dolphin'), () => dolphinFiles(data, target)),
    thunar({
      isHere: isHere('thunar'),
      config,
      systemConfigs: systemConfigs.length === 0 ? ['/etc/xdg'] : systemConfigs,
      target,
      made,
    }),
  ]
}

async function isOnOrUnknown(find: FileManager['find']): Promise<boolean> {
  try {
    return (await find()).state === 'on'
  } catch {
    return true
  }
}

/** The XDG Base Directory Specification takes only absolute paths. */
function folderOf(chosen: string | undefined, usual: string): string {
  return chosen !== undefined && isAbsolute(chosen) ? chosen : usual
}

function isOnPath(program: string, path: string): boolean {
  return path.split(delimiter).some((folder) => {
    try {
      accessSync(join(folder, program), constants.X_OK)
      return folder !== ''
    } catch {
      return false
    }
  })
}

function placeIn(error: unknown): string {
  return error instanceof Error && 'path' in error && typeof error.path === 'string' ? error.path : String(error)
}
