/** Folds open problems into groups of one cause: the same code and, where it makes another sentence, the same facts. */
import type { ErrorCode } from '../../../shared/errors.ts'
import type { DecisionKind } from '../../../shared/model/decision.ts'
import { passesByItself, type Problem } from '../../../shared/model/problem.ts'
import { commonReason } from '../../../shared/text/name-reason.ts'
import { problemText } from '../../../shared/text/problem-text.ts'

export type ProblemGroup = {
  readonly key: string
  readonly code: ErrorCode
  readonly details: Problem['details']
  /** Oldest first, never empty. */
  readonly problems: readonly Problem[]
  /** Nothing is lost or stuck: it mends itself, or only slows Pail down. */
  readonly passesByItself: boolean
}

const decisionKinds: Partial<Readonly<Record<ErrorCode, DecisionKind>>> = {
  root_emptied: 'deleted',
  mass_deletion: 'deleted',
  mass_emptied: 'emptied',
  would_overwrite: 'overwrite',
}

/** What a person has to decide about a code; undefined when it is nothing of the kind. */
export function decisionKindOf(code: ErrorCode): DecisionKind | undefined {
  return decisionKinds[code]
}

/** Widest reach first: what stops everything stands above what stops one file. */
const scopeOrder: Readonly<Record<Problem['scope'], number>> = { account: 0, folder: 1, link: 2, file: 3 }

/** Groups: those that need a person first, then in the order of their reach, then the oldest first. */
export function groupProblems(problems: readonly Problem[]): readonly ProblemGroup[] {
  const groups = new Map<string, Problem[]>()
  for (const problem of problems) {
    const key = `${problem.scope} ${problem.code} ${causeOf(problem)}`
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
    .toSorted(
      (a, b) =>
        Number(a.passesByItself) - Number(b.passesByItself) ||
        scopeOrder[scopeOf(a)] - scopeOrder[scopeOf(b)] ||
        sinceOf(a) - sinceOf(b),
    )
}

/**
 * What is decided is decided for one folder, however many files it is by then, and names are refused for the same reason
 * wherever in them it is; all else is told apart by its facts.
 */
function causeOf(problem: Problem): string {
  return decisionKindOf(problem.code) === undefined
    ? JSON.stringify(commonDetails(problem))
    : `folder ${problem.folderId}`
}

function commonDetails({ code, details }: Problem): Problem['details'] {
  const { reason } = details
  return code === 'name_not_allowed' && typeof reason === 'string'
    ? { ...details, reason: commonReason(reason) }
    : details
}

/** A single folder whose path is part of the advice needs no second naming. */
export function isNamedInAdvice({ code, problems, details }: ProblemGroup): boolean {
  const { root } = details
  return (
    problems.length === 1 &&
    problems[0]?.path === null &&
    root !== undefined &&
    problemText(code, details).advice.includes(String(root))
  )
}

function toGroup(key: string, problems: readonly Problem[]): ProblemGroup {
  const [first, ...others] = problems
  const code = first?.code ?? 'bug'
  // One file by itself is told exactly what is the matter.
  const details = first === undefined ? {} : others.length === 0 ? first.details : commonDetails(first)
  return { key, code, details, problems, passesByItself: passesByItself(code) }
}

function scopeOf(group: ProblemGroup): Problem['scope'] {
  return group.problems[0]?.scope ?? 'file'
}

function sinceOf(group: ProblemGroup): number {
  return group.problems[0]?.since ?? 0
}
