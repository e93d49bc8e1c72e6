/** What this program is and whom it talks to. */
import manifest from '../package.json' with { type: 'json' }

export const PRODUCT_VERSION: string = manifest.version

/** The one host of B2's that every account is authorized at. */
export const PRODUCTION_REALM = 'https://api.backblazeb2.com'
