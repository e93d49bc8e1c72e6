import { X } from 'lucide-react'
import { Toast } from 'radix-ui'
import type { ReactNode } from 'react'
import { t } from '../../i18n/texts.ts'
import { hideToast, useUiStore } from '../../state/ui-store.ts'
import { cx } from './cx.ts'
import { IconButton } from './IconButton.tsx'
import css from './ToastHost.module.css'

/** Long enough to read two sentences; a failure stays longer. */
const PLAIN_MS = 6000
const DANGER_MS = 12_000

/** Shows the one message of `ui-store` at the lower edge. */
export function ToastHost({ children }: { readonly children: ReactNode }) {
  const toast = useUiStore((state) => state.toast)
  return (
    <Toast.Provider label={t.toast.region} swipeDirection="down">
      {children}
      {toast === null ? null : (
        <Toast.Root
          key={toast.id}
          className={cx(css.toast, css[toast.tone])}
          duration={toast.tone === 'danger' ? DANGER_MS : PLAIN_MS}
          onOpenChange={(isOpen) => {
            if (!isOpen) hideToast()
          }}
        >
          <Toast.Description className={css.text}>{toast.text}</Toast.Description>
          <Toast.Close asChild>
            <IconButton label={t.close} icon={<X size={14} />} />
          </Toast.Close>
        </Toast.Root>
      )}
      <Toast.Viewport className={css.viewport} label={t.toast.region} />
    </Toast.Provider>
  )
}
