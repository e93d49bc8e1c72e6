import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { folderPage } from './folder-page.ts'

const file = (path: string, url = 'https://x/a') => ({ path, url, sizeBytes: 1500 })

describe('folderPage', () => {
  it('has names as text, whatever they are', () => {
    const text = fc.string({ unit: fc.constantFrom(...Array.from('<>&"\'/=aä script\\`')) })
    fc.assert(
      fc.property(text, text, (name, path) => {
        const empty = folderPage('', [file('')])
        const tags = (html: string) => html.match(/<[^>]*>/g)?.length
        const page = folderPage(name, [file(path)])
        expect(tags(page)).toBe(tags(empty))
        expect(page.match(/[<>"]/g)?.length).toBe(empty.match(/[<>"]/g)?.length)
      }),
      { numRuns: 2000 },
    )
  })

  it('lists files with their sizes, and those without that are still to come', () => {
    const page = folderPage('Photos', [file('a.jpg'), { ...file('b.jpg'), sizeBytes: null }])
    expect(page).toContain('>a.jpg</a><span>1.5 kB</span>')
    expect(page).toContain('>b.jpg</a><span></span>')
  })

  it('lets nothing run, loads nothing, and tells nobody where it came from', () => {
    const page = folderPage('x', [file('a', 'https://x/?Authorization=1&b2=2')])
    expect(page).toContain(`content="default-src 'none'`)
    expect(page).toContain('<meta name="referrer" content="no-referrer">')
    expect(page).toContain('href="https://x/?Authorization=1&amp;b2=2"')
  })
})
