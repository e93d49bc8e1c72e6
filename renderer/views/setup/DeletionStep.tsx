import { useId, useState } from 'react'
import { isEngineError } from '../../../shared/errors.ts'
import type { AccountSummary } from '../../../shared/model/account.ts'
import type { DeletionPolicy } from '../../../shared/model/folder.ts'
import { remedies } from '../../components/data/remedies.ts'
import { Button } from '../../components/ui/Button.tsx'
import { Notice } from '../../components/ui/Notice.tsx'
import { Radio } from '../../components/ui/Radio.tsx'
import { TextField } from '../../components/ui/TextField.tsx'
import { t } from '../../i18n/texts.ts'
import { textOfError } from '../../state/actions.ts'
import type { Amount } from './amount-text.ts'
import {
  asPolicy,
  DELETION_KINDS,
  lackingFor,
  MAX_DAYS,
  type DeletionDraft,
  type DeletionKind,
} from './deletion-draft.ts'
import css from './DeletionStep.module.css'
import { StepFrame } from './StepFrame.tsx'
import type { Way } from './StepNav.tsx'

type DeletionStepProps = {
  readonly way: Way
  readonly bucketName: string
  /** The places whose files it is about. */
  readonly places: readonly string[]
  /** The key that will be used; null where Pail makes one that may do what is chosen. */
  readonly account: AccountSummary | null
  readonly draft: DeletionDraft
  readonly onDraft: (draft: DeletionDraft) => void
  readonly amount: Amount | null
  /** What is said besides of what will happen. */
  readonly points: readonly string[]
  readonly onBack: () => void
  /** The key turned out to be none that can do it, or is gone. */
  readonly onOtherKey: () => void
  /** Ends the set-up with this. Throws what must be said here. */
  readonly onStart: (policy: DeletionPolicy, confirmation: string) => Promise<void>
}

/** The last question: what becomes of files in B2 that are deleted here. */
export function DeletionStep(props: DeletionStepProps) {
  const { way, bucketName, places, account, draft, onDraft, amount, points, onBack, onOtherKey, onStart } = props
  const words = t.setup.deletions
  const [isBusy, setIsBusy] = useState(false)
  const [failure, setFailure] = useState<unknown>(null)

  const policy = asPolicy(draft)
  const isConfirmed = draft.kind !== 'delete' || draft.confirmation === bucketName
  const lacking = account === null ? [] : lackingFor(draft.kind, account)
  const canStart = policy !== null && isConfirmed && lacking.length === 0

  async function start(): Promise<void> {
    if (policy === null || !canStart || isBusy) return
    setIsBusy(true)
    setFailure(null)
    try {
      await onStart(policy, draft.confirmation)
    } catch (error) {
      setFailure(error)
      setIsBusy(false)
    }
  }

  return (
    <StepFrame
      way={way}
      title={words.title}
      intro={words.intro}
      amount={amount}
      points={[...words.pointsOf(draft.kind, draft.days), ...points]}
      onSubmit={() => void start()}
      onBack={onBack}
      leftButtons={
        <Button size="large" onClick={onBack}>
          {t.back}
        </Button>
      }
      rightButtons={
        <Button variant="primary" size="large" type="submit" isBusy={isBusy} disabled={!canStart}>
          {isBusy ? words.starting : words.start}
        </Button>
      }
    >
      <Choices
        draft={draft}
        account={account}
        onDraft={onDraft}
        places={places.map((place) => `${bucketName}/${place}`)}
      />
      {draft.kind === 'hide-then-remove' && places.includes('') ? (
        <Notice tone="wait" title={words.wholeBucketTitle}>
          {words.wholeBucket(bucketName)}
        </Notice>
      ) : null}
      {draft.kind === 'delete' ? (
        <TextField
          label={words.confirm(bucketName)}
          hint={words.confirmHint}
          value={draft.confirmation}
          onChange={(event) => {
            onDraft({ ...draft, confirmation: event.target.value })
          }}
        />
      ) : null}
      {failure === null ? null : (
        <Failure
          error={failure}
          onOtherKey={onOtherKey}
          onHide={() => {
            setFailure(null)
            onDraft({ ...draft, kind: 'hide' })
          }}
        />
      )}
    </StepFrame>
  )
}

type FailureProps = {
  readonly error: unknown
  readonly onOtherKey: () => void
  readonly onHide: () => void
}

/** Why it could not be begun, and what can be done about that. */
function Failure({ error, onOtherKey, onHide }: FailureProps) {
  const { title, advice } = textOfError(error)
  return (
    <Notice tone="danger" role="alert" title={title} action={remedyFor(error)}>
      {advice}
    </Notice>
  )

  function remedyFor(failure: unknown) {
    if (isEngineError(failure, 'lifecycle_rule_conflict')) {
      return <Button onClick={onHide}>{t.setup.deletions.hideInstead}</Button>
    }
    const needsKey = isEngineError(failure) && remedies[failure.code] === 'reconnect'
    return needsKey ? <Button onClick={onOtherKey}>{t.setup.key.otherKey}</Button> : null
  }
}

type ChoicesProps = Pick<DeletionStepProps, 'draft' | 'account' | 'onDraft' | 'places'>

function Choices({ draft, account, onDraft, places }: ChoicesProps) {
  const words = t.setup.deletions
  const name = useId()
  return (
    <div className={css.choices} role="radiogroup" aria-label={words.title}>
      {DELETION_KINDS.map((kind) => {
        const lacking = account === null ? [] : lackingFor(kind, account)
        const noteId = `${name}-${kind}`
        return (
          <div key={kind} className={css.choice} data-disabled={lacking.length > 0 ? '' : undefined}>
            <label className={css.label}>
              <Radio
                name={name}
                value={kind}
                checked={draft.kind === kind}
                disabled={lacking.length > 0}
                autoFocus={draft.kind === kind}
                aria-describedby={noteId}
                onChoose={() => {
                  onDraft({ ...draft, kind })
                }}
              />
              <span className={css.name}>{words.names[kind]}</span>
            </label>
            <p id={noteId} className={css.note}>
              {lacking.length > 0 ? words.lacks(lacking) : words.notes[kind](places)}
            </p>
            {kind === 'hide-then-remove' && draft.kind === kind ? <Days draft={draft} onDraft={onDraft} /> : null}
          </div>
        )
      })}
    </div>
  )
}

type DaysProps = { readonly draft: DeletionDraft; readonly onDraft: (draft: DeletionDraft) => void }

function Days({ draft, onDraft }: DaysProps) {
  const words = t.setup.deletions
  const isWrong = asPolicy({ ...draft, kind: 'hide-then-remove' satisfies DeletionKind }) === null
  return (
    <div className={css.days}>
      <TextField
        label={words.days}
        error={isWrong ? words.daysWrong(MAX_DAYS) : null}
        inputMode="numeric"
        value={draft.days}
        maxLength={4}
        onChange={(event) => {
          onDraft({ ...draft, days: event.target.value })
        }}
      />
    </div>
  )
}
