import { useState } from 'react'
import type { ErrorCode } from '../../../shared/errors.ts'
import type { Problem } from '../../../shared/model/problem.ts'
import type { ProxySetting } from '../../../shared/model/proxy.ts'
import { problemText } from '../../../shared/text/problem-text.ts'
import { Select } from '../../components/ui/Select.tsx'
import { t } from '../../i18n/texts.ts'
import { ProxyForm } from './ProxyForm.tsx'
import css from './ProxyGroup.module.css'
import { Group, Setting } from './Setting.tsx'
import { useProxy } from './use-proxy.ts'

const kinds = ['system', 'none', 'address'] as const satisfies readonly ProxySetting['kind'][]

const proxyCodes: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'proxy_unreachable',
  'proxy_refused',
  'network_settings_unusable',
])

/** Through which proxy B2 is reached, and what is wrong with it. */
export function ProxyGroup({ problems }: { readonly problems: readonly Problem[] }) {
  const words = t.settings.proxy
  const { proxy, save } = useProxy()
  /** An address that was chosen, and not typed yet. */
  const [isTyping, setIsTyping] = useState(false)
  const problem = problems.find(({ code }) => proxyCodes.has(code))
  const kind = isTyping ? 'address' : (proxy?.kind ?? 'system')

  function choose(chosen: ProxySetting['kind']): void {
    setIsTyping(chosen === 'address')
    if (chosen !== 'address') void save({ kind: chosen })
  }

  return (
    <Group title={words.title} name="proxy">
      <Setting
        title={words.proxy}
        hint={words.hint}
        words={`${words.words} ${words.address} ${words.password}`}
        control={(labels) =>
          proxy === null ? null : (
            <Select
              {...labels}
              value={kind}
              options={kinds.map((value) => ({ value, label: words.kinds[value] }))}
              onChange={choose}
            />
          )
        }
      >
        {proxy !== null && kind === 'system' ? <p className={css.note}>{words.systemHint}</p> : null}
        {proxy !== null && kind === 'address' ? (
          <ProxyForm
            // Begun anew with what was saved.
            key={JSON.stringify(proxy)}
            saved={proxy.kind === 'address' ? proxy : null}
            onUse={async (change) => {
              if (await save(change)) setIsTyping(false)
            }}
          />
        ) : null}
        <p className={css.problem} role="status">
          {problem === undefined || isTyping ? null : problemText(problem.code, problem.details).advice}
        </p>
      </Setting>
    </Group>
  )
}
