import type { Preferences } from '../../shared/bridge.ts'
import { english, russian, type Texts } from './texts.ts'

const languages: Record<Preferences['language'], Texts> = { ru: russian, en: english }

export function textsOf(language: Preferences['language']): Texts {
  return languages[language]
}
