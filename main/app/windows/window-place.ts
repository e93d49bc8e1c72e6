/** Where the window was, and where it can be again: displays come and go, and a window nobody can reach is lost. */
import { z } from 'zod'

export const WindowPlace = z.object({
  x: z.number().int(),
  y: z.number().int(),
  width: z.number().int().min(1),
  height: z.number().int().min(1),
  isMaximized: z.boolean(),
})
export type WindowPlace = z.infer<typeof WindowPlace>

/** In the system's points, as all sizes here. */
export type Area = Readonly<Record<'x' | 'y' | 'width' | 'height', number>>

export const LEAST_SIZE = { width: 640, height: 480 } as const
export const FIRST_SIZE = { width: 980, height: 660 } as const

/** So much of the title bar has to be on a display to take hold of it. */
const GRIP = { width: 120, height: 32 } as const

/**
 * The place cut to what is there now: on the display that shows most of it, no larger than that; with a null position, for
 * the system to choose, where no display shows enough of the title bar to move it.
 */
export function fitPlace(
  place: WindowPlace,
  workAreas: readonly Area[],
): Omit<Area, 'x' | 'y'> & {
  readonly position: { readonly x: number; readonly y: number } | null
} {
  const home = workAreas.toSorted((a, b) => overlap(place, b) - overlap(place, a))[0]
  if (home === undefined) return { ...FIRST_SIZE, position: null }
  const width = Math.max(LEAST_SIZE.width, Math.min(place.width, home.width))
  const height = Math.max(LEAST_SIZE.height, Math.min(place.height, home.height))
  const visibleWidth = Math.min(place.x + width, home.x + home.width) - Math.max(place.x, home.x)
  const isReachable = visibleWidth >= GRIP.width && place.y >= home.y && place.y + GRIP.height <= home.y + home.height
  return { width, height, position: isReachable ? { x: place.x, y: place.y } : null }
}

function overlap(a: Area, b: Area): number {
  const width = Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x)
  const height = Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y)
  return Math.max(0, width) * Math.max(0, height)
}
