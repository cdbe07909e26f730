import type { Language } from '../../shared/me.ts'
import { english } from './texts.en.ts'
import { russian, type Texts } from './texts.ts'

const languages: Record<Language, Texts> = { ru: russian, en: english }

export function textsOf(language: Language): Texts {
  return languages[language]
}
