import { Pause, Play } from 'lucide-react'
import { menuPlace, popUpMenu } from '../../client/native-menu.ts'
import { t } from '../../i18n/texts.ts'
import { attempt, resume } from '../../state/actions.ts'
import { useEngineStore } from '../../state/engine-store.ts'
import { pauseMenu } from '../data/pause-menu.ts'
import { Button } from '../ui/Button.tsx'

/** Stops everything, asking for how long; once it is stopped, the way to go on. */
export function PauseButton() {
  const isPaused = useEngineStore((state) => state.snapshot?.isPaused === true)
  return isPaused ? (
    <Button icon={<Play size={14} aria-hidden />} onClick={() => void resume()}>
      {t.resume}
    </Button>
  ) : (
    <Button
      icon={<Pause size={14} aria-hidden />}
      aria-haspopup="menu"
      onClick={(event) => {
        const at = menuPlace(event)
        void attempt(() => popUpMenu(pauseMenu(), at))
      }}
    >
      {t.pause}
    </Button>
  )
}
