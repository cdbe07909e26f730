import type { Demo } from './seed.ts'

/** What a newcomer sees after `npm start`: who is there, and a first thing to try. */
export function describeDemo({ stores, customers, key }: Demo, url: string): string {
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
    'Try:',
    `  curl -H 'Authorization: Bearer ${key}' '${url}/v1/customers?code=654321'`,
    `  open ${url}/docs`,
    '',
    'Ctrl-C stops everything.',
  ].join('\n')
}
