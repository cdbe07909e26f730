import type { Language } from './me.ts'

/** The forms of a word with a number: 1 балл, 2 балла, 5 баллов; English has no `few`. */
export type PluralForms = { ru: [one: string, few: string, many: string]; en: [one: string, other: string] }

/** The form that goes with a whole number, such as «баллов» with 11 and «балл» with 21. */
export function pluralOf(language: Language, count: number, forms: PluralForms): string {
  const whole = Math.abs(count)
  if (language === 'en') return forms.en[whole === 1 ? 0 : 1]
  const [one, few, many] = forms.ru
  const [tens, units] = [Math.floor(whole / 10) % 10, whole % 10]
  if (tens === 1 || units === 0 || units >= 5) return many
  return units === 1 ? one : few
}
