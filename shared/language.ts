import type { Language } from './me.ts'

/** Of a code such as `ru` or `en-GB`: who has none, or one we do not speak, is most likely from here. */
export function languageOf(code: string | undefined): Language {
  return code === undefined || /^(ru|be|uk|kk)\b/i.test(code) ? 'ru' : 'en'
}
