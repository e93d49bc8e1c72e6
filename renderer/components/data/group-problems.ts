/** Folds open problems into groups of one cause: the same code and, where it makes another sentence, the same facts. */
import type { ErrorCode } from '../../../shared/errors.ts'
import type { Problem } from '../../../shared/model/problem.ts'

export type ProblemGroup = {
  readonly key: string
  readonly code: ErrorCode
  readonly details: Problem['details']
  /** Oldest first, never empty. */
  readonly problems: readonly Problem[]
}

/** Widest reach first: what stops everything stands above what stops one file. */
const scopeOrder: Readonly<Record<Problem['scope'], number>> = { engine: 0, account: 1, folder: 2, file: 3 }

/** Groups in the order of their reach, then the oldest first. */
export function groupProblems(problems: readonly Problem[]): readonly ProblemGroup[] {
  const groups = new Map<string, Problem[]>()
  for (const problem of problems) {
    const key = `${problem.scope} ${problem.code} ${JSON.stringify(problem.details)}`
    const group = groups.get(key)
    if (group === undefined) groups.set(key, [problem])
    else group.push(problem)
  }
  return [...groups]
    .map(([key, members]) =>
      toGroup(
        key,
        members.toSorted((a, b) => a.since - b.since),
      ),
    )
    .toSorted((a, b) => scopeOrder[scopeOf(a)] - scopeOrder[scopeOf(b)] || sinceOf(a) - sinceOf(b))
}

function toGroup(key: string, problems: readonly Problem[]): ProblemGroup {
  return { key, code: problems[0]?.code ?? 'bug', details: problems[0]?.details ?? {}, problems }
}

function scopeOf(group: ProblemGroup): Problem['scope'] {
  return group.problems[0]?.scope ?? 'file'
}

function sinceOf(group: ProblemGroup): number {
  return group.problems[0]?.since ?? 0
}
