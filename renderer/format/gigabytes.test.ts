import { describe, expect, it } from 'vitest'
import { readGigabytes, writeGigabytes } from './gigabytes.ts'

describe('a number of GB', () => {
  it.each([
    ['10', 10e9],
    [' 2.5 ', 2.5e9],
    ['2,5', 2.5e9],
    ['0.001', 1e6],
    ['', null],
    ['0', null],
    ['0.0', null],
    ['-3', null],
    ['ten', null],
    ['1.2.3', null],
    ['1,000', 1e9],
    ['99999999', null],
  ])('is read from "%s"', (text, bytes) => {
    expect(readGigabytes(text)).toBe(bytes)
  })

  it.each([
    ['en', '2.5'],
    ['de-DE', '2,5'],
  ])('is written in %s so that it can be read again', (numbers, text) => {
    expect(writeGigabytes(2.5e9, numbers)).toBe(text)
    expect(readGigabytes(writeGigabytes(123_456e9, numbers))).toBe(123_456e9)
  })
})
