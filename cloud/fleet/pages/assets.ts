import { readAsset } from '../../http/pages/assets.ts'

export const pageScript = readAsset('/fleet/assets', [new URL('page.js', import.meta.url)])
