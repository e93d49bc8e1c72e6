import { useState } from 'react'
import type { FolderView } from '../../../shared/model/folder.ts'
import { DisconnectDialog } from '../../components/dialogs/DisconnectDialog.tsx'
import { Button } from '../../components/ui/Button.tsx'
import { baseName } from '../../../shared/format/path.ts'
import { t } from '../../i18n/texts.ts'
import { openDialog } from '../../state/ui-store.ts'
import { Group, Setting } from './Setting.tsx'

type EndingGroupProps = { readonly folders: readonly FolderView[]; readonly isConnected: boolean }

/** What ends something, each with what it ends, in numbers. */
export function EndingGroup({ folders, isConnected }: EndingGroupProps) {
  const words = t.settings.ending
  const [isAsking, setIsAsking] = useState(false)
  const files = folders.reduce((sum, { syncedFiles }) => sum + syncedFiles, 0)
  return (
    <Group title={words.title}>
      {folders.map(({ folderId, root, bucketName, prefix, syncedFiles }) => (
        <Setting
          key={folderId}
          title={words.stop(baseName(root))}
          hint={words.stopHint(syncedFiles, `${bucketName}/${prefix}`)}
          control={(labels) => (
            <Button
              aria-describedby={labels['aria-labelledby']}
              onClick={() => {
                openDialog({ kind: 'stop', folderId })
              }}
            >
              {words.stopButton}
            </Button>
          )}
        />
      ))}
      {isConnected ? (
        <Setting
          title={words.disconnect}
          hint={words.disconnectHint(folders.length, files)}
          control={(labels) => (
            <Button
              aria-describedby={labels['aria-describedby']}
              onClick={() => {
                setIsAsking(true)
              }}
            >
              {words.disconnectButton}
            </Button>
          )}
        />
      ) : null}
      {isAsking ? (
        <DisconnectDialog
          onClose={() => {
            setIsAsking(false)
          }}
        />
      ) : null}
    </Group>
  )
}
