import { Eye, EyeOff } from 'lucide-react'
import { useRef, useState, type ClipboardEvent } from 'react'
import type { ProblemText } from '../../../shared/text/problem-text.ts'
import { engine } from '../../client/engine-client.ts'
import { shell } from '../../client/shell-client.ts'
import { Button } from '../../components/ui/Button.tsx'
import { IconButton } from '../../components/ui/IconButton.tsx'
import { Notice } from '../../components/ui/Notice.tsx'
import { TextField } from '../../components/ui/TextField.tsx'
import { t } from '../../i18n/texts.ts'
import { attempt, textOfError } from '../../state/actions.ts'
import { refreshSnapshot } from '../../state/engine-store.ts'
import css from './KeyStep.module.css'
import { parsePastedKey } from './parse-pasted-key.ts'
import { StepFrame, type StepPlace } from './StepFrame.tsx'

type KeyStepProps = {
  readonly place: StepPlace
  readonly isReconnect: boolean
  /** Null when there is nothing to go back to. */
  readonly onCancel: (() => void) | null
  /** Goes on with the key that is connected already; null when there is none. */
  readonly onKeep: (() => void) | null
  readonly onConnected: () => void
}

/** The first question: the key. It is checked with B2 as soon as it is given. */
export function KeyStep({ place, isReconnect, onCancel, onKeep, onConnected }: KeyStepProps) {
  const words = t.setup.key
  const [keyId, setKeyId] = useState('')
  const [key, setKey] = useState('')
  const [isShown, setIsShown] = useState(false)
  const [isBusy, setIsBusy] = useState(false)
  const [problem, setProblem] = useState<ProblemText | null>(null)
  const [lacking, setLacking] = useState<readonly string[]>([])
  const keyField = useRef<HTMLInputElement>(null)

  async function connect(): Promise<void> {
    if (isBusy || keyId.trim() === '' || key.trim() === '') return
    setIsBusy(true)
    setProblem(null)
    try {
      const account = await engine().connectAccount({ applicationKeyId: keyId, applicationKey: key })
      await refreshSnapshot()
      if (account.missingCapabilities.length === 0) onConnected()
      else setLacking(account.missingCapabilities)
    } catch (error) {
      setProblem(textOfError(error))
      keyField.current?.focus()
    } finally {
      setIsBusy(false)
    }
  }

  function askAgain(): void {
    setLacking([])
    setKey('')
    keyField.current?.focus()
  }

  function paste(event: ClipboardEvent): void {
    const both = parsePastedKey(event.clipboardData.getData('text'))
    if (both === null) return
    event.preventDefault()
    setKeyId(both.applicationKeyId)
    setKey(both.applicationKey)
    keyField.current?.focus()
  }

  const isLacking = lacking.length > 0
  return (
    <StepFrame
      place={place}
      title={isReconnect ? words.reconnectTitle : words.title}
      intro={words.intro}
      points={words.points}
      aside={<CapabilityList lacking={lacking} />}
      onSubmit={() => {
        if (isLacking) askAgain()
        else void connect()
      }}
      leftButtons={
        <>
          {onCancel === null ? null : (
            <Button size="large" onClick={onCancel}>
              {t.cancel}
            </Button>
          )}
          {onKeep === null || isLacking ? null : (
            <Button size="large" onClick={onKeep}>
              {words.keep}
            </Button>
          )}
        </>
      }
      rightButtons={
        isLacking ? (
          <>
            <Button key="continue" size="large" onClick={onConnected}>
              {words.continueAnyway}
            </Button>
            <Button key="other" variant="primary" size="large" type="submit" autoFocus>
              {words.otherKey}
            </Button>
          </>
        ) : (
          <Button
            key="connect"
            variant="primary"
            size="large"
            type="submit"
            isBusy={isBusy}
            disabled={keyId.trim() === '' || key.trim() === ''}
          >
            {isBusy ? words.connecting : words.connect}
          </Button>
        )
      }
    >
      <TextField
        label={words.keyId}
        value={keyId}
        autoFocus
        readOnly={isLacking}
        onPaste={paste}
        onChange={(event) => {
          setKeyId(event.target.value)
        }}
      />
      <TextField
        ref={keyField}
        label={words.applicationKey}
        type={isShown ? 'text' : 'password'}
        value={key}
        readOnly={isLacking}
        onPaste={paste}
        onChange={(event) => {
          setKey(event.target.value)
        }}
        trailing={
          <IconButton
            label={isShown ? words.hide : words.show}
            aria-pressed={isShown}
            icon={isShown ? <EyeOff size={16} /> : <Eye size={16} />}
            onClick={() => {
              setIsShown(!isShown)
            }}
          />
        }
      />
      <div className={css.help}>
        <Button variant="quiet" onClick={() => void attempt(() => shell.openHelp({ topic: 'create-key' }))}>
          {words.whereToFind}
        </Button>
      </div>
      {problem === null ? null : (
        <Notice tone="danger" role="alert" title={problem.title}>
          {problem.advice}
        </Notice>
      )}
      {isLacking ? (
        <Notice tone="wait" role="alert" title={words.lacksTitle}>
          {words.lacks(lacking)}
        </Notice>
      ) : null}
    </StepFrame>
  )
}

function CapabilityList({ lacking }: { readonly lacking: readonly string[] }) {
  return (
    <div className={css.needs}>
      <h2 className={css.needsTitle}>{t.setup.key.needs}</h2>
      <dl className={css.capabilities}>
        {Object.entries(t.capabilityUses).map(([capability, use]) => (
          <div key={capability} data-lacking={lacking.includes(capability) ? '' : undefined}>
            <dt>{capability}</dt>
            <dd>{use}</dd>
          </div>
        ))}
      </dl>
    </div>
  )
}
