import {
  chmodSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { setLanguage } from '../../../shared/language.ts'
import { FileManagerId } from '../../../shared/model/right-click.ts'
import { FileManagers } from './file-managers.ts'

const silent = { info: () => undefined, warn: () => undefined, error: () => undefined }
const linux = FileManagerId.options.slice(0, 5)

let top = ''
let env: NodeJS.ProcessEnv = {}

beforeEach(() => {
  top = mkdtempSync(join(tmpdir(), 'pail-managers-'))
  for (const folder of ['home', 'bin', 'pail', 'etc/Thunar']) mkdirSync(join(top, folder), { recursive: true })
  writeFileSync(join(top, 'icon.png'), 'a picture')
  installPrograms(...linux)
  env = { PATH: `/nowhere:${join(top, 'bin')}`, XDG_CONFIG_DIRS: join(top, 'etc') }
})

afterEach(() => {
  setLanguage('en')
  rmSync(top, { recursive: true, force: true })
})

function installPrograms(...names: readonly string[]): void {
  for (const name of names) {
    writeFileSync(join(top, 'bin', name), '#!/bin/sh\n')
    chmodSync(join(top, 'bin', name), 0o755)
  }
}

function open(program = '/opt/Pail/pail'): FileManagers {
  return new FileManagers({
    platform: 'linux',
    env,
    home: join(top, 'home'),
    folder: join(top, 'pail/right-click'),
    command: [program],
    icon: join(top, 'icon.png'),
    log: silent,
  })
}

/** Every file, folder and link below the top, with what it holds and who may do what. */
function tree(): readonly string[] {
  return readdirSync(top, { recursive: true, encoding: 'utf8' })
    .map((name) => {
      const path = join(top, name)
      const found = lstatSync(path)
      const content = found.isFile() ? readFileSync(path, 'latin1') : found.isSymbolicLink() ? readlinkSync(path) : ''
      return `${name} ${found.mode.toString(8)} ${content}`
    })
    .toSorted()
}

const states = async (managers: FileManagers) => (await managers.list()).map(({ id, state }) => `${id} ${state}`)
const inHome = (path: string): string => join(top, 'home', path)
const paths = () =>
  readdirSync(join(top, 'home'), { recursive: true, encoding: 'utf8', withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(inHome('').length + 1))
    .toSorted()

describe('FileManagers', () => {
  it('names those alone that are on this computer', async () => {
    expect(await states(open())).toEqual(linux.map((id) => `${id} off`))
    rmSync(join(top, 'bin'), { recursive: true })
    mkdirSync(join(top, 'bin'))
    installPrograms('nemo')
    writeFileSync(join(top, 'bin/caja'), 'no program')
    expect(await states(open())).toEqual(['nemo off'])
    const managers = open()
    await managers.set(linux, true)
    expect(paths().every((path) => path.includes('nemo'))).toBe(true)
  })

  it('puts the entries in where each looks for them', async () => {
    const managers = open()
    await managers.set(linux, true)
    expect(await states(managers)).toEqual(linux.map((id) => `${id} on`))
    expect(paths()).toEqual([
      '.config/Thunar/uca.xml',
      '.config/caja/scripts/Copy Pail link',
      '.config/caja/scripts/Show in Pail',
      '.local/share/kio/servicemenus/pail.desktop',
      '.local/share/nautilus/scripts/Copy Pail link',
      '.local/share/nautilus/scripts/Show in Pail',
      '.local/share/nemo/actions/pail-copy-link.nemo_action',
      '.local/share/nemo/actions/pail-show.nemo_action',
    ])
    const isProgram = (path: string) => (statSync(inHome(path)).mode & 0o100) !== 0
    expect(paths().filter(isProgram)).toEqual(paths().filter((path) => /scripts|servicemenus/.test(path)))
  })

  it('looks where the environment says, if that is an absolute path', async () => {
    env = { ...env, XDG_DATA_HOME: join(top, 'home/d'), XDG_CONFIG_HOME: 'relative' }
    await open().set(['nautilus', 'caja'], true)
    expect(paths().map((path) => path.slice(0, path.indexOf('/scripts')))).toEqual([
      '.config/caja',
      '.config/caja',
      'd/nautilus',
      'd/nautilus',
    ])
  })

  it('leaves no trace when all is taken out, in whatever order', async () => {
    for (const id of ['', ...linux]) {
      if (id === 'nemo') mkdirSync(inHome('.local/share/nemo/actions'), { recursive: true })
      const before = tree()
      const managers = open()
      await managers.set(linux, true)
      expect(tree()).not.toEqual(before)
      // One alone, and after a start anew all others.
      await managers.set(
        linux.filter((each) => each === id),
        false,
      )
      await open().set(linux, false)
      rmSync(join(top, 'pail/right-click'), { recursive: true })
      expect(readdirSync(join(top, 'pail'))).toEqual([])
      expect(tree()).toEqual(before)
    }
  })

  it('leaves nothing in the data folder but the folder that right clicks come in by', async () => {
    const managers = open()
    await managers.set(linux, true)
    expect(readdirSync(join(top, 'pail/right-click')).toSorted()).toEqual(['icon.png', 'launch', 'made.json'])
    await managers.set(linux, false)
    expect(readdirSync(join(top, 'pail/right-click'))).toEqual([])
  })

  it('leaves folders in which others have put something by now', async () => {
    const managers = open()
    await managers.set(['caja'], true)
    writeFileSync(inHome('.config/caja/scripts/mine'), 'echo')
    await managers.set(['caja'], false)
    expect(paths()).toEqual(['.config/caja/scripts/mine'])
  })

  it('never touches what is somebody else\u2019s and has the same name', async () => {
    mkdirSync(inHome('.config/caja/scripts'), { recursive: true })
    writeFileSync(inHome('.config/caja/scripts/Copy Pail link'), '#!/bin/sh\necho mine\n')
    mkdirSync(inHome('.local/share/kio/servicemenus'), { recursive: true })
    symlinkSync('/dev/null', inHome('.local/share/kio/servicemenus/pail.desktop'))
    mkdirSync(inHome('.config/Thunar'))
    writeFileSync(inHome('.config/Thunar/uca.xml'), '<actions><broken></actions>')
    const before = tree()
    const managers = open()
    const chosen = ['caja', 'dolphin', 'thunar'] as const
    expect((await managers.list()).filter(({ id }) => chosen.some((each) => each === id))).toEqual([
      { id: 'caja', state: 'blocked', inTheWay: inHome('.config/caja/scripts/Copy Pail link') },
      { id: 'dolphin', state: 'blocked', inTheWay: inHome('.local/share/kio/servicemenus/pail.desktop') },
      { id: 'thunar', state: 'blocked', inTheWay: inHome('.config/Thunar/uca.xml') },
    ])
    await managers.set(chosen, true)
    await managers.set(chosen, false)
    rmSync(join(top, 'pail/right-click'), { recursive: true })
    expect(tree()).toEqual(before)
  })

  it('writes through no link that lies where a new file is made', async () => {
    mkdirSync(inHome('.config/caja/scripts'), { recursive: true })
    writeFileSync(inHome('mine'), 'mine')
    symlinkSync(inHome('mine'), inHome('.config/caja/scripts/.Copy Pail link.pail-new'))
    const managers = open()
    await managers.set(['caja'], true)
    expect(await states(managers)).toContain('caja on')
    expect(readFileSync(inHome('mine'), 'utf8')).toBe('mine')
    expect(lstatSync(inHome('.config/caja/scripts/Copy Pail link')).isFile()).toBe(true)
  })

  it('says where Pail may not write', async () => {
    writeFileSync(inHome('.config'), 'no folder')
    const managers = open()
    await managers.set(['caja', 'nemo'], true)
    expect((await managers.list()).find(({ id }) => id === 'caja')).toMatchObject({ state: 'blocked' })
    expect((await managers.list()).find(({ id }) => id === 'nemo')).toMatchObject({ state: 'on' })
  })

  it('leaves a person\u2019s own actions of Thunar as they are, also behind a link', async () => {
    const own =
      '<?xml encoding="UTF-8" version="1.0"?>\n<actions>\n<action><unique-id>1-1</unique-id></action>\n</actions>\n'
    mkdirSync(inHome('.config/Thunar'), { recursive: true })
    writeFileSync(inHome('dotfile'), own, { mode: 0o640 })
    symlinkSync(inHome('dotfile'), inHome('.config/Thunar/uca.xml'))
    const before = tree()
    const managers = open()
    await managers.set(['thunar'], true)
    expect(readFileSync(inHome('dotfile'), 'utf8')).toMatch(/1-1.*pail-copy-link.*pail-show/s)
    await managers.set(['thunar'], false)
    rmSync(join(top, 'pail/right-click'), { recursive: true })
    expect(tree()).toEqual(before)
  })

  it('keeps the actions that Thunar begins with, and what a person adds to them', async () => {
    const system =
      '<?xml version="1.0" encoding="UTF-8"?>\n<actions>\n<action><unique-id>terminal</unique-id></action>\n</actions>\n'
    writeFileSync(join(top, 'etc/Thunar/uca.xml'), system)
    const before = tree()
    const managers = open()
    await managers.set(['thunar'], true)
    const file = inHome('.config/Thunar/uca.xml')
    expect(readFileSync(file, 'utf8')).toContain('<unique-id>terminal</unique-id>')
    await managers.set(['thunar'], false)
    rmSync(join(top, 'pail/right-click'), { recursive: true })
    expect(tree()).toEqual(before)

    await managers.set(['thunar'], true)
    const changed = system.replace('terminal', 'editor')
    writeFileSync(file, readFileSync(file, 'utf8').replace('terminal', 'editor'))
    await managers.set(['thunar'], false)
    expect(readFileSync(file, 'utf8')).toBe(changed)
  })

  it('brings what is there up to date when Pail has moved, and puts nothing back', async () => {
    await open('/opt/old/pail').set(linux, true)
    rmSync(inHome('.config/caja/scripts/Show in Pail'))
    const before = paths()
    await open('/opt/new place/pail').refresh()
    expect(paths()).toEqual(before)
    expect(readFileSync(join(top, 'pail/right-click/launch'), 'utf8')).toMatch(/^exec '\/opt\/new place\/pail' /m)
  })

  it('does nothing at a start while nothing is installed', async () => {
    const before = tree()
    await open().refresh()
    expect(tree()).toEqual(before)
  })

  it('speaks the language of this moment, also for what it finds in another one', async () => {
    const managers = open()
    await managers.set(linux, true)
    setLanguage('de')
    await managers.refresh()
    expect(paths().filter((path) => path.includes('scripts'))).toEqual([
      '.config/caja/scripts/In Pail zeigen',
      '.config/caja/scripts/Pail-Link kopieren',
      '.local/share/nautilus/scripts/In Pail zeigen',
      '.local/share/nautilus/scripts/Pail-Link kopieren',
    ])
    expect(readFileSync(inHome('.config/Thunar/uca.xml'), 'utf8')).toContain('<name>Pail-Link kopieren</name>')
    const dolphin = readFileSync(inHome('.local/share/kio/servicemenus/pail.desktop'), 'utf8')
    expect(dolphin).toMatch(/^Name=Copy Pail link\nName\[de\]=Pail-Link kopieren$/m)
    setLanguage('en')
    await managers.set(linux, false)
    expect(paths()).toEqual([])
  })
})
