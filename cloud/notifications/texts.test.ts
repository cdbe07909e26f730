import { describe, expect, it } from 'vitest'
import { voucherTermsSchema } from '../../shared/rules/voucher.ts'
import { MINUTE } from '../../shared/time.ts'
import { rubles } from './format.ts'
import { type Message, textOf } from './texts.ts'

const at = Date.parse('2025-12-07T12:00:00.000Z')
const dies = Date.parse('2026-01-21T00:00:00.000Z')
const facts = {
  at,
  storeId: 1,
  purchaseKopecks: 125_000,
  refundKopecks: null,
  earned: 50,
  spent: 0,
  available: 1190,
  debt: 0,
}
const store = 'Ашукино'
const plain = (text: string) => text.replaceAll(/[\u00a0\u202f]/g, ' ')
const told = (message: Message, language: 'ru' | 'en' = 'ru', now = at) =>
  plain(textOf(message, language, { now, timeZone: 'Europe/Moscow' }))

describe('a message', () => {
  it.each<[string, Message, string, string]>([
    [
      'about a purchase says what it earned',
      { kind: 'earned', facts, store },
      'Покупка в магазине «Ашукино» на 1 250 ₽.\nНачислено: 50 баллов.\nТеперь на карте: 1 190 баллов.',
      'Purchase of 1 250 ₽ at “Ашукино”.\nEarned: 50 points.\nNow you have 1 190 points.',
    ],
    [
      'about a new status says what it brings',
      { kind: 'status', facts: { what: 'up', title: 'Золото', benefits: ['Кофе в подарок'] } },
      'Ваш новый статус — «Золото».\n• Кофе в подарок',
      'Your new status is “Золото”.\n• Кофе в подарок',
    ],
    [
      'about a card that was merged says which, and what came with it',
      { kind: 'merged', facts: { card: '765432', points: 60, available: 560, debt: 0 } },
      'Карта 765432 объединена с вашей: покупки по ней теперь в вашей истории, перешло 60 баллов. Номер 765432 тоже работает. Это были не вы? Скажите нам.\nТеперь на карте: 560 баллов.',
      'Card 765432 was merged into yours: its purchases are in your history now, and 60 points came along. The number 765432 goes on working. Was it not you? Tell us.\nNow you have 560 points.',
    ],
    [
      'about an empty card that was merged, by who owes, leaves out the points',
      { kind: 'merged', facts: { card: '765432', points: 0, available: 0, debt: 12 } },
      'Карта 765432 объединена с вашей: покупки по ней теперь в вашей истории. Номер 765432 тоже работает. Это были не вы? Скажите нам.\nТеперь на карте: 0 баллов.\nДолг: 12 баллов. Его закроют следующие начисления.',
      'Card 765432 was merged into yours: its purchases are in your history now. The number 765432 goes on working. Was it not you? Tell us.\nNow you have 0 points.\nOwed: 12 points. What you earn next pays it.',
    ],
    [
      'about a friend who came says what they are good for',
      { kind: 'referral', facts: { what: 'joined', points: 201, minKopecks: 50_000, waitDays: 2 } },
      'По вашей ссылке пришёл друг. Вы получите 201 балл за его первую покупку от 500 ₽, если её не вернут за 2 дня.',
      'A friend came by your link. You will get 201 points for their first purchase of 500 ₽ or more, unless it is returned within 2 days.',
    ],
    [
      'about a friend of whom any purchase is enough leaves out what asks for nothing',
      { kind: 'referral', facts: { what: 'invited', points: 22, minKopecks: 1, waitDays: 0 } },
      'Вас пригласил друг: за первую покупку вы получите 22 балла.',
      'A friend invited you: for your first purchase you will get 22 points.',
    ],
    [
      'about a friend for whom only the other is rewarded says so',
      { kind: 'referral', facts: { what: 'invited', points: 0, minKopecks: 10_050, waitDays: 1 } },
      'Вас пригласил друг: сделайте первую покупку от 100,50 ₽, и он получит подарок.',
      'A friend invited you: make a first purchase of 100.50 ₽ or more, and they get a gift.',
    ],
    [
      'about the gift for a friend says how much it is',
      { kind: 'referral', facts: { what: 'rewarded', side: 'referrer', points: 5 } },
      'Друг, которого вы пригласили, сделал покупку. Ваш подарок: 5 баллов.',
      'The friend you invited made a purchase. Your gift: 5 points.',
    ],
    [
      'about an invitation that is looked at says that it is not forgotten',
      { kind: 'referral', facts: { what: 'checked' } },
      'Подарок за приглашение сейчас проверяет сотрудник. Напишем, когда он решит.',
      'A person is looking at the gift for the invitation. We will tell you what they decide.',
    ],
    [
      'about an invitation that brings nothing says why',
      { kind: 'referral', facts: { what: 'rejected', side: 'referee', reason: 'customer_before' } },
      'За приход по приглашению подарка не будет: приглашённый уже был участником.',
      'There is no gift for coming by an invitation: the friend was a customer before.',
    ],
    [
      'about a gift that was taken back says how much and why',
      { kind: 'referral', facts: { what: 'taken_back', side: 'referrer', points: 200, reason: 'returned' } },
      'Подарок за друга отменён: 200 баллов. Причина: покупку вернули.',
      'The gift for your friend was taken back: 200 points. The reason: the purchase was returned.',
    ],
    [
      'about a voucher says what it gives and on which conditions',
      {
        kind: 'voucher',
        terms: voucherTermsSchema.parse({
          ...{
            title: 'Подарок',
            gives: { type: 'points', points: 21 },
            until: '2025-12-31',
            with_points: false,
          },
        }),
      },
      'Вам купон: +21 балл.\nДо 31.12.2025 включительно, не вместе с баллами.\nКод для кассы: /vouchers',
      'A voucher for you: +21 points.\nUntil 31.12.2025, not together with points.\nThe code for the register: /vouchers',
    ],
    [
      'about a voucher without conditions names none',
      {
        kind: 'voucher',
        terms: voucherTermsSchema.parse({ title: 'Подарок', gives: { type: 'points', points: 1 } }),
      },
      'Вам купон: +1 балл.\nКод для кассы: /vouchers',
      'A voucher for you: +1 point.\nThe code for the register: /vouchers',
    ],
    [
      'about a status at risk says what keeps it, and until when',
      {
        kind: 'status',
        facts: {
          ...{ what: 'at_risk', title: 'Золото', metric: 'net_purchases', missing: 34_001 },
          until: Date.parse('2025-12-20T21:00:00.000Z'),
        },
      },
      'Чтобы сохранить статус «Золото», не хватает: 341 ₽. Успейте по 20 декабря включительно.',
      'To keep the status “Золото” you need 341 ₽ more. The last day for it is 20 December.',
    ],
    [
      'about a status that was lost says which one is left',
      { kind: 'status', facts: { what: 'down', title: 'Серебро' } },
      'Теперь ваш статус — «Серебро».',
      'Your status is “Серебро” now.',
    ],
    [
      'about a purchase with points says both what was spent and what was earned',
      { kind: 'spent', facts: { ...facts, spent: 250, earned: 1, available: 21 }, store },
      'Покупка в магазине «Ашукино» на 1 250 ₽.\nСписано: 250 баллов, начислено: 1 балл.\nТеперь на карте: 21 балл.',
      'Purchase of 1 250 ₽ at “Ашукино”.\nSpent: 250 points, earned: 1 point.\nNow you have 21 points.',
    ],
    [
      'about a purchase with points that earned nothing does not speak of earning',
      { kind: 'spent', facts: { ...facts, spent: 2, earned: 0, available: 0 }, store },
      'Покупка в магазине «Ашукино» на 1 250 ₽.\nСписано: 2 балла.\nТеперь на карте: 0 баллов.',
      'Purchase of 1 250 ₽ at “Ашукино”.\nSpent: 2 points.\nNow you have 0 points.',
    ],
    [
      'about a refund says what came back, what was taken back, and what is owed',
      {
        kind: 'refunded',
        facts: { ...facts, refundKopecks: 50_005, spent: -100, earned: -20, available: 0, debt: 3 },
        store,
      },
      'Возврат в магазине «Ашукино» на 500,05 ₽.\nВозвращено на карту: 100 баллов, начисление отменено: 20 баллов.\n' +
        'Теперь на карте: 0 баллов.\nДолг: 3 балла. Его закроют следующие начисления.',
      'Refund of 500.05 ₽ at “Ашукино”.\nReturned to your card: 100 points, earning taken back: 20 points.\n' +
        'Now you have 0 points.\nOwed: 3 points. What you earn next pays it.',
    ],
    [
      'about a refund by an administrator of a purchase paid with points alone names neither store nor money',
      { kind: 'refunded', facts: { ...facts, refundKopecks: 0, spent: -100, earned: 0 }, store: null },
      'Возврат.\nВозвращено на карту: 100 баллов.\nТеперь на карте: 1 190 баллов.',
      'Refund.\nReturned to your card: 100 points.\nNow you have 1 190 points.',
    ],
    [
      'to who joins has the card and the gift',
      { kind: 'welcome', bonus: 50, debt: 0, card: '123456' },
      'Ваша карта: 123456. Назовите номер на кассе или покажите QR-код: /card\nДарим за регистрацию: 50 баллов.\n' +
        'Сюда придут сообщения о покупках и о баллах, которые скоро сгорят. Выбрать, о чём писать: /notify',
      'Your card: 123456. Tell the number at the register or show the QR code: /card\nA gift for joining: 50 points.\n' +
        'Messages about purchases and about points that are going to expire will come here. Choose which: /notify',
    ],
    [
      'to who comes back has the debt that came along',
      { kind: 'welcome', bonus: 0, debt: 161, card: '123456' },
      'Ваша карта: 123456. Назовите номер на кассе или покажите QR-код: /card\n' +
        'С прежней карты перешёл долг: 161 балл. Его закроют следующие начисления.\n' +
        'Сюда придут сообщения о покупках и о баллах, которые скоро сгорят. Выбрать, о чём писать: /notify',
      'Your card: 123456. Tell the number at the register or show the QR code: /card\n' +
        'A debt came along from your old card: 161 points. What you earn next pays it.\n' +
        'Messages about purchases and about points that are going to expire will come here. Choose which: /notify',
    ],
    [
      'about points that die names the last day to spend them',
      { kind: 'expiring', diesAt: dies, points: 121 },
      'Скоро сгорят баллы: 121 балл. Потратить их можно по 20 января включительно.',
      'You will soon lose 121 points. The last day to spend them is 20 January.',
    ],
  ])('%s', (_, message, ru, en) => {
    expect(told(message)).toBe(ru)
    expect(told(message, 'en')).toBe(en)
  })

  it('about a purchase that reached us late says which day it was, and does not call the balance the present one', () => {
    const late = at + 60 * MINUTE
    expect(told({ kind: 'earned', facts, store }, 'ru', late)).toBe(
      'Покупка 7 декабря в магазине «Ашукино» на 1 250 ₽.\nНачислено: 50 баллов.\nПосле этого на карте стало: 1 190 баллов.',
    )
    expect(told({ kind: 'earned', facts, store }, 'en', late)).toBe(
      'Purchase of 1 250 ₽ at “Ашукино” on 7 December.\nEarned: 50 points.\nAfter it you had 1 190 points.',
    )
    expect(told({ kind: 'earned', facts, store }, 'ru', late - 1)).not.toContain('декабря')
  })

  it('that is late names the day that was in the shops', () => {
    const evening = Date.parse('2025-12-07T22:30:00.000Z')
    const message: Message = { kind: 'earned', facts: { ...facts, at: evening }, store }
    const toldIn = (timeZone: string) => textOf(message, 'ru', { now: evening + 61 * MINUTE, timeZone })
    expect(toldIn('Europe/Moscow')).toContain('Покупка 8 декабря')
    expect(toldIn('Europe/London')).toContain('Покупка 7 декабря')
  })

  it('without a gift names none', () => {
    expect(told({ kind: 'welcome', bonus: 0, debt: 0, card: '123456' })).not.toContain('Дарим')
  })
})

describe('a number', () => {
  it.each([
    [1, '0,01 ₽', '0.01 ₽'],
    [1_250, '12,50 ₽', '12.50 ₽'],
    [99_900, '999 ₽', '999 ₽'],
    [100_000_000, '1 000 000 ₽', '1 000 000 ₽'],
    [2_147_483_647, '21 474 836,47 ₽', '21 474 836.47 ₽'],
  ])('of %i kopecks is written as whole rubles and kopecks', (kopecks, ru, en) => {
    expect([plain(rubles('ru', kopecks)), plain(rubles('en', kopecks))]).toEqual([ru, en])
  })
})
