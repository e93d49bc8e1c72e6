import { useEffect, useState } from 'react'
import type { FileManagerId, FileManagerState } from '../../../shared/model/right-click.ts'
import { shell } from '../../client/shell-client.ts'
import { Switch } from '../../components/ui/Switch.tsx'
import { t } from '../../i18n/texts.ts'
import { attempt } from '../../state/actions.ts'
import { Group, Setting } from './Setting.tsx'

/** Pail in the menus of the file managers that are on this computer: all at once, or each by itself. */
export function RightClickGroup() {
  const words = t.rightClick
  const [managers, setManagers] = useState<readonly FileManagerState[] | null>(null)
  useEffect(() => {
    // Without an answer there is nothing to be set.
    shell.listFileManagers(undefined).then(setManagers, () => undefined)
  }, [])

  async function set(ids: readonly FileManagerId[], isOn: boolean): Promise<void> {
    await attempt(async () => {
      setManagers(await shell.setFileManagers({ ids: [...ids], isOn }))
    })
  }

  if (managers === null) return null
  const possible = managers.filter(({ state }) => state !== 'blocked')
  const isAllOn = possible.length > 0 && possible.every(({ state }) => state === 'on')
  return (
    <Group title={words.title}>
      <Setting
        title={words.all}
        hint={managers.length === 0 ? words.none : words.allHint}
        words={words.words}
        control={(labels) => (
          <Switch
            {...labels}
            isOn={isAllOn}
            disabled={possible.length === 0}
            onChange={(isOn) =>
              void set(
                managers.map(({ id }) => id),
                isOn,
              )
            }
          />
        )}
      />
      {managers.map(({ id, state, inTheWay }) => (
        <Setting
          key={id}
          title={words.names[id]}
          hint={inTheWay === null ? words.places[id] : words.inTheWay(inTheWay)}
          words={words.words}
          control={(labels) => <Switch {...labels} isOn={state === 'on'} onChange={(isOn) => void set([id], isOn)} />}
        />
      ))}
    </Group>
  )
}
