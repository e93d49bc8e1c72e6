import { Link2, Plus, SearchX } from 'lucide-react'
import { useRef, useState } from 'react'
import type { LinkQuery } from '../../../shared/model/link.ts'
import type { EngineSnapshot } from '../../../shared/model/snapshot.ts'
import { View } from '../../components/layout/View.tsx'
import { Button } from '../../components/ui/Button.tsx'
import { EmptyState } from '../../components/ui/EmptyState.tsx'
import { Notice } from '../../components/ui/Notice.tsx'
import { Skeleton } from '../../components/ui/Skeleton.tsx'
import { useDebounced } from '../../hooks/use-debounced.ts'
import { useElementWidth } from '../../hooks/use-element-width.ts'
import { useLatest } from '../../hooks/use-latest.ts'
import { t } from '../../i18n/texts.ts'
import { openDialog, startSetup } from '../../state/ui-store.ts'
import { actOnLink, openLinkMenu } from './link-menu.ts'
import { LinkGrid } from './LinkGrid.tsx'
import { LinkHosts } from './LinkHosts.tsx'
import css from './LinksView.module.css'
import { LinkToolbar } from './LinkToolbar.tsx'
import { useLinkList } from './use-link-list.ts'

/** Typing is over when nothing was typed for this long, ms. */
const TYPING_MS = 150

/** Below this there is no room for a link's name and time on one line, pixels. */
const NARROW_WIDTH = 560

/** The register of links: what they open, until when, and what can be done with each. */
export function LinksView({ snapshot }: { readonly snapshot: EngineSnapshot }) {
  const { links: counts, folders, account } = snapshot
  const [which, setWhich] = useState<LinkQuery['which']>('active')
  const [typed, setTyped] = useState('')
  const text = useDebounced(typed.trim(), TYPING_MS)
  const { list, state } = useLinkList(which, text, counts.revision)
  const body = useRef<HTMLDivElement>(null)
  const isNarrow = (useElementWidth(body) ?? NARROW_WIDTH) < NARROW_WIDTH
  const isEmpty = state.isLoaded && state.links.length === 0
  const isFirst = isEmpty && which === 'active' && text === '' && typed === ''

  // The same all the time, so that rows are not drawn again with every answer of the engine.
  const onMore = useLatest(() => {
    list.more()
  })

  return (
    <View title={t.views.links} isFilled>
      <LinkToolbar
        counts={counts}
        which={which}
        onWhich={setWhich}
        // There is nothing to look for, and what is next stands in the middle.
        isShort={isFirst}
        text={typed}
        onText={setTyped}
      />
      {state.failure === null ? null : (
        <Notice
          tone="danger"
          role="alert"
          title={state.failure.title}
          action={
            <Button
              onClick={() => {
                list.renew()
              }}
            >
              {t.tryAgain}
            </Button>
          }
        >
          {state.failure.advice}
        </Notice>
      )}
      <div ref={body} className={css.body}>
        {!state.isLoaded && state.failure === null ? <Skeleton rows={6} /> : null}
        {isEmpty ? (
          <Empty
            which={which}
            isConnected={account.kind !== 'none'}
            isFiltered={text !== ''}
            onClear={() => {
              setTyped('')
            }}
          />
        ) : null}
        {state.links.length > 0 ? (
          <LinkGrid
            // Another list begins at its top.
            key={`${which} ${text}`}
            links={state.links}
            hasMore={state.hasMore}
            isNarrow={isNarrow}
            onMore={onMore}
            onAct={actOnLink}
            onMenu={openLinkMenu}
          />
        ) : null}
      </div>
      <LinkHosts folders={folders} />
    </View>
  )
}

type EmptyProps = {
  readonly which: LinkQuery['which']
  readonly isConnected: boolean
  readonly isFiltered: boolean
  readonly onClear: () => void
}

function Empty({ which, isConnected, isFiltered, onClear }: EmptyProps) {
  const words = t.linksView
  if (isFiltered) {
    return (
      <EmptyState
        icon={<SearchX size={20} />}
        title={words.noMatchTitle}
        text={words.noMatchText}
        action={<Button onClick={onClear}>{words.clearFilter}</Button>}
      />
    )
  }
  const { title, text } = words.empty[which]
  return (
    <EmptyState
      icon={<Link2 size={20} />}
      title={title}
      text={which === 'active' && !isConnected ? words.notConnected : text}
      action={which === 'active' ? <NextStep isConnected={isConnected} /> : null}
    />
  )
}

function NextStep({ isConnected }: { readonly isConnected: boolean }) {
  if (!isConnected) {
    return (
      <Button
        variant="primary"
        onClick={() => {
          startSetup('reconnect')
        }}
      >
        {t.linksView.connect}
      </Button>
    )
  }
  return (
    <Button
      variant="primary"
      icon={<Plus size={16} aria-hidden />}
      onClick={() => {
        openDialog({ kind: 'create-link' })
      }}
    >
      {t.linksView.create}
    </Button>
  )
}
