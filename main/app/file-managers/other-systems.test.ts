/** What is written on Windows and macOS, as data: neither is run here. */
import { parseXml, XmlElement } from '@rgrove/parse-xml'
import { describe, expect, it } from 'vitest'
import { currentEntries } from './entries.ts'
import { addCalls, queryCall, removeCalls } from './explorer.ts'
import { OWN_MARK } from './file-manager.ts'
import { finderFiles } from './finder.ts'

describe('on Windows', () => {
  const [copyLink] = currentEntries()
  const program = 'C:\\Users\\Maria A\\AppData\\Local\\Programs\\Pail\\Pail.exe'

  it('a verb of the person, not of the machine, is written for files and for folders', () => {
    const calls = addCalls([copyLink], program)
    expect(calls.slice(0, 4)).toEqual([
      ['add', 'HKCU\\Software\\Classes\\*\\shell\\Pail.copy-link', '/ve', '/d', 'Copy Pail link', '/f'],
      ['add', 'HKCU\\Software\\Classes\\*\\shell\\Pail.copy-link', '/v', 'Icon', '/d', program, '/f'],
      ['add', 'HKCU\\Software\\Classes\\*\\shell\\Pail.copy-link', '/v', 'MultiSelectModel', '/d', 'Player', '/f'],
      [
        'add',
        'HKCU\\Software\\Classes\\*\\shell\\Pail.copy-link\\command',
        '/ve',
        '/d',
        `"${program}" --copy-link "%1"`,
        '/f',
      ],
    ])
    expect(calls.slice(4).every(([, key]) => key?.startsWith('HKCU\\Software\\Classes\\Directory\\shell\\'))).toBe(true)
  })

  it('every key that is written is one that is deleted, or below one, and is found before', () => {
    const deleted = removeCalls(currentEntries()).map(([, key = '']) => key)
    for (const [, key = ''] of addCalls(currentEntries(), program)) {
      expect(deleted.some((top) => key === top || key.startsWith(`${top}\\`))).toBe(true)
    }
    expect(deleted).toContain(queryCall(copyLink)[1])
  })
})

describe('on macOS', () => {
  const target = { launcher: "/Users/maria/Library/Application Support/Pail/it's/launch", icon: '' }
  const files = finderFiles('/Users/maria', target)

  it('each entry is a Quick Action of its name', () => {
    expect(files.map(({ path }) => path)).toEqual([
      '/Users/maria/Library/Services/Copy Pail link.workflow/Contents/Info.plist',
      '/Users/maria/Library/Services/Copy Pail link.workflow/Contents/document.wflow',
      '/Users/maria/Library/Services/Show in Pail.workflow/Contents/Info.plist',
      '/Users/maria/Library/Services/Show in Pail.workflow/Contents/document.wflow',
    ])
  })

  it('is a property list that Pail knows again, and runs the launcher with what is selected', () => {
    const valueOf = (text: string, key: string): string | undefined => {
      const all: XmlElement[] = []
      const visit = (element: XmlElement): void => {
        all.push(element)
        for (const child of element.children) if (child instanceof XmlElement) visit(child)
      }
      const { root } = parseXml(text)
      if (root !== null) visit(root)
      return all[all.findIndex((element) => element.name === 'key' && element.text === key) + 1]?.text
    }
    for (const { text } of files) expect(text).toContain(OWN_MARK)
    expect(valueOf(files[0]?.text ?? '', 'default')).toBe('Copy Pail link')
    expect(valueOf(files[1]?.text ?? '', 'COMMAND_STRING')).toBe(
      `exec '/Users/maria/Library/Application Support/Pail/it'\\''s/launch' copy-link "$@"`,
    )
    expect(valueOf(files[1]?.text ?? '', 'inputMethod')).toBe('1')
  })
})
