/** Rules in gitignore syntax, each with where it stands. */
import ignore, { type Ignore } from 'ignore'
import type { IgnoreReason } from '../../../shared/model/explanation.ts'

/** `ignore` keeps every answer it ever gave; a copy that shares its rules is begun after so many. */
const MAX_ANSWERS = 2000

/** Rules in gitignore syntax, of which the last one that fits decides. */
export class RuleSet {
  readonly #reasons: readonly IgnoreReason[]
  readonly #options: { readonly ignorecase: boolean; readonly allowRelativePaths: true }
  readonly #rules: Ignore
  #copy: Ignore
  #answers = 0

  constructor(reasons: readonly IgnoreReason[], ignorecase: boolean) {
    this.#options = { ignorecase, allowRelativePaths: true }
    this.#reasons = reasons
    const patterns = reasons.map(({ rule }, i) => ({ pattern: rule, mark: `${i}` }))
    this.#rules = ignore(this.#options).add(patterns.filter(({ pattern }) => isUsable(pattern)))
    this.#copy = this.#rules
  }

  /** The rule that leaves this path out; `brought-back` where a rule with `!` says not to; null where none fits. */
  judge(path: string, isDirectory: boolean): IgnoreReason | 'brought-back' | null {
    if (this.#reasons.length === 0) return null
    this.#answers += 1
    if (this.#answers % MAX_ANSWERS === 0) this.#copy = ignore(this.#options).add(this.#rules)
    const { ignored, unignored, rule } = this.#copy.test(isDirectory ? `${path}/` : path)
    if (unignored) return 'brought-back'
    return ignored ? (this.#reasons[Number(rule?.mark)] ?? null) : null
  }
}

/** False for a line that no regular expression comes out of. */
function isUsable(pattern: string): boolean {
  try {
    ignore().add({ pattern }).test('a/b')
    return true
  } catch {
    return false
  }
}
