/** Links as tests ask for them. */
import { Link, LinkAnswer, type LinkRequest, type LinkTarget } from '../../shared/model/link.ts'
import type { Engine } from '../../main/engine/engine.ts'
import type { FolderId } from '../../shared/ids.ts'

type Wish = Partial<Omit<LinkRequest, 'targets'>>

/** What comes of asking for one link, about which nothing was said. */
export async function askForLink(engine: Engine, target: LinkTarget, wish: Wish = {}): Promise<LinkAnswer> {
  const usual = { copiedTo: 'window', onSiblings: 'ask', onOutside: 'ask' } as const
  const [answer] = await engine.api.createLinks({ targets: [target], ...usual, ...wish })
  return LinkAnswer.parse(answer)
}

/** A link that was made; throws with what came instead. */
export async function linkTo(engine: Engine, target: LinkTarget, wish: Wish = {}): Promise<Link> {
  const answer = await askForLink(engine, target, wish)
  if (!('link' in answer)) throw new Error(`no link: ${JSON.stringify(answer)}`)
  return answer.link
}

export function fileTarget(folderId: FolderId, path: string): LinkTarget {
  return { kind: 'file', folderId, path: path as never }
}

/** The link as the register has it by now. */
export async function registered(engine: Engine, { linkId }: Link): Promise<Link> {
  const active = await engine.api.listLinks({ which: 'active', limit: 200 })
  const over = await engine.api.listLinks({ which: 'over', limit: 200 })
  const found = [...active, ...over].find((link) => link.linkId === linkId)
  if (found === undefined) throw new Error('not in the register')
  return Link.parse(found)
}
