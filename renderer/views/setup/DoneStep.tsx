import type { AccountSummary } from '../../../shared/model/account.ts'
import { Button } from '../../components/ui/Button.tsx'
import { Notice } from '../../components/ui/Notice.tsx'
import { t } from '../../i18n/texts.ts'
import type { Amount } from './amount-text.ts'
import { KeySummary } from './KeySummary.tsx'
import { StepFrame } from './StepFrame.tsx'

type DoneStepProps = {
  /** The key that Pail has made for itself. */
  readonly account: AccountSummary
  readonly amount: Amount | null
  readonly onDone: () => void
}

/** What was done with the master key, said plainly, once it is done. */
export function DoneStep({ account, amount, onDone }: DoneStepProps) {
  const words = t.setup.done
  return (
    <StepFrame
      way={{ steps: [], current: 'key', answered: 0, onGo: onDone }}
      title={words.title}
      intro={words.intro}
      amount={amount}
      points={words.points}
      onSubmit={onDone}
      onBack={null}
      leftButtons={null}
      rightButtons={
        <Button variant="primary" size="large" type="submit" autoFocus>
          {words.showFolders}
        </Button>
      }
    >
      <Notice tone="info" title={words.forgottenTitle}>
        {words.forgotten}
      </Notice>
      <KeySummary account={account} />
    </StepFrame>
  )
}
