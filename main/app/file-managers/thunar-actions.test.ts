import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { actionIds, NO_ACTIONS, withActions, withoutActions, type ThunarAction } from './thunar-actions.ts'

const ours: readonly ThunarAction[] = [
  {
    id: 'pail-copy-link',
    name: 'Copy Pail link',
    description: 'a < b & c',
    icon: '/data/icon.png',
    command: "'/data/a & b/launch' copy-link %U",
  },
  { id: 'pail-show', name: 'Show', description: '', icon: '', command: 'x' },
]
const ids = new Set(ours.map(({ id }) => id))

/** As Thunar 4.18 leaves it, its odd first line included. */
const theirs = `<?xml encoding="UTF-8" version="1.0"?>
<actions>
<action>
	<icon>utilities-terminal</icon>
	<name>Open Terminal Here</name>
	<unique-id>1700000000000000-1</unique-id>
	<command>exo-open --working-directory %f --launch TerminalEmulator</command>
	<description>Example for a custom action &amp; more</description>
	<patterns>*</patterns>
	<startup-notify/>
	<directories/>
</action>
</actions>
`

const withTypes = theirs.replace('<actions>', '<!DOCTYPE actions [\n\t<!ELEMENT actions (action)*>\n]>\n\n<actions>')

describe('actions in uca.xml', () => {
  it.each([
    ['as Thunar writes it', theirs],
    ['as the system brings it', withTypes.replace('encoding="UTF-8" version="1.0"', 'version="1.0" encoding="UTF-8"')],
    ['with line ends of Windows', theirs.replaceAll('\n', '\r\n')],
    ['without a line end', theirs.trim()],
    ['with a byte order mark', `\uFEFF${theirs}`],
    [
      'with remarks and other elements',
      theirs.replace('</actions>', '<!-- mine: </actions> -->\n<later x="1"/></actions  >'),
    ],
    ['with nothing in it', NO_ACTIONS],
  ])('are put in and taken out of a file %s, which is then what it was, byte for byte', (_, text) => {
    const installed = withActions(text, ours)
    expect(actionIds(installed)).toEqual([...(actionIds(text) ?? []), 'pail-copy-link', 'pail-show'])
    expect(withoutActions(installed, ids)).toBe(text)
  })

  it('are put into an empty list that is written short', () => {
    expect(actionIds(withActions('<actions/>\n', ours))).toEqual([...ids])
  })

  it('are found after Thunar has written the file anew, in another order', () => {
    const [first, second] = [withActions(NO_ACTIONS, ours.slice(0, 1)), withActions(theirs, ours.slice(1))]
    const own = /<action>[^]*<\/action>\n/.exec(first)?.[0] ?? ''
    const mixed = second.replace('<actions>\n', `<actions>\n${own}`)
    expect(actionIds(mixed)).toEqual(['pail-copy-link', '1700000000000000-1', 'pail-show'])
    expect(withoutActions(mixed, ids)).toBe(theirs)
  })

  it('leave whatever a person has written there as it is', () => {
    const text = fc
      .string({ unit: 'grapheme' })
      .map((raw) => raw.replace(/[^\t\n\x20-\ud7ff]/g, '').replace(/[<&]/g, ''))
    const action = fc
      .record({
        name: text,
        command: text,
        id: fc.stringMatching(/^[0-9]{1,17}-[0-9]$/),
        gap: fc.constantFrom('', '\n', '\n\n  '),
      })
      .map(({ name, command, id, gap }) => {
        return `<action>\n<name>${name}</name><unique-id> ${id}\n</unique-id><command>${command}</command></action>${gap}`
      })
    fc.assert(
      fc.property(fc.array(action, { maxLength: 6 }), fc.constantFrom('', '\n'), (actions, start) => {
        const file = `<?xml encoding="UTF-8" version="1.0"?>\n<actions>${start}${actions.join('')}</actions>`
        expect(withoutActions(withActions(file, ours), ids)).toBe(file)
      }),
    )
  })

  it.each(['', '<actions>', '<other/>', 'hello', '<actions><action></actions>'])('are not put into %j', (text) => {
    expect(actionIds(text)).toBeNull()
    expect(() => withActions(text, ours)).toThrow()
  })
})
