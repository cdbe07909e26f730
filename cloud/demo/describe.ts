import type { Demo } from './seed.ts'

/** What a newcomer sees after `npm start`: who is there, and a first thing to try. */
export function describeDemo(
  { stores, customers, key }: Demo,
  {
    cloud,
    kiosk,
    display,
    oneC,
    miniApp,
    office,
  }: Record<'cloud' | 'kiosk' | 'display' | 'oneC' | 'miniApp', string> & {
    /** Where a visitor is signed in to the console; null where the demo has none. */
    office: string | null
  },
): string {
  const first = stores[0]
  return [
    'Kopilka is running with demo data.',
    '',
    ...stores.map((store) => `  store ${store.id}  ${store.name}, ${store.register.name}`),
    '',
    ...customers.map(({ card, firstName, available, expiresNext }) => {
      const next = expiresNext ? `${expiresNext.points} of them die ${expiresNext.at.slice(0, 10)}` : ''
      return `  card ${card}  ${(firstName ?? '').padEnd(10)} ${String(available).padStart(6)} points  ${next}`
    }),
    '',
    `Key of ${first?.name}, ${first?.register.name}: ${key}`,
    '',
    'A sale in a minute:',
    `  1. the 1C of the demo   ${oneC}   press «Новый чек»`,
    `  2. the kiosk beside it  ${kiosk}   type the card 654321, press «Списать»`,
    '  3. watch 1C take the discount, and the kiosk say so',
    '',
    `What the customer sees meanwhile: ${display}`,
    `Анна's card, as she sees it in Telegram: ${miniApp}`,
    ...(office === null
      ? []
      : [
          '',
          `The console, as its owner: ${office}`,
          'A year of its customers is being written: some seconds.',
        ]),
    '',
    'Or without a screen:',
    `  curl -H 'Authorization: Bearer ${key}' '${cloud}/v1/customers?code=654321'`,
    `  open ${cloud}/docs`,
    '',
    'Ctrl-C stops everything.',
  ].join('\n')
}
