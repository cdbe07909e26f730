import { readAsset } from '../../http/pages/assets.ts'

const scriptOf = (name: string) => readAsset('/console/assets', [new URL(name, import.meta.url)])

export const welcomeScript = scriptOf('welcome.js')
export const passkeyScript = scriptOf('passkey.js')
