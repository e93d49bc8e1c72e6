import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { entryText, hasAutostart, setAutostart } from './autostart-entry.ts'

let folder = ''

beforeEach(() => {
  folder = join(mkdtempSync(join(tmpdir(), 'pail-autostart-')), 'autostart')
})

afterEach(() => {
  rmSync(join(folder, '..'), { recursive: true, force: true })
})

describe('setAutostart', () => {
  it('writes an entry and takes it away again', () => {
    expect(hasAutostart(folder)).toBe(false)
    setAutostart(folder, ['/opt/Pail/pail', '--at-login'])
    expect(hasAutostart(folder)).toBe(true)
    expect(readFileSync(join(folder, 'pail.desktop'), 'utf8')).toContain('\nExec="/opt/Pail/pail" "--at-login"\n')
    setAutostart(folder, null)
    setAutostart(folder, null)
    expect(hasAutostart(folder)).toBe(false)
  })

  it.each(['Hidden=true', 'X-GNOME-Autostart-enabled=false'])('knows an entry that was switched off by %s', (line) => {
    setAutostart(folder, ['/opt/Pail/pail'])
    writeFileSync(join(folder, 'pail.desktop'), `[Desktop Entry]\nType=Application\n${line}\nName=Pail\n`)
    expect(hasAutostart(folder)).toBe(false)
  })
})

describe('entryText', () => {
  it.each([
    ['/home/maria/My Programs/pail', '"/home/maria/My Programs/pail"'],
    ['/opt/100%/pail', '"/opt/100%%/pail"'],
    ['/opt/$HOME/pail', '"/opt/\\\\$HOME/pail"'],
    ['/opt/a"b`c/pail', '"/opt/a\\\\"b\\\\`c/pail"'],
    ['/opt/back\\slash', '"/opt/back\\\\\\\\slash"'],
  ])('quotes %s for the command line and for the file', (program, written) => {
    expect(entryText([program])).toContain(`\nExec=${written}\n`)
  })
})
