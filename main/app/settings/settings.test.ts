import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { DEFAULT_SHELL_SETTINGS } from '../../../shared/model/shell-settings.ts'
import type { Log } from '../logging.ts'
import type { LoginItem } from './login-item.ts'
import { Settings } from './settings.ts'

let folder = ''
let file = ''
let logged: string[] = []
let changes = 0
let isOn = false

const log: Log = {
  info: (text) => logged.push(text),
  warn: (text) => logged.push(text),
  error: (text) => logged.push(text),
}
const loginItem: LoginItem = {
  isOn: () => isOn,
  set: (next) => {
    isOn = next
  },
}

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'pail-settings-'))
  file = join(folder, 'settings.json')
  logged = []
  changes = 0
  isOn = false
})

afterEach(() => {
  rmSync(folder, { recursive: true, force: true })
})

function open(): Settings {
  return new Settings({
    file,
    loginItem,
    log,
    onChange: () => {
      changes += 1
    },
  })
}

describe('Settings', () => {
  it('begins with the defaults, and writes nothing before something is changed', () => {
    expect(open().current).toEqual(DEFAULT_SHELL_SETTINGS)
    expect(readdirSync(folder)).toEqual([])
    expect(logged).toEqual([])
  })

  it('keeps what was changed over a start, and nothing else changes', () => {
    const settings = open()
    settings.change({ appearance: 'dark', language: 'de' })
    settings.change({ notifications: { ...DEFAULT_SHELL_SETTINGS.notifications, finished: true } })
    const expected = {
      ...DEFAULT_SHELL_SETTINGS,
      appearance: 'dark',
      language: 'de',
      notifications: { ...DEFAULT_SHELL_SETTINGS.notifications, finished: true },
    }
    expect([settings.current, open().current]).toEqual([expected, expected])
    expect(changes).toBe(2)
  })

  it('leaves one file behind, for its owner alone', () => {
    open().change({ appearance: 'light' })
    expect(readdirSync(folder)).toEqual(['settings.json'])
    expect(readFileSync(file, 'utf8')).toContain('"appearance": "light"')
  })

  it('asks the system whether it starts at login, and keeps no word of its own about it', () => {
    const settings = open()
    settings.change({ startAtLogin: true })
    expect([isOn, settings.current.startAtLogin]).toEqual([true, true])
    expect(readFileSync(file, 'utf8')).not.toContain('startAtLogin')
    isOn = false
    expect(settings.current.startAtLogin).toBe(false)
  })

  it.each([
    ['is no JSON', '{"appearance": "dark"'],
    ['is empty', ''],
    ['holds a value that does not exist', '{"appearance": "pink"}'],
    ['is no object', '[]'],
  ])('sets a file aside that %s, and begins anew', (_, text) => {
    writeFileSync(file, text)
    expect(open().current).toEqual(DEFAULT_SHELL_SETTINGS)
    expect(existsSync(file)).toBe(false)
    expect(readFileSync(`${file}.damaged`, 'utf8')).toBe(text)
    expect(logged).toHaveLength(1)
  })

  it('takes what a file of another version knows, and the defaults for the rest', () => {
    writeFileSync(file, '{"appearance":"dark","notifications":{"finished":true},"comesLater":1}')
    expect(open().current).toEqual({
      ...DEFAULT_SHELL_SETTINGS,
      appearance: 'dark',
      notifications: { ...DEFAULT_SHELL_SETTINGS.notifications, finished: true },
    })
    expect(existsSync(file)).toBe(true)
  })

  it('stays as it was when it cannot be written', () => {
    const settings = open()
    settings.change({ appearance: 'dark' })
    // In the way of the file that is written first: also where nothing is forbidden to who runs this.
    mkdirSync(`${file}.new`)
    chmodSync(`${file}.new`, 0o500)
    expect(() => {
      settings.change({ appearance: 'light' })
    }).toThrow(expect.objectContaining({ code: 'data_folder_unusable' }))
    expect([settings.current.appearance, open().current.appearance]).toEqual(['dark', 'dark'])
    expect(changes).toBe(1)
  })
})
