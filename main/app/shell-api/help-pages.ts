/** The only web pages the shell opens: fixed addresses of Backblaze's documentation. */
import type { HelpTopic } from '../../../shared/contract/shell-api.ts'

export const helpPages: Readonly<Record<HelpTopic, string>> = {
  'create-key': 'https://www.backblaze.com/docs/cloud-storage-create-and-manage-app-keys',
  caps: 'https://www.backblaze.com/docs/cloud-storage-data-caps-and-alerts',
  source: 'https://www.backblaze.com/docs/cloud-storage',
}
