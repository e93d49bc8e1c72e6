import { describe, expect, it } from 'vitest'
import { baseName, normalisePrefix, parentPath, splitForMiddle, visibleName } from './path.ts'

describe('baseName and parentPath', () => {
  it.each([
    ['/home/maria/Documents', 'Documents', '/home/maria'],
    ['/home/maria/Documents/', 'Documents', '/home/maria/Documents'],
    ['C:\\Users\\Maria\\Pictures', 'Pictures', 'C:\\Users\\Maria'],
    ['\\\\server\\share\\Pictures', 'Pictures', '\\\\server\\share'],
    ['Photos/back\\slash.txt', 'back\\slash.txt', 'Photos'],
    ['notes.txt', 'notes.txt', ''],
    ['/', '/', ''],
  ])('takes %s apart', (path, name, parent) => {
    expect([baseName(path), parentPath(path)]).toEqual([name, parent])
  })
})

describe('splitForMiddle', () => {
  it('leaves a short text whole', () => {
    expect(splitForMiddle('Q3 report.docx')).toEqual({ head: 'Q3 report.docx', tail: '' })
  })

  it('keeps the last folder of a path that is a little too long for a column', () => {
    expect(splitForMiddle('Documents/Travel/2026 Norway').tail).toBe('el/2026 Norway')
  })

  it('keeps the end of a long text apart and loses nothing', () => {
    const text = 'Contracts/Mietvertrag Müllerstraße 12 (unterschrieben).pdf'
    const { head, tail } = splitForMiddle(text)
    expect(head + tail).toBe(text)
    expect(tail).toBe('schrieben).pdf')
  })

  it('keeps the last name whole when it is only a little too long', () => {
    expect(splitForMiddle('/home/maria/Pictures/old/Fotos & Ümläute').tail).toBe('Fotos & Ümläute')
  })

  it('never cuts inside a character of several code points', () => {
    const family = '👩‍👩‍👧'
    expect(splitForMiddle(family.repeat(5), 2)).toEqual({ head: family.repeat(3), tail: family.repeat(2) })
  })
})

describe('visibleName', () => {
  it.each([
    ['report 2026.docx', 'report 2026.docx'],
    ['Grüße 👩‍👩‍👧.txt', 'Grüße 👩‍👩‍👧.txt'],
    ['bad\u0001name\n\u007f', 'bad�name��'],
    ['photo\u202egpj.exe', 'photo�gpj.exe'],
    ['a\u200bb\u0085', 'a�b�'],
  ])('shows %j', (name, shown) => {
    expect(visibleName(name)).toBe(shown)
  })
})

describe('normalisePrefix', () => {
  it.each([
    ['', ''],
    ['/', ''],
    ['Pictures', 'Pictures/'],
    ['/Pictures//2026/', 'Pictures/2026/'],
    [' my files / old ', 'my files/old/'],
  ])('turns "%s" into "%s"', (typed, prefix) => {
    expect(normalisePrefix(typed)).toBe(prefix)
  })
})
