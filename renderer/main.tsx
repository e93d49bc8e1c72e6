import './no-eval.ts'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { App } from './App.tsx'
import { receiveRequestedLinks, receiveRequestedView } from './client/shell-client.ts'
import { startEngineStore } from './state/engine-store.ts'
import { copyLinks } from './state/links.ts'
import { startSettings } from './state/settings-store.ts'
import { goToView } from './state/ui-store.ts'

startEngineStore()
receiveRequestedView(goToView)
receiveRequestedLinks(({ targets, copiedTo }) => {
  void copyLinks(targets, copiedTo)
})
// Nothing is drawn in one language and then in another.
await startSettings()

const root = document.getElementById('root')
if (root === null) throw new Error('index.html has no #root')
createRoot(root).render(
  <StrictMode>
    <App />
  </StrictMode>,
)
