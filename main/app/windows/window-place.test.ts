import { describe, expect, it } from 'vitest'
import { FIRST_SIZE, fitPlace, LEAST_SIZE, type WindowPlace } from './window-place.ts'

const laptop = { x: 0, y: 24, width: 1280, height: 776 }
const second = { x: 1280, y: 0, width: 1920, height: 1080 }
const place = (x: number, y: number, width = 980, height = 660): WindowPlace => ({
  x,
  y,
  width,
  height,
  isMaximized: false,
})

describe('fitPlace', () => {
  it('leaves a window where it was while its display is there', () => {
    expect(fitPlace(place(1500, 40), [laptop, second])).toEqual({
      width: 980,
      height: 660,
      position: { x: 1500, y: 40 },
    })
  })

  it('lets the system choose once the display is gone, and keeps the size', () => {
    expect(fitPlace(place(1500, 40), [laptop])).toEqual({ width: 980, height: 660, position: null })
  })

  it('is no larger than the display, and no smaller than the window works', () => {
    expect(fitPlace(place(0, 24, 3000, 2000), [laptop])).toEqual({ ...sizeOf(laptop), position: { x: 0, y: 24 } })
    expect(fitPlace(place(0, 24, 10, 10), [laptop])).toEqual({ ...LEAST_SIZE, position: { x: 0, y: 24 } })
  })

  it.each([
    ['above the display, where its title bar cannot be taken hold of', place(100, 0)],
    ['below it', place(100, 790)],
    ['with only its edge on it', place(-900, 100)],
  ])('does not leave it %s', (_where, lost) => {
    expect(fitPlace(lost, [laptop]).position).toBeNull()
  })

  it('leaves it partly outside where the title bar can be reached', () => {
    expect(fitPlace(place(-300, 100), [laptop]).position).toEqual({ x: -300, y: 100 })
  })

  it('has a size even where the system knows of no display', () => {
    expect(fitPlace(place(0, 0), [])).toEqual({ ...FIRST_SIZE, position: null })
  })
})

function sizeOf({ width, height }: { readonly width: number; readonly height: number }) {
  return { width, height }
}
