/** The points of a line through these values from left to right, the largest at the top, for an SVG of this size. */
export function linePoints(values: readonly number[], width: number, height: number): string {
  const most = Math.max(1, ...values)
  const step = values.length > 1 ? width / (values.length - 1) : 0
  // The line has a width of its own and would be cut at the edges.
  const room = height - 2
  return values.map((value, i) => `${round(i * step)},${round(1 + room * (1 - value / most))}`).join(' ')
}

function round(value: number): number {
  return Math.round(value * 10) / 10
}
