import './no-eval.ts'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { App } from './App.tsx'
import { receiveRequestedFiles, receiveRequestedLinks, receiveRequestedView } from './client/shell-client.ts'
import { startEngineStore } from './state/engine-store.ts'
import { goOnWithLinks } from './state/links.ts'
import { startSettings } from './state/settings-store.ts'
import { goToView, showFiles } from './state/ui-store.ts'

startEngineStore()
receiveRequestedView(goToView)
receiveRequestedLinks((question) => {
  void goOnWithLinks(question)
})
receiveRequestedFiles(showFiles)
// Nothing is drawn in one language and then in another.
await startSettings()

const root = document.getElementById('root')
if (root === null) throw new Error('index.html has no #root')
createRoot(root).render(
  <StrictMode>
    <App />
  </StrictMode>,
)
