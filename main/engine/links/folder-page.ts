/** The page that a link to a folder opens: its files, each with an address of its own. No script, nothing from elsewhere. */
import { formatBytes } from '../../../shared/format/bytes.ts'

export type PageFile = {
  /** Below the folder. */
  readonly path: string
  readonly url: string
  /** Null for what is still on its way. */
  readonly sizeBytes: number | null
}

/** What every page says about itself; addresses hold tokens, which must not reach the servers that they lead to. */
const HEAD = `<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta name="robots" content="noindex">
<meta name="referrer" content="no-referrer">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'">`

const STYLE = `:root{color-scheme:light dark;font:16px/1.5 system-ui,sans-serif}
body{max-width:48rem;margin:2rem auto;padding:0 1rem}
h1{font-size:1.25rem;overflow-wrap:anywhere}
ul{list-style:none;padding:0}
li{display:flex;gap:1rem;justify-content:space-between;padding:.4rem 0;border-top:1px solid #8884}
a{overflow-wrap:anywhere}
span{white-space:nowrap;opacity:.7;font-variant-numeric:tabular-nums}`

/** HTML; every name is in it as text. */
export function folderPage(name: string, files: readonly PageFile[]): string {
  const rows = files.map(
    ({ path, url, sizeBytes }) =>
      `<li><a href="${escaped(url)}" rel="noreferrer">${escaped(path)}</a><span>${sizeBytes === null ? '' : escaped(formatBytes(sizeBytes))}</span></li>`,
  )
  return `<!doctype html>
<html>
<head>
${HEAD}
<title>${escaped(name)}</title>
<style>
${STYLE}
</style>
</head>
<body>
<h1>${escaped(name)}</h1>
<ul>
${rows.join('\n')}
</ul>
</body>
</html>
`
}

function escaped(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;')
}
