import { z } from 'zod'
import type { Language } from './me.ts'

/** Grows with every change of the text: the database keeps which one a person agreed to. */
export const consentVersion = '2026-11-29.3'

/** The same of the text about advertising, which is agreed to apart, and withdrawn apart. */
export const advertisingVersion = '2026-11-29.1'

/** The operator of the data: without one there is nothing to agree to. */
export const operatorSchema = z.object({ name: z.string(), address: z.string(), policyUrl: z.string() })
export type Operator = z.infer<typeof operatorSchema>

interface ToAgree {
  chainName: string
  /** Of an older cloud it is not known. */
  operator?: Operator | undefined
}

/** What a person agrees to before anything of them is stored; the bot and the Mini App show the same. */
export function consentText(language: Language, toAgree: ToAgree): string[] {
  return language === 'ru' ? russian(toAgree) : english(toAgree)
}

const russian = ({ chainName, operator }: ToAgree) => [
  `«${chainName}» — программа лояльности. Чтобы завести вам карту, нужно ваше согласие на обработку данных.`,
  ...(operator
    ? [
        `Оператор ваших данных: ${operator.name}, ${operator.address}. Политика обработки данных: ${operator.policyUrl}`,
      ]
    : []),
  'Мы сохраним ваш номер в Telegram, имя и язык из профиля, а также покупки и баллы по вашей карте. Телефон, фамилия и переписка нам не нужны.',
  'Данные нужны только для того, чтобы узнавать вас на кассе, считать баллы и присылать сообщения о них. Мы никому их не передаём. Имя и номер карты хранятся и на кассах: так вас узнают без связи.',
  'Согласие можно отозвать в любой момент: команда /forget стирает ваши данные вместе с картой и баллами. С касс имя исчезнет, когда они выйдут на связь, из резервных копий — когда кончится срок их хранения.',
  'Останутся суммы покупок без имени и запись о том, что согласие было дано и отозвано, по которой нельзя узнать чьё. Если вы получали приветственные баллы, пришли по приглашению или остались должны, останется ещё необратимый отпечаток номера в Telegram: второй раз такие баллы не дарим, а долг вернётся вместе с вами.',
]

const english = ({ chainName, operator }: ToAgree) => [
  `${chainName} is a loyalty programme. To give you a card we need your consent to keep some data.`,
  ...(operator
    ? [
        `Your data are kept by ${operator.name}, ${operator.address}. The privacy policy: ${operator.policyUrl}`,
      ]
    : []),
  'We will keep your Telegram id, the first name and language of your profile, and the purchases and points of your card. We need no phone number, no last name and no messages.',
  'The data serve one purpose: to know you at the register, to count your points and to tell you about them. We give them to nobody. The registers hold your name and card number too, to know you without a network.',
  'You can withdraw your consent at any time: /forget erases your data together with the card and its points. Registers drop the name when they are next online, backups when the time they are kept for is over.',
  'What stays are the sums of purchases without a name, and a record that a consent was given and withdrawn, from which nobody can tell whose. If you had welcome points, came by an invitation or owe points, a one-way fingerprint of your Telegram id stays as well: such points are given once, and a debt comes back with you.',
]

/** What a person may agree to besides; declining it costs them nothing. */
export const advertisingText = (language: Language, { chainName }: ToAgree): string =>
  language === 'ru'
    ? `Согласие на рекламу: «${chainName}» будет присылать в Telegram акции и предложения, в том числе подобранные по покупкам. Без него карта и баллы работают так же, отозвать его можно в любой момент.`
    : `Consent to advertising: ${chainName} will send you offers in Telegram, some chosen by what you buy. Without it card and points work just the same, and you can withdraw it at any time.`
