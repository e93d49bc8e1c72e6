import type { FolderView } from '../../../shared/model/folder.ts'
import type { LinkDomain } from '../../../shared/model/link.ts'
import { CommitField } from '../../components/ui/CommitField.tsx'
import { t } from '../../i18n/texts.ts'
import { readHost } from './host-text.ts'
import css from './LinksGroup.module.css'
import { Group, Setting } from './Setting.tsx'
import { useLinkDomains } from '../../hooks/use-link-domains.ts'

/** Where links to the files of each bucket lead. */
export function LinksGroup({ folders }: { readonly folders: readonly FolderView[] }) {
  const words = t.settings.links
  const { domains, asking, save } = useLinkDomains()
  const buckets = new Map(folders.map(({ bucketId, bucketName }) => [bucketId, bucketName]))
  return (
    <Group title={words.title} name="links">
      {buckets.size === 0 ? <Setting title={words.noBucket} hint={words.noBucketHint} words={words.words} /> : null}
      {[...buckets].map(([bucketId, bucketName]) => (
        <Setting
          key={bucketId}
          title={words.host(bucketName)}
          hint={words.hostHint}
          words={words.words}
          control={(labels) =>
            domains === null ? null : (
              <CommitField
                {...labels}
                isText
                value={domains[bucketId]?.host ?? ''}
                placeholder={words.usual}
                wrong={words.wrong}
                isGood={(text) => readHost(text).isGood}
                onCommit={(text) => {
                  const typed = readHost(text)
                  return typed.isGood ? save(bucketId, typed.host) : Promise.resolve(false)
                }}
              />
            )
          }
        >
          <Answer domain={domains?.[bucketId]} asked={asking[bucketId]} />
        </Setting>
      ))}
    </Group>
  )
}

type AnswerProps = { readonly domain: LinkDomain | undefined; readonly asked: string | undefined }

/** What became of the one question to the host. */
function Answer({ domain, asked }: AnswerProps) {
  const isBad = asked === undefined && domain?.answer != null && domain.answer.kind !== 'answers'
  return (
    <p className={css.answer} data-bad={isBad ? '' : undefined} role="status">
      {asked === undefined ? (domain === undefined ? null : answerText(domain)) : t.settings.links.asking(asked)}
    </p>
  )
}

function answerText({ host, answer }: LinkDomain): string | null {
  const words = t.settings.links
  switch (answer?.kind) {
    case undefined:
      return null
    case 'answers':
      return words.answers(host)
    case 'silent':
      return words.silent(host)
    case 'not-trusted':
      return words.notTrusted(host)
    case 'fails':
      return words.fails(host, answer.status)
  }
}
