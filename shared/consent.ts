import type { Language } from './me.ts'

/** Grows with every change of the text: the database keeps which one a person agreed to. */
export const consentVersion = '2026-11'

/** What a person agrees to before anything of them is stored; the bot and the Mini App show the same. */
export function consentText(language: Language, chainName: string): string[] {
  return language === 'ru' ? russian(chainName) : english(chainName)
}

const russian = (chainName: string) => [
  `«${chainName}» — программа лояльности. Чтобы завести вам карту, нужно ваше согласие на обработку данных.`,
  'Мы сохраним ваш номер в Telegram, имя и язык из профиля, а также покупки и баллы по вашей карте. Телефон, фамилия и переписка нам не нужны.',
  'Данные нужны только для того, чтобы узнавать вас на кассе, считать баллы и присылать сообщения о них. Мы никому их не передаём.',
  'Согласие можно отозвать в любой момент: команда /forget стирает ваши данные вместе с картой и баллами.',
]

const english = (chainName: string) => [
  `${chainName} is a loyalty programme. To give you a card we need your consent to keep some data.`,
  'We will keep your Telegram id, the first name and language of your profile, and the purchases and points of your card. We need no phone number, no last name and no messages.',
  'The data serve one purpose: to know you at the register, to count your points and to tell you about them. We give them to nobody.',
  'You can withdraw your consent at any time: /forget erases your data together with the card and its points.',
]
