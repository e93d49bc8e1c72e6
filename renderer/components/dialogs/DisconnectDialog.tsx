import { t } from '../../i18n/texts.ts'
import { disconnect } from '../../state/actions.ts'
import { Button } from '../ui/Button.tsx'
import { Dialog } from '../ui/Dialog.tsx'

/** Asks before the key is forgotten; says what stays. */
export function DisconnectDialog({ onClose }: { readonly onClose: () => void }) {
  return (
    <Dialog
      title={t.account.disconnectTitle}
      onClose={onClose}
      safeButton={<Button onClick={onClose}>{t.account.stayConnected}</Button>}
      actButton={
        <Button
          variant="danger"
          onClick={() => {
            onClose()
            void disconnect()
          }}
        >
          {t.account.disconnect}
        </Button>
      }
    >
      {t.account.disconnectText}
    </Dialog>
  )
}
