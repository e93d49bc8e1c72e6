import './no-eval.ts'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { App } from './App.tsx'
import { startEngineStore } from './state/engine-store.ts'
import { startSettings } from './state/settings-store.ts'

startEngineStore()
// Nothing is drawn in one language and then in another.
await startSettings()

const root = document.getElementById('root')
if (root === null) throw new Error('index.html has no #root')
createRoot(root).render(
  <StrictMode>
    <App />
  </StrictMode>,
)
