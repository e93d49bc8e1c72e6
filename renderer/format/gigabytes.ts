/** Amounts as people type them. */

const BYTES = 1e9

/** Bytes of a number of GB, with a point or a comma before its decimals; null for what is none, or nothing. */
export function readGigabytes(text: string): number | null {
  const typed = text.trim()
  if (!/^\d{1,6}([.,]\d{1,3})?$/.test(typed)) return null
  const bytes = Math.round(Number(typed.replace(',', '.')) * BYTES)
  return bytes > 0 ? bytes : null
}

/** The number to be typed for so many bytes, in the language's own way. */
export function writeGigabytes(bytes: number, numbers: string): string {
  return (bytes / BYTES).toLocaleString(numbers, { maximumFractionDigits: 3, useGrouping: false })
}
