import { useRef, useState } from 'react'
import type { FolderView } from '../../../shared/model/folder.ts'
import type { ProblemText } from '../../../shared/text/problem-text.ts'
import { Button } from '../../components/ui/Button.tsx'
import { Notice } from '../../components/ui/Notice.tsx'
import { t } from '../../i18n/texts.ts'
import { textOfError } from '../../state/actions.ts'
import type { Amount } from './amount-text.ts'
import { keyAbilities, reaches } from './key-abilities.ts'
import { KeyFields } from './KeyFields.tsx'
import { keyProblem } from './key-problem.ts'
import { KeySummary } from './KeySummary.tsx'
import { StepFrame } from './StepFrame.tsx'
import type { Way } from './StepNav.tsx'
import type { KeyInUse, SetupKey } from './use-setup-key.ts'

type KeyStepProps = {
  readonly way: Way
  readonly setupKey: SetupKey
  readonly amount: Amount | null
  /** The folders that are synced already: a key that does not reach them is told so. */
  readonly folders: readonly FolderView[]
  /** Only the key is asked for. */
  readonly isReconnect: boolean
  /** Null when there is nothing to go back to. */
  readonly onCancel: (() => void) | null
  /** A key was taken. Throws what must be said here. */
  readonly onTaken: (key: KeyInUse) => Promise<void>
  /** Goes on with the key that is in use already. */
  readonly onContinue: () => void
}

/** The first question: the key. B2 is asked what it may do, and that is shown before anything is kept of it. */
export function KeyStep(props: KeyStepProps) {
  const { way, setupKey, amount, folders, isReconnect, onCancel, onTaken, onContinue } = props
  const words = t.setup.key
  const { typed, checked, inUse } = setupKey
  const [isBusy, setIsBusy] = useState(false)
  const [problem, setProblem] = useState<ProblemText | null>(null)
  const keyField = useRef<HTMLInputElement>(null)

  const shown = checked ?? (setupKey.isEntering ? null : (inUse?.account ?? null))
  const kind = shown === null ? null : keyAbilities(shown).kind
  const isUnusable = kind === 'unusable'
  const lost = shown === null || kind === 'master' ? [] : folders.filter((folder) => !reaches(shown, folder))
  const canCheck = typed.keyId.trim() !== '' && typed.key.trim() !== ''

  async function run(work: () => Promise<void>): Promise<void> {
    if (isBusy) return
    setIsBusy(true)
    setProblem(null)
    try {
      await work()
    } catch (error) {
      setProblem(keyProblem(error) ?? textOfError(error))
      keyField.current?.focus()
    } finally {
      setIsBusy(false)
    }
  }

  function askAgain(): void {
    setProblem(null)
    setupKey.askAgain()
  }

  function submit(): void {
    if (shown === null) {
      if (canCheck) void run(() => setupKey.check())
    } else if (isUnusable) {
      askAgain()
    } else if (checked === null) {
      onContinue()
    } else {
      void run(async () => onTaken(await setupKey.take()))
    }
  }

  return (
    <StepFrame
      way={way}
      title={isReconnect ? words.reconnectTitle : words.title}
      intro={shown === null ? words.intro : words.checkedIntro}
      amount={amount}
      points={kind === null ? words.points : words.pointsOf[kind]}
      onSubmit={submit}
      onBack={onCancel}
      leftButtons={
        <>
          {onCancel === null ? null : (
            <Button size="large" onClick={onCancel}>
              {t.cancel}
            </Button>
          )}
          {shown === null && inUse !== null && !isReconnect ? (
            <Button
              size="large"
              onClick={() => {
                setProblem(null)
                setupKey.keep()
              }}
            >
              {words.keep}
            </Button>
          ) : null}
          {shown === null || isUnusable ? null : (
            <Button size="large" onClick={askAgain}>
              {words.otherKey}
            </Button>
          )}
        </>
      }
      rightButtons={
        shown === null ? (
          <Button key="check" variant="primary" size="large" type="submit" isBusy={isBusy} disabled={!canCheck}>
            {isBusy ? words.connecting : words.connect}
          </Button>
        ) : (
          <Button key="go on" variant="primary" size="large" type="submit" isBusy={isBusy} autoFocus>
            {isUnusable ? words.otherKey : t.continue}
          </Button>
        )
      }
    >
      {shown === null ? (
        <KeyFields
          typed={typed}
          keyField={keyField}
          onType={(change) => {
            setupKey.type(change)
          }}
        />
      ) : (
        <KeySummary account={shown} />
      )}
      {problem === null ? null : (
        <Notice tone="danger" role="alert" title={problem.title}>
          {problem.advice}
        </Notice>
      )}
      {lost.length === 0 ? null : (
        <Notice tone="wait" role="alert" title={words.lostTitle}>
          {words.lost(lost.map(({ bucketName, prefix }) => `${bucketName}/${prefix}`))}
        </Notice>
      )}
    </StepFrame>
  )
}
