import type { ErrorDetails } from '../errors.ts'

/** A detail with what leads up to it; empty where it is not known. */
export function named(details: ErrorDetails, key: string, before: string): string {
  const value = details[key]
  return value === undefined || value === '' ? '' : `${before}${String(value)}`
}
