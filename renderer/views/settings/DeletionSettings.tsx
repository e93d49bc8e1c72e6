import { useState } from 'react'
import { DeletionPolicy, type FolderView } from '../../../shared/model/folder.ts'
import { CommitField } from '../../components/ui/CommitField.tsx'
import { Select } from '../../components/ui/Select.tsx'
import { t } from '../../i18n/texts.ts'
import { delayOptions } from './delays.ts'
import { DeleteForGoodDialog } from './DeleteForGoodDialog.tsx'
import { parseWhole } from './number-text.ts'
import { Setting } from './Setting.tsx'
import { changeFolder } from './settings-actions.ts'

type PolicyKind = DeletionPolicy['kind']

const kinds = DeletionPolicy.options.map(({ shape }) => shape.kind.value)

/** Long enough to notice a mistake, short enough not to pay for it. */
const FIRST_DAYS = 30
const MOST_DAYS = 3650

type DeletionSettingsProps = { readonly folder: FolderView; readonly name: string }

/** What becomes of deleted files, after how long, and from how many on Pail asks. */
export function DeletionSettings({ folder, name }: DeletionSettingsProps) {
  const words = t.settings.folders
  const { folderId, settings } = folder
  const policy = settings.deletionPolicy
  const [isAsking, setIsAsking] = useState(false)

  function choose(kind: PolicyKind): void {
    if (kind === policy.kind) return
    if (kind === 'delete') setIsAsking(true)
    else void changeFolder(folderId, { deletionPolicy: policyOf(kind) })
  }

  return (
    <>
      <Setting
        title={words.deleted}
        hint={words.deletedHint}
        control={(labels) => (
          <Select
            {...labels}
            value={policy.kind}
            options={kinds.map((value) => ({ value, label: words.policies[value] }))}
            onChange={choose}
          />
        )}
      />
      {policy.kind === 'hide-then-remove' ? (
        <Setting
          title={words.removedAfter}
          hint={words.removedAfterHint}
          control={(labels) => (
            <CommitField
              {...labels}
              value={String(policy.days)}
              unit={words.days(policy.days)}
              wrong={words.daysWrong}
              isGood={(text) => parseWhole(text, 1, MOST_DAYS) !== null}
              onCommit={(text) =>
                changeFolder(folderId, { deletionPolicy: { kind: 'hide-then-remove', days: Number(text) } })
              }
            />
          )}
        />
      ) : null}
      <Setting
        title={words.delay}
        hint={words.delayHint}
        control={(labels) => (
          <Select
            {...labels}
            value={String(settings.deleteDelaySeconds)}
            options={delayOptions(settings.deleteDelaySeconds)}
            onChange={(value) => void changeFolder(folderId, { deleteDelaySeconds: Number(value) })}
          />
        )}
      />
      <GateSetting folder={folder} />
      {isAsking ? (
        <DeleteForGoodDialog
          folder={folder}
          name={name}
          onClose={() => {
            setIsAsking(false)
          }}
        />
      ) : null}
    </>
  )
}

function GateSetting({ folder }: { readonly folder: FolderView }) {
  const words = t.settings.folders
  const { folderId, settings } = folder
  return (
    <Setting
      title={words.gate}
      hint={words.gateHint}
      control={(labels) => (
        <>
          <CommitField
            {...labels}
            value={String(settings.gateFiles)}
            unit={words.gateFiles}
            wrong={words.gateFilesWrong}
            isGood={(text) => parseWhole(text, 1, 1_000_000) !== null}
            onCommit={(text) => changeFolder(folderId, { gateFiles: Number(text) })}
          />
          <CommitField
            {...labels}
            value={String(settings.gatePercent)}
            unit={words.gatePercent}
            wrong={words.gatePercentWrong}
            isGood={(text) => parseWhole(text, 1, 100) !== null}
            onCommit={(text) => changeFolder(folderId, { gatePercent: Number(text) })}
          />
        </>
      )}
    />
  )
}

function policyOf(kind: Exclude<PolicyKind, 'delete'>): DeletionPolicy {
  return kind === 'hide-then-remove' ? { kind, days: FIRST_DAYS } : { kind }
}
