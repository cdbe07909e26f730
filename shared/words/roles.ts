import type { Language } from '../me.ts'
import type { Role } from '../staff.ts'

/** What people of the chain are called by what they are there for. */
export const roleTitles: Record<Language, Record<Role, string>> = {
  ru: {
    owner: 'Владелец',
    marketing: 'Маркетинг',
    finance: 'Финансы',
    support: 'Поддержка',
    auditor: 'Аудитор',
    it: 'ИТ',
  },
  en: {
    owner: 'Owner',
    marketing: 'Marketing',
    finance: 'Finance',
    support: 'Support',
    auditor: 'Auditor',
    it: 'IT',
  },
}
