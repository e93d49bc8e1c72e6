/**
 * The set-up in four questions: key, bucket, folders, and what becomes of deleted files. One a screen, back and forth with
 * everything kept, and nothing sent before the end.
 */
import { useEffect, useState } from 'react'
import type { DeletionPolicy } from '../../../shared/model/folder.ts'
import type { EngineSnapshot } from '../../../shared/model/snapshot.ts'
import { t } from '../../i18n/texts.ts'
import { endSetup, startSetup, type SetupMode } from '../../state/ui-store.ts'
import { BucketStep } from './BucketStep.tsx'
import { DeletionStep } from './DeletionStep.tsx'
import { DoneStep } from './DoneStep.tsx'
import { FoldersStep } from './FoldersStep.tsx'
import { KeyStep } from './KeyStep.tsx'
import { STEPS, type Step, type Way } from './StepNav.tsx'
import { useSetup } from './use-setup.ts'
import type { KeyInUse } from './use-setup-key.ts'

type SetupFlowProps = { readonly mode: SetupMode; readonly snapshot: EngineSnapshot }

export function SetupFlow({ mode, snapshot }: SetupFlowProps) {
  // Without a folder there is nothing to connect again for: the other questions follow.
  const [isReconnect] = useState(mode === 'reconnect' && snapshot.folders.length > 0)
  const [step, setStep] = useState<Step | 'done'>(() => firstStep(mode, snapshot))
  const setup = useSetup(snapshot, mode === 'reconnect')
  const { setupKey, bucket, folders, amount } = setup
  const { inUse } = setupKey

  // A key or a first folder would end what began by itself; it ends when a person has done with it.
  useEffect(() => {
    startSetup(mode)
  }, [mode])

  async function finish(kind: KeyInUse['kind'], policy: DeletionPolicy, confirmation: string): Promise<void> {
    await setup.finish(kind, policy, confirmation)
    if (kind === 'master') setStep('done')
    else endSetup()
  }

  async function keyTaken(taken: KeyInUse): Promise<void> {
    setup.keyTaken(taken)
    if (!isReconnect) setStep('bucket')
    else if (taken.kind === 'master') await finish('master', { kind: 'hide' }, '')
    else endSetup()
  }

  if (step === 'done' && inUse !== null) return <DoneStep account={inUse.account} amount={amount} onDone={endSetup} />
  const current = step === 'done' ? 'key' : step
  const way: Way = { steps: isReconnect ? ['key'] : STEPS, current, answered: setup.answered, onGo: setStep }
  const goTo = (next: Step) => () => {
    setStep(next)
  }
  const askForKey = (): void => {
    setupKey.askAgain()
    setStep('key')
  }
  switch (bucket === null && current !== 'key' ? 'bucket' : current) {
    case 'key':
      return (
        <KeyStep
          way={way}
          setupKey={setupKey}
          amount={amount}
          folders={snapshot.folders}
          isReconnect={isReconnect}
          onCancel={mode === 'first-run' ? null : endSetup}
          onTaken={keyTaken}
          onContinue={goTo('bucket')}
        />
      )
    case 'bucket':
      return (
        <BucketStep
          way={way}
          inUse={inUse}
          amount={amount}
          chosen={bucket}
          onChoose={setup.setBucket}
          onBack={goTo('key')}
          onLeave={leaveFrom(mode, snapshot)}
          onOtherKey={askForKey}
          onContinue={goTo('folders')}
        />
      )
    case 'folders':
      return (
        <FoldersStep
          way={way}
          bucketName={bucket?.bucketName ?? ''}
          keyPrefix={setup.keyPrefix}
          folders={folders}
          taken={setup.taken}
          faults={setup.faults}
          amount={amount}
          reach={inUse?.kind === 'master' ? setup.reach : null}
          onReach={setup.setReach}
          onBack={goTo('bucket')}
          onContinue={goTo('deletions')}
        />
      )
    case 'deletions':
      return (
        <DeletionStep
          way={way}
          bucketName={bucket?.bucketName ?? ''}
          places={setup.places}
          account={inUse?.kind === 'connected' ? inUse.account : null}
          draft={setup.deletions}
          onDraft={setup.setDeletions}
          amount={amount}
          points={setup.ownKeyPoints()}
          onOtherKey={askForKey}
          onBack={goTo('folders')}
          onStart={(policy, confirmation) => finish(inUse?.kind ?? 'connected', policy, confirmation)}
        />
      )
  }
}

function firstStep(mode: SetupMode, { account }: EngineSnapshot): Step {
  return mode === 'reconnect' || account.kind === 'none' ? 'key' : 'bucket'
}

/** How the set-up is left at the second question; null where there is nothing behind it. */
function leaveFrom(mode: SetupMode, { account }: EngineSnapshot) {
  if (mode !== 'first-run') return { label: t.cancel, run: endSetup }
  return account.kind === 'connected' ? { label: t.later, run: endSetup } : null
}
