/** The set-up in at most three questions: key, bucket, folder. One a screen, back and forth, nothing sent before the end. */
import { useState } from 'react'
import type { Bucket } from '../../../shared/model/account.ts'
import type { EngineSnapshot } from '../../../shared/model/snapshot.ts'
import { endSetup, startSetup, type SetupMode } from '../../state/ui-store.ts'
import { BucketStep } from './BucketStep.tsx'
import { FolderStep, type FolderDraft } from './FolderStep.tsx'
import { KeyStep } from './KeyStep.tsx'

type Step = 'key' | 'bucket' | 'folder'

const stepsOf: Readonly<Record<SetupMode, readonly Step[]>> = {
  'first-run': ['key', 'bucket', 'folder'],
  'add-folder': ['bucket', 'folder'],
  reconnect: ['key'],
}

export function SetupFlow({ mode, snapshot }: { readonly mode: SetupMode; readonly snapshot: EngineSnapshot }) {
  const steps = stepsOf[mode]
  const [step, setStep] = useState<Step>(() => firstStep(mode, snapshot))
  // Kept here so that going back and forth loses nothing.
  const [bucket, setBucket] = useState<Bucket | null>(null)
  const [draft, setDraft] = useState<FolderDraft | null>(null)

  const place = { number: steps.indexOf(step) + 1, of: steps.length }
  const isConnected = snapshot.account.kind === 'connected'
  const keyPrefix = snapshot.account.kind === 'connected' ? snapshot.account.account.namePrefix : ''

  if (step === 'key') {
    return (
      <KeyStep
        place={place}
        isReconnect={mode === 'reconnect' && snapshot.account.kind !== 'none'}
        onCancel={mode === 'reconnect' ? endSetup : null}
        onKeep={
          mode === 'first-run' && isConnected
            ? () => {
                setStep('bucket')
              }
            : null
        }
        onConnected={() => {
          if (mode === 'reconnect') endSetup()
          else setStep('bucket')
        }}
      />
    )
  }
  if (step === 'bucket' || bucket === null) {
    return (
      <BucketStep
        place={place}
        chosen={bucket}
        onChoose={setBucket}
        onBack={
          mode === 'first-run'
            ? () => {
                setStep('key')
              }
            : null
        }
        onCancel={isConnected ? endSetup : null}
        isFirstRun={mode === 'first-run'}
        onOtherKey={() => {
          if (mode === 'first-run') setStep('key')
          else startSetup('reconnect')
        }}
        onContinue={() => {
          setStep('folder')
        }}
      />
    )
  }
  return (
    <FolderStep
      place={place}
      bucket={bucket}
      keyPrefix={keyPrefix}
      draft={draft}
      onDraft={setDraft}
      onBack={() => {
        setStep('bucket')
      }}
      onDone={endSetup}
    />
  )
}

function firstStep(mode: SetupMode, snapshot: EngineSnapshot): Step {
  if (mode === 'reconnect') return 'key'
  return mode === 'add-folder' || snapshot.account.kind === 'connected' ? 'bucket' : 'key'
}
