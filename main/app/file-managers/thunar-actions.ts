/** Pure: Pail's entries among Thunar's custom actions (`uca.xml`). What is not Pail's stays as it is, byte for byte. */
import { parseXml, XmlElement } from '@rgrove/parse-xml'

export type ThunarAction = {
  readonly id: string
  readonly name: string
  readonly description: string
  readonly icon: string
  /** Run by a shell, after `%U` has become the addresses of what is selected. */
  readonly command: string
}

type Place = { readonly start: number; readonly end: number }

/** What a file without any action is. */
export const NO_ACTIONS = '<?xml version="1.0" encoding="UTF-8"?>\n<actions>\n</actions>\n'

/** The ids of all actions in the file; null for a text that is no list of actions. */
export function actionIds(text: string): readonly string[] | null {
  return findActions(text)?.actions.map(({ id }) => id) ?? null
}

/** The text with these actions at its end. Throws for a text that is no list of actions. */
export function withActions(text: string, actions: readonly ThunarAction[]): string {
  const found = findActions(text)
  if (found === null) throw new Error('This is no list of actions')
  const added = actions.map(actionText).join('')
  const { start, end } = found.root
  const element = text.slice(start, end)
  // `<actions/>` has no place for anything in it.
  if (element.endsWith('/>')) return `${text.slice(0, end - 2)}>\n${added}</actions>${text.slice(end)}`
  const at = start + element.lastIndexOf('</')
  return text.slice(0, at) + added + text.slice(at)
}

/** The text without the actions of these ids, each with the line end behind it. Throws for what is no list of actions. */
export function withoutActions(text: string, ids: ReadonlySet<string>): string {
  const found = findActions(text)
  if (found === null) throw new Error('This is no list of actions')
  let rest = text
  for (const { id, place } of found.actions.toReversed()) {
    if (!ids.has(id)) continue
    const after = rest.slice(place.end).replace(/^\r?\n/, '')
    rest = rest.slice(0, place.start) + after
  }
  return rest
}

function findActions(
  text: string,
): { readonly root: Place; readonly actions: readonly { readonly id: string; readonly place: Place }[] } | null {
  try {
    const { root } = parseXml(readable(text), { includeOffsets: true })
    if (root?.name !== 'actions') return null
    const actions = root.children
      .filter((child) => child instanceof XmlElement)
      .filter(({ name }) => name === 'action')
      .map((action) => ({ id: idOf(action), place: placeOf(action) }))
    return { root: placeOf(root), actions }
  } catch {
    return null
  }
}

function placeOf({ start, end }: XmlElement): Place {
  return { start, end }
}

function idOf(action: XmlElement): string {
  const id = action.children.find((child) => child instanceof XmlElement && child.name === 'unique-id')
  return id instanceof XmlElement ? id.text.trim() : ''
}

/** As long as before, without what Thunar writes itself and a strict reader refuses: `encoding` ahead of `version`. */
function readable(text: string): string {
  return text.replace(/^\uFEFF?\s*<\?xml\s[^>]*\?>/, (declaration) => ' '.repeat(declaration.length))
}

function actionText({ id, name, description, icon, command }: ThunarAction): string {
  const texts = { icon, name, 'unique-id': id, command, description, patterns: '*' }
  const types = ['directories', 'audio-files', 'image-files', 'other-files', 'text-files', 'video-files']
  return [
    '<action>',
    ...Object.entries(texts).map(([tag, text]) => `\t<${tag}>${escaped(text)}</${tag}>`),
    ...types.map((tag) => `\t<${tag}/>`),
    '</action>\n',
  ].join('\n')
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}
