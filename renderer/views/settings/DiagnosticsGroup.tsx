import { useEffect, useState } from 'react'
import type { ShellInfo } from '../../../shared/contract/shell-api.ts'
import type { EngineSnapshot } from '../../../shared/model/snapshot.ts'
import { engine } from '../../client/engine-client.ts'
import { shell } from '../../client/shell-client.ts'
import { PathLabel } from '../../components/data/PathLabel.tsx'
import { Button } from '../../components/ui/Button.tsx'
import { t } from '../../i18n/texts.ts'
import { attempt } from '../../state/actions.ts'
import { useSettingsStore } from '../../state/settings-store.ts'
import { showToast } from '../../state/ui-store.ts'
import { diagnosticsText } from './diagnostics.ts'
import css from './DiagnosticsGroup.module.css'
import { Group, Setting } from './Setting.tsx'

/** What this program is, where it keeps what, and a text for a report. */
export function DiagnosticsGroup({ snapshot }: { readonly snapshot: EngineSnapshot }) {
  const words = t.settings.diagnostics
  const info = useInfo()

  async function copy(): Promise<void> {
    if (info === null) return
    await attempt(async () => {
      const bandwidth = await engine()
        .getBandwidth(undefined)
        .catch(() => null)
      const text = diagnosticsText({ info, shell: useSettingsStore.getState(), snapshot, bandwidth, now: Date.now() })
      await shell.copyText({ text })
      showToast(words.copied)
    })
  }

  return (
    <Group title={words.title}>
      <Setting
        title={words.version}
        control={() => (
          <span className={css.value}>
            {info === null ? '' : `Pail ${info.version}, Electron ${info.electronVersion}`}
          </span>
        )}
      />
      <Setting title={words.data} hint={words.dataHint} control={() => <Path path={info?.dataFolder ?? ''} />} />
      <Setting
        title={words.logs}
        hint={info === null ? '' : <PathLabel text={info.logFolder} />}
        control={(labels) => (
          <Button
            aria-describedby={labels['aria-labelledby']}
            onClick={() => void attempt(() => shell.openLogs(undefined))}
          >
            {words.openLogs}
          </Button>
        )}
      />
      <Setting
        title={words.report}
        hint={words.reportHint}
        control={(labels) => (
          <Button aria-describedby={labels['aria-describedby']} disabled={info === null} onClick={() => void copy()}>
            {words.copy}
          </Button>
        )}
      />
    </Group>
  )
}

function Path({ path }: { readonly path: string }) {
  return (
    <span className={css.path}>
      <PathLabel text={path} />
    </span>
  )
}

/** Null until the shell has answered. */
function useInfo(): ShellInfo | null {
  const [info, setInfo] = useState<ShellInfo | null>(null)
  useEffect(() => {
    shell.getInfo(undefined).then(setInfo, () => undefined)
  }, [])
  return info
}
