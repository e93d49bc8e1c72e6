import { useCallback, useLayoutEffect, useRef } from 'react'

/** A function that stays the same and does what the newest one does: for what is drawn once and called later. */
export function useLatest<Args extends readonly unknown[], Result>(
  call: (...args: Args) => Result,
): (...args: Args) => Result {
  const latest = useRef(call)
  useLayoutEffect(() => {
    latest.current = call
  })
  return useCallback((...args) => latest.current(...args), [])
}
