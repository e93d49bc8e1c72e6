import { useCallback, useEffect, useRef, useState } from 'react'
import type { ProblemText } from '../../shared/text/problem-text.ts'
import { textOfError } from '../state/actions.ts'

export type Pages<Row> = {
  readonly rows: readonly Row[]
  /** False until the first page has arrived. */
  readonly isLoaded: boolean
  readonly hasMore: boolean
  /** Why the last page did not come; null when it did. */
  readonly failure: ProblemText | null
  readonly loadMore: () => void
}

type Loaded<Row> = Pick<Pages<Row>, 'rows' | 'isLoaded' | 'hasMore' | 'failure'>

const nothing = { rows: [], isLoaded: false, hasMore: false, failure: null } as const

/**
 * A long list, a page at a time. `load` gets the last row so far, undefined for the first page, and gives at most
 * `pageSize` rows; a new `load` begins from the first page again.
 */
export function usePages<Row>(load: (after: Row | undefined) => Promise<readonly Row[]>, pageSize: number): Pages<Row> {
  const [state, setState] = useState<Loaded<Row>>(nothing)
  const run = useRef({ isLoading: false })

  const add = useCallback(
    async (known: readonly Row[]) => {
      const own = run.current
      if (own.isLoading) return
      own.isLoading = true
      try {
        const page = await load(known.at(-1))
        if (own !== run.current) return
        setState({ rows: [...known, ...page], isLoaded: true, hasMore: page.length === pageSize, failure: null })
      } catch (error) {
        if (own === run.current) setState((before) => ({ ...before, failure: textOfError(error) }))
      } finally {
        own.isLoading = false
      }
    },
    [load, pageSize],
  )

  useEffect(() => {
    // What an earlier run still waits for is not for this list.
    run.current = { isLoading: false }
    void add([])
  }, [add])

  const { rows } = state
  const loadMore = useCallback(() => void add(rows), [add, rows])
  return { ...state, loadMore }
}
