export const russian = {
  join: {
    open: 'Открыть карту',
    door: 'Новая карта',
    title: 'Новая карта',
    code: 'Код, по которому покупатель получает карту',
    how: 'Покупатель наводит на код камеру телефона и соглашается на участие. Карта останется в телефоне.',
    next: 'Как только он согласится, карта появится здесь.',
    offline: 'Связи с облаком нет: карту покупатель получит, но здесь она появится, когда связь вернётся.',
    joined: (name: string | null, card: string) =>
      name === null ? `Выдана новая карта ${card}` : `${name}: выдана новая карта ${card}`,
  },
}

export const english: typeof russian = {
  join: {
    open: 'Open the card',
    door: 'New card',
    title: 'New card',
    code: 'The code by which a customer gets a card',
    how: 'The customer points the camera of their phone at the code and agrees to take part. The card is in their phone.',
    next: 'As soon as they agree the card appears here.',
    offline: 'The cloud is away: the customer gets the card, and it appears here once the cloud is back.',
    joined: (name, card) => (name === null ? `A new card: ${card}` : `${name} has a new card: ${card}`),
  },
}
