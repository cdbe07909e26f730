import { type AttackName, attacks } from './attacks.ts'

// node attackProcess.ts <attack> <url> <key> <card>   one hostile client, until it is stopped; then it says what it was answered

const [name = '', address = '', key = '', card = ''] = process.argv.slice(2)
const { connections, strike } = attacks[name as AttackName]
const target = { url: new URL(address), key, card }
const answers: Record<string, number> = {}

process.once('SIGTERM', () => {
  console.log(JSON.stringify(answers))
  process.exit()
})
// Half of the connections are its own: two clients attack.
await Promise.all(
  Array.from({ length: connections / 2 }, async () => {
    for (;;) {
      const answer = await strike(target).catch(() => 'no connection')
      answers[answer] = (answers[answer] ?? 0) + 1
    }
  }),
)
