/** What a person is asked when only a person may decide: what happened, the two answers, and what each one does. */
import { inLanguage } from '../language.ts'
import type { Decision, DecisionKind } from '../model/decision.ts'
import type { DeletionPolicy } from '../model/folder.ts'
import { decisions as de } from './de/decisions.ts'
import { decisions as en } from './en/decisions.ts'

export type AnswerText = {
  /** Names outcome and count: for a button. */
  readonly label: string
  /** What it does, in a sentence or two. */
  readonly outcome: string
}

export type DecisionText = {
  readonly title: string
  /** What happened, how much it is, and what is safe. */
  readonly what: string
  readonly keep: AnswerText
  readonly apply: AnswerText
  /** What happens to the files that are not in the list. */
  readonly others: string
  /** Once it is answered. */
  readonly done: { readonly keep: string; readonly apply: string }
}

/** The whole text for each kind: in most languages every sentence bends with the number of files. */
export type DecisionTexts = Readonly<
  Record<DecisionKind, (decision: Decision, folder: string, policy: DeletionPolicy) => DecisionText>
>

/** `folder` is what people call the folder; `policy` is what it does with files that are gone. */
export function decisionText(decision: Decision, folder: string, policy: DeletionPolicy): DecisionText {
  return inLanguage({ en, de })[decision.kind](decision, folder, policy)
}
