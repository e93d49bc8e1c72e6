/** What axe finds on a page that keeps people from using it (https://github.com/dequelabs/axe-core). */
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { AxeResults, RunOptions } from 'axe-core'
import type { Page } from 'playwright-core'

const source = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

/** Serious and critical issues as lines to read: the rule, what it asks for, and the elements. */
export async function seriousIssues(page: Page): Promise<readonly string[]> {
  // What a debugger evaluates is not held back by the page's content policy, which stays as it is.
  await page.evaluate(source)
  const { violations } = await page.evaluate(async () => {
    const { axe } = globalThis as unknown as { axe: { run: (options: RunOptions) => Promise<AxeResults> } }
    // It takes a label that is scrolled out of sight for a hidden one. That there is a label is asked for by others.
    return axe.run({ rules: { 'label-title-only': { enabled: false } } })
  })
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, help, nodes }) => `${id}: ${help}: ${nodes.map(({ html }) => html.slice(0, 200)).join(' | ')}`)
}
