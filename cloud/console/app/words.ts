import { createContext, useContext } from 'react'
import type { Language } from '../../../shared/me.ts'

/** The same words in both languages; one that is missing in either does not compile. */
export interface Words<Each> {
  ru: Each
  en: Each
}
export const words = <Each>(ru: Each, en: NoInfer<Each>): Words<Each> => ({ ru, en })

export const LanguageContext = createContext<Language>('ru')
export const useLanguage = () => useContext(LanguageContext)
export const useWords = <Each>(texts: Words<Each>): Each => texts[useLanguage()]
