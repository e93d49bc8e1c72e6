import { Search, X } from 'lucide-react'
import { useState } from 'react'
import type { EngineSnapshot } from '../../../shared/model/snapshot.ts'
import { View } from '../../components/layout/View.tsx'
import { IconButton } from '../../components/ui/IconButton.tsx'
import { t } from '../../i18n/texts.ts'
import { AccountGroup } from './AccountGroup.tsx'
import { BandwidthGroup } from './BandwidthGroup.tsx'
import { DiagnosticsGroup } from './DiagnosticsGroup.tsx'
import { EndingGroup } from './EndingGroup.tsx'
import { FoldersGroup } from './FoldersGroup.tsx'
import { LinksGroup } from './LinksGroup.tsx'
import { LanguageGroup, NotificationsGroup, StartGroup, TransfersGroup } from './PlainGroups.tsx'
import { ProxyGroup } from './ProxyGroup.tsx'
import { RightClickGroup } from './RightClickGroup.tsx'
import { SearchContext } from './Setting.tsx'
import css from './SettingsView.module.css'

/** Everything that can be set, on one page; what ends something stands last. */
export function SettingsView({ snapshot }: { readonly snapshot: EngineSnapshot }) {
  const [query, setQuery] = useState('')
  return (
    <View title={t.views.settings}>
      <SearchBox query={query} onChange={setQuery} />
      <SearchContext value={query}>
        <div className={css.groups}>
          <AccountGroup account={snapshot.account} />
          <FoldersGroup folders={snapshot.folders} />
          <BandwidthGroup now={snapshot.bandwidth} />
          <ProxyGroup problems={snapshot.problems} />
          <TransfersGroup most={snapshot.transfers.most} />
          <LinksGroup folders={snapshot.folders} />
          <StartGroup />
          <LanguageGroup />
          <NotificationsGroup />
          <RightClickGroup />
          <DiagnosticsGroup snapshot={snapshot} />
          <EndingGroup folders={snapshot.folders} isConnected={snapshot.account.kind !== 'none'} />
        </div>
        <p className={css.nothing} role="status">
          {t.settings.nothingFound(query)}
        </p>
      </SearchContext>
    </View>
  )
}

type SearchBoxProps = { readonly query: string; readonly onChange: (query: string) => void }

function SearchBox({ query, onChange }: SearchBoxProps) {
  return (
    <div className={css.search} role="search">
      <Search size={14} className={css.icon} aria-hidden />
      <input
        className={css.input}
        aria-label={t.settings.search}
        placeholder={t.settings.search}
        autoComplete="off"
        spellCheck={false}
        value={query}
        onChange={(event) => {
          onChange(event.target.value)
        }}
        onKeyDown={(event) => {
          if (event.key === 'Escape') onChange('')
        }}
      />
      {query === '' ? null : (
        <IconButton
          label={t.settings.clear}
          icon={<X size={14} />}
          onClick={() => {
            onChange('')
          }}
        />
      )}
    </div>
  )
}
