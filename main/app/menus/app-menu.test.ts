import type { MenuItemConstructorOptions } from 'electron'
import { afterEach, describe, expect, it } from 'vitest'
import { setLanguage } from '../../../shared/language.ts'
import { appMenu } from './app-menu.ts'

const platforms = ['linux', 'win32', 'darwin'] as const

afterEach(() => {
  setLanguage('en')
})

function itemsOf(menu: MenuItemConstructorOptions | undefined): readonly MenuItemConstructorOptions[] {
  return Array.isArray(menu?.submenu) ? menu.submenu : []
}

describe('appMenu', () => {
  it.each(platforms)('has the editing roles that copy and paste need on %s', (platform) => {
    const edit = appMenu(platform, false).find(({ role }) => role === 'editMenu')
    expect(itemsOf(edit).map(({ role }) => role)).toEqual(
      expect.arrayContaining(['undo', 'redo', 'cut', 'copy', 'paste', 'delete', 'selectAll']),
    )
  })

  it('shows what helps to build Pail to its builders only', () => {
    const labels = [true, false].map((isDeveloped) =>
      appMenu('linux', isDeveloped).map(({ label, role }) => label ?? role),
    )
    expect(labels).toEqual([
      ['&File', '&Edit', 'Develop'],
      ['&File', '&Edit'],
    ])
  })

  it.each(platforms)('has words of its own for every entry on %s, in German as well', (platform) => {
    const words = (['en', 'de'] as const).map((language) => {
      setLanguage(language)
      const menus = appMenu(platform, false)
      const items = menus.flatMap((menu) => itemsOf(menu)).filter(({ type }) => type !== 'separator')
      return items.map(({ label }) => label)
    })
    expect(words[1]?.length).toBe(words[0]?.length)
    expect(words.flat().every((label) => label !== undefined && label !== '')).toBe(true)
    expect(words[1]?.filter((label) => words[0]?.includes(label))).toEqual([])
  })
})
