/** The groups that are nothing but switches and choices. */
import { Language } from '../../../shared/language.ts'
import { Appearance, LanguageChoice, NotificationKind } from '../../../shared/model/shell-settings.ts'
import { Select } from '../../components/ui/Select.tsx'
import { Switch } from '../../components/ui/Switch.tsx'
import { languageNames } from '../../i18n/language-names.ts'
import { t } from '../../i18n/texts.ts'
import { changeSettings, useSettingsStore } from '../../state/settings-store.ts'
import { Group, Setting } from './Setting.tsx'
import { setMaxTransfers } from './settings-actions.ts'

/** More is for tests of lines that few people have. */
const usualMost = [1, 2, 4, 8, 16, 32, 64, 128]

export function TransfersGroup({ most }: { readonly most: number | null }) {
  const words = t.settings.transfers
  const numbers = [...new Set([...usualMost, ...(most === null ? [] : [most])])].toSorted((a, b) => a - b)
  return (
    <Group title={words.title}>
      <Setting
        title={words.most}
        hint={words.mostHint}
        control={(labels) => (
          <Select
            {...labels}
            value={most === null ? '' : String(most)}
            options={[
              { value: '', label: words.best },
              ...numbers.map((number) => ({ value: String(number), label: String(number) })),
            ]}
            onChange={(value) => void setMaxTransfers(value === '' ? null : Number(value))}
          />
        )}
      />
    </Group>
  )
}

export function StartGroup() {
  const words = t.settings.start
  const { startAtLogin, startHidden, appearance } = useSettingsStore((state) => state.settings)
  return (
    <Group title={words.title}>
      <Setting
        title={words.atLogin}
        hint={words.atLoginHint}
        control={(labels) => (
          <Switch {...labels} isOn={startAtLogin} onChange={(isOn) => void changeSettings({ startAtLogin: isOn })} />
        )}
      />
      <Setting
        title={words.hidden}
        hint={words.hiddenHint}
        control={(labels) => (
          <Switch
            {...labels}
            isOn={startHidden}
            disabled={!startAtLogin}
            onChange={(isOn) => void changeSettings({ startHidden: isOn })}
          />
        )}
      />
      <Setting
        title={words.appearance}
        words={words.appearanceWords}
        control={(labels) => (
          <Select
            {...labels}
            value={appearance}
            options={Appearance.options.map((value) => ({ value, label: words.appearances[value] }))}
            onChange={(value) => void changeSettings({ appearance: value })}
          />
        )}
      />
    </Group>
  )
}

export function LanguageGroup() {
  const words = t.settings.language
  const { settings, systemLanguage } = useSettingsStore()
  const nameOf = (choice: LanguageChoice): string => {
    const language = Language.safeParse(choice)
    return language.success ? languageNames[language.data] : words.system(languageNames[systemLanguage])
  }
  return (
    <Group title={words.title}>
      <Setting
        title={words.window}
        words={words.words}
        control={(labels) => (
          <Select
            {...labels}
            value={settings.language}
            options={LanguageChoice.options.map((value) => ({ value, label: nameOf(value) }))}
            onChange={(value) => void changeSettings({ language: value })}
          />
        )}
      />
    </Group>
  )
}

export function NotificationsGroup() {
  const words = t.settings.notifications
  const { notifications } = useSettingsStore((state) => state.settings)
  return (
    <Group title={words.title}>
      {NotificationKind.options.map((kind) => (
        <Setting
          key={kind}
          title={words.kinds[kind].title}
          hint={words.kinds[kind].hint}
          control={(labels) => (
            <Switch
              {...labels}
              isOn={notifications[kind]}
              onChange={(isOn) => void changeSettings({ notifications: { ...notifications, [kind]: isOn } })}
            />
          )}
        />
      ))}
    </Group>
  )
}
