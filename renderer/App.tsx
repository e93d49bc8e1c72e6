import css from './App.module.css'
import { DialogHost } from './components/dialogs/DialogHost.tsx'
import { DropZone } from './components/drops/DropZone.tsx'
import { EngineBanner } from './components/layout/EngineBanner.tsx'
import { Header } from './components/layout/Header.tsx'
import { Mark } from './components/layout/Mark.tsx'
import { Rail, type RailCounts } from './components/layout/Rail.tsx'
import { ToastHost } from './components/ui/ToastHost.tsx'
import { TooltipProvider } from './components/ui/Tooltip.tsx'
import { t } from './i18n/texts.ts'
import { chooseSetup } from './state/choose-screen.ts'
import { useEngineStore } from './state/engine-store.ts'
import { useSettingsStore } from './state/settings-store.ts'
import { useUiStore, type ViewName } from './state/ui-store.ts'
import type { EngineSnapshot } from '../shared/model/snapshot.ts'
import { ActivityView } from './views/activity/ActivityView.tsx'
import { LinksView } from './views/links/LinksView.tsx'
import { OverviewView } from './views/overview/OverviewView.tsx'
import { ProblemsView } from './views/problems/ProblemsView.tsx'
import { SettingsView } from './views/settings/SettingsView.tsx'
import { SetupFlow } from './views/setup/SetupFlow.tsx'
import { TransfersView } from './views/transfers/TransfersView.tsx'

/** In another language all of it is drawn anew where it stands: no component holds on to what it has drawn before. */
export function App() {
  useSettingsStore((state) => state.language)
  return (
    <TooltipProvider>
      <ToastHost>
        <Screen />
      </ToastHost>
    </TooltipProvider>
  )
}

function Screen() {
  const snapshot = useEngineStore((state) => state.snapshot)
  const requested = useUiStore((state) => state.setup)
  const firstRunOver = useUiStore((state) => state.firstRunOver)
  if (snapshot === null) return <Starting />
  const setup = chooseSetup(snapshot, requested, firstRunOver)
  return (
    <div className={css.screen}>
      <EngineBanner />
      {setup === null ? <Frame snapshot={snapshot} /> : <SetupFlow key={setup} mode={setup} snapshot={snapshot} />}
    </div>
  )
}

function Frame({ snapshot }: { readonly snapshot: EngineSnapshot }) {
  const view = useUiStore((state) => state.view)
  const isStale = useEngineStore((state) => state.engineState.kind !== 'running')
  return (
    <>
      <Header status={snapshot.status} />
      <div className={css.frame} data-stale={isStale ? '' : undefined}>
        <Rail counts={railCounts(snapshot)} />
        <CurrentView view={view} snapshot={snapshot} />
      </div>
      <DialogHost />
      {snapshot.account.kind === 'none' ? null : <DropZone />}
    </>
  )
}

function CurrentView({ view, snapshot }: { readonly view: ViewName; readonly snapshot: EngineSnapshot }) {
  switch (view) {
    case 'overview':
      return <OverviewView snapshot={snapshot} />
    case 'transfers':
      return <TransfersView snapshot={snapshot} />
    case 'activity':
      return <ActivityView snapshot={snapshot} />
    case 'links':
      return <LinksView snapshot={snapshot} />
    case 'problems':
      return <ProblemsView snapshot={snapshot} />
    case 'settings':
      return <SettingsView snapshot={snapshot} />
  }
}

/** What is to be looked at: problems, and links that end soon or open more than was shared. */
function railCounts({ problemCount, problems, links }: EngineSnapshot): RailCounts {
  const openMore = problems.filter(({ code }) => code === 'link_opens_more').length
  return { problems: problemCount, links: links.expiresSoon + openMore }
}

// Seen only when the engine needs longer than 300 ms for its first answer.
function Starting() {
  const hasFailed = useEngineStore((state) => state.engineState.kind === 'failed')
  return (
    <div className={css.starting}>
      <EngineBanner />
      <div className={css.startingMark}>
        <Mark size={48} />
        <p>{hasFailed ? t.engine.notRunning : t.starting}</p>
      </div>
    </div>
  )
}
