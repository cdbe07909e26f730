import type { ProofProblem } from '../../../shared/signedCode.ts'

/** What is wrong with the code of a phone. */
export const russianProofs: Record<ProofProblem, { what: string; next: string }> = {
  missing: {
    what: 'Для списания нужен код из Telegram',
    next: 'Попросите покупателя открыть карту в Telegram и показать её камере.',
  },
  altered: {
    what: 'Код повреждён или подделан',
    next: 'Попросите покупателя открыть карту в Telegram заново: копия кода не подходит.',
  },
  other_customer: {
    what: 'Это код другого покупателя',
    next: 'Попросите покупателя показать код из своего Telegram.',
  },
  too_old: {
    what: 'Код устарел',
    next: 'Попросите покупателя показать карту в Telegram ещё раз: она обновляется сама.',
  },
  used: {
    what: 'Этот код уже использован для списания',
    next: 'Попросите покупателя показать карту в Telegram ещё раз: скоро там появится новый код.',
  },
}

export const englishProofs: Record<ProofProblem, { what: string; next: string }> = {
  missing: {
    what: 'A code from Telegram is needed to spend points',
    next: 'Ask the customer to open the card in Telegram and to show it to the camera.',
  },
  altered: {
    what: 'The code is damaged or forged',
    next: 'Ask the customer to open the card in Telegram anew: a copy of the code is no good.',
  },
  other_customer: {
    what: 'This is the code of another customer',
    next: 'Ask the customer to show the code of their own Telegram.',
  },
  too_old: {
    what: 'The code is too old',
    next: 'Ask the customer to show the card in Telegram again: it renews itself.',
  },
  used: {
    what: 'This code was used to spend points before',
    next: 'Ask the customer to show the card in Telegram again: a new code appears there soon.',
  },
}
