import { afterEach, describe, expect, it } from 'vitest'
import { speak } from '../../i18n/texts.ts'
import { parseRate, parseWhole, rateToText } from './number-text.ts'

afterEach(() => {
  speak('en')
})

describe('parseWhole', () => {
  it.each([
    ['30', 30],
    ['1', 1],
    ['0', null],
    ['101', null],
    ['-5', null],
    ['3.5', null],
    ['1e1', null],
    ['', null],
    ['ten', null],
  ])('reads "%s" as %s', (text, value) => {
    expect(parseWhole(text, 1, 100)).toBe(value)
  })
})

describe('parseRate', () => {
  it.each([
    ['', null],
    ['  ', null],
    ['2.5', 2_500_000],
    ['2,5', 2_500_000],
    ['0.01', 10_000],
    ['1200', 1_200_000_000],
  ])('reads "%s" as %s bytes a second', (text, bytesPerSecond) => {
    expect(parseRate(text)).toEqual({ isGood: true, bytesPerSecond })
  })

  it.each(['0', '0.009', '-1', '1.000,5', '1 000', '2.5 MB', 'fast', '.5', '1.'])('does not take "%s"', (text) => {
    expect(parseRate(text)).toEqual({ isGood: false })
  })
})

describe('rateToText', () => {
  it.each(['en', 'de'] as const)('writes what parseRate reads, in %s', (language) => {
    speak(language)
    for (const rate of [null, 10_000, 500_000, 2_500_000, 1_234_567, 1_000_000_000_000]) {
      expect(parseRate(rateToText(rate))).toEqual({ isGood: true, bytesPerSecond: rate })
    }
  })

  it('writes as the language does', () => {
    expect(rateToText(2_500_000)).toBe('2.5')
    speak('de')
    expect(rateToText(2_500_000)).toBe('2,5')
  })
})
