/** Shows news with the desktop's own notifications. A desktop without them shows nothing; the tray says the same. */
import { Notification } from 'electron'
import type { News } from './news.ts'

/** What is on the screen: a notification nobody holds is collected, and its click with it. */
const shown = new Set<Notification>()

export function showNotification({ title, body }: News, onClick: () => void): void {
  if (!Notification.isSupported()) return
  const notification = new Notification({ title, body })
  const forget = (): void => {
    shown.delete(notification)
  }
  notification.on('click', () => {
    forget()
    onClick()
  })
  notification.on('close', forget)
  notification.on('failed', forget)
  shown.add(notification)
  notification.show()
}
