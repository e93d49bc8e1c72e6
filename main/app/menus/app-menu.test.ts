import { describe, expect, it } from 'vitest'
import { appMenu } from './app-menu.ts'

describe('appMenu', () => {
  it.each(['linux', 'win32', 'darwin'] as const)('has the editing roles that copy and paste need on %s', (platform) => {
    expect(appMenu(platform, false)).toContainEqual({ role: 'editMenu' })
  })

  it('shows what helps to build Pail to its builders only', () => {
    const labels = [true, false].map((isDeveloped) =>
      appMenu('linux', isDeveloped).map(({ label, role }) => label ?? role),
    )
    expect(labels).toEqual([
      ['&File', 'editMenu', 'Develop'],
      ['&File', 'editMenu'],
    ])
  })
})
