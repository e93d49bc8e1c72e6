import { useState } from 'react'
import { isEngineError } from '../../../shared/errors.ts'
import type { Bucket } from '../../../shared/model/account.ts'
import { engine } from '../../client/engine-client.ts'
import { Button } from '../../components/ui/Button.tsx'
import { TextField } from '../../components/ui/TextField.tsx'
import { t } from '../../i18n/texts.ts'
import { textOfError } from '../../state/actions.ts'
import { bucketNameFault, suggestBucketName, type BucketNameFault } from './bucket-name.ts'
import css from './CreateBucket.module.css'
import type { KeyInUse } from './use-setup-key.ts'

type CreateBucketProps = {
  readonly inUse: KeyInUse
  /** The buckets there are already. */
  readonly known: readonly Bucket[]
  readonly onCreated: (bucket: Bucket) => void
  /** Null where there is nothing else to do. */
  readonly onCancel: (() => void) | null
}

/** Makes a private, encrypted bucket. What is wrong with the name is said while it is typed. */
export function CreateBucket({ inUse, known, onCreated, onCancel }: CreateBucketProps) {
  const words = t.setup.bucket
  const [name, setName] = useState(() => suggestBucketName(randomBelow))
  /** What B2 said about the name that stands there. */
  const [refusal, setRefusal] = useState<string | null>(null)
  const [isBusy, setIsBusy] = useState(false)

  const fault = bucketNameFault(name.trim())
  const isKnown = known.some(({ bucketName }) => bucketName.toLowerCase() === name.trim().toLowerCase())
  const mayEncrypt = inUse.account.capabilities.includes('writeBucketEncryption')

  async function create(): Promise<void> {
    if (isBusy || fault !== null || isKnown) return
    setIsBusy(true)
    setRefusal(null)
    try {
      onCreated(await engine().createBucket({ bucketName: name, key: inUse.kind }))
    } catch (failure) {
      setRefusal(isEngineError(failure, 'bucket_name_taken') ? words.nameTaken : textOfError(failure).advice)
      setIsBusy(false)
    }
  }

  return (
    <div
      className={css.create}
      onKeyDown={(event) => {
        if (event.key === 'Escape' && onCancel !== null) {
          // It closes this, and does not leave the question.
          event.preventDefault()
          onCancel()
        }
        if (event.key !== 'Enter' || !(event.target instanceof HTMLInputElement)) return
        // Enter makes the bucket; it must not answer the whole question.
        event.preventDefault()
        void create()
      }}
    >
      <TextField
        label={words.name}
        hint={fault?.kind === 'short' && name !== '' ? words.faults.short(fault.missing) : words.nameHint}
        error={refusal ?? (isKnown ? words.nameKnown : faultText(fault))}
        value={name}
        autoFocus
        onFocus={(event) => {
          event.target.select()
        }}
        onChange={(event) => {
          setName(event.target.value)
          setRefusal(null)
        }}
      />
      <p className={css.how}>{mayEncrypt ? words.howMade : words.howMadePlain}</p>
      <div className={css.buttons}>
        {onCancel === null ? null : <Button onClick={onCancel}>{t.cancel}</Button>}
        <Button isBusy={isBusy} disabled={fault !== null || isKnown} onClick={() => void create()}>
          {isBusy ? words.creating : words.createPrivate}
        </Button>
      </div>
    </div>
  )
}

/** Null for what only has to go on, and for nothing at all. */
function faultText(fault: BucketNameFault | null): string | null {
  const { faults } = t.setup.bucket
  switch (fault?.kind) {
    case 'characters':
      return faults.characters(fault.found)
    case 'reserved':
      return faults.reserved
    case 'long':
      return faults.long(fault.over)
    case 'short':
    case undefined:
      return null
  }
}

function randomBelow(upTo: number): number {
  return (crypto.getRandomValues(new Uint32Array(1))[0] ?? 0) % upTo
}
