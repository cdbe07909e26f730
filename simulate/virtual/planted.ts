import type { judge } from '../../cloud/ledger/judge.ts'
import { unmergeAccounts } from '../../cloud/ledger/merge.ts'
import { judge as judgeInvitation, type Standing } from '../../cloud/referrals/judge.ts'
import { codeOf, type Files } from '../../desktop/register/machine/files.ts'
import type { RegisterOptions } from '../../desktop/register/register.ts'
import type { Injection } from '../../desktop/register/rig/faults.ts'
import type { Book } from '../../shared/rules/book.ts'
import type { VirtualCloudOptions } from './cloud.ts'

type Judge = typeof judge

/** What a test plants a bug with. */
export interface Plants {
  register?: (options: RegisterOptions) => RegisterOptions
  cloud?: Pick<VirtualCloudOptions, 'judgeBy' | 'judgeInvitationBy' | 'partBy'>
}

/** A mistake as somebody could make it, and the faults under which it shows. */
export interface PlantedBug {
  plants: (judgeBy: Judge) => Plants
  faults: readonly Injection[]
  /** Fewer on each day where it takes days to show. */
  salesADay?: number
}

const register = (plant: (options: RegisterOptions) => RegisterOptions) => () => ({ register: plant })
const files = (change: (files: Files) => Partial<Files>) =>
  register((options) => ({ ...options, files: { ...options.files, ...change(options.files) } }))
const ledger = (change: (...given: Parameters<Judge>) => Parameters<Judge>) => (judgeBy: Judge) => ({
  cloud: { judgeBy: (...given: Parameters<Judge>) => judgeBy(...change(...given)) },
})
const books = (change: (base: Book['base']) => Partial<Book['base']>) =>
  ledger((requests, loaded) => [
    requests,
    {
      ...loaded,
      rulesIn: (id) => ({
        ...loaded.rulesIn(id),
        books: loaded
          .rulesIn(id)
          .books.map((book) => ({ ...book, base: { ...book.base, ...change(book.base) } })),
      }),
    },
  ])

const invitations = (change: (standing: Standing) => Partial<Standing>) => () => ({
  cloud: {
    judgeInvitationBy: (standing: Standing) => judgeInvitation({ ...standing, ...change(standing) }),
  },
})

const powerless: Injection[] = ['power: lost', 'disk: what was not synced is gone', 'disk: a rename is lost']

/** Each is planted from outside: the product has no switch for any of them. */
export const plantedBugs: Record<string, PlantedBug> = {
  'the journal is not synced when it commits': {
    faults: powerless,
    plants: register((options) => ({
      ...options,
      openDatabase(path, given) {
        const database = options.openDatabase?.(path, given)
        if (!database) throw new Error('the rig opens the databases')
        const { pragma } = database
        database.pragma = (source, more) =>
          pragma.call(database, source.replace('synchronous = full', 'synchronous = off'), more)
        return database
      },
    })),
  },

  'a discount is taken back without asking the folder whether it was there': {
    faults: [],
    plants: files(({ rename, openAlone }) => ({
      async rename(from, to) {
        await rename(from, to).catch((error) => {
          if (codeOf(error) !== 'ENOENT' || !from.includes('discount.')) throw error
        })
      },
      openAlone: (path) =>
        openAlone(path).catch((error) => {
          if (codeOf(error) !== 'ENOENT') throw error
        }),
    })),
  },

  'a discount that was taken back stays where 1C finds it': {
    faults: [],
    plants: files(({ rename }) => ({
      async rename(from, to) {
        if (!/discount\.(txt|json)$/.test(from)) await rename(from, to)
      },
    })),
  },

  'a discount ends with the end of a line': {
    faults: [],
    plants: files(({ writeDurably }) => ({
      writeDurably: (path, bytes, mode) =>
        writeDurably(path, path.includes('discount.') ? Uint8Array.of(...bytes, 10) : bytes, mode),
    })),
  },

  'amount.json is told from the one before by its size alone': {
    faults: [],
    plants: files(({ stat }) => ({ stat: async (path) => ({ ...(await stat(path)), modifiedNs: 0n }) })),
  },

  'an earning is sent under a new id each time': {
    faults: ['network: the reply is lost'],
    plants: register((options) => {
      let sendings = 0
      const renamed = (id: string) => `${id.slice(0, -6)}${String(sendings).padStart(6, '0')}`
      return {
        ...options,
        async fetch(input, init) {
          const sent = typeof init?.body === 'string' ? init.body : ''
          const id = /"kind":"earn","id":"([0-9a-f-]{36})"/.exec(sent)?.[1]
          if (!id) return await options.fetch(input, init)
          sendings += 1
          const other = renamed(id)
          const reply = await options.fetch(input, { ...init, body: sent.replaceAll(id, other) })
          return new Response((await reply.text()).replaceAll(other, id), reply)
        },
      }
    }),
  },

  'an id that comes again is executed again': {
    faults: ['network: doubled', 'network: the reply is lost'],
    plants: ledger((requests, loaded) => {
      for (const { kind, id } of requests) if (kind === 'earn') loaded.known.delete(id)
      return [requests, loaded]
    }),
  },

  'points live for a day too long': {
    faults: [],
    plants: books(({ lifetime_days }) => ({ lifetime_days: lifetime_days + 1 })),
  },

  'budgets forget what they have given': {
    faults: [],
    plants: ledger((requests, loaded) => {
      const forgotten = [...loaded.spendings].map(
        ([key, spending]) => [key, { ...spending, spent: 0 }] as const,
      )
      return [requests, { ...loaded, spendings: new Map(forgotten) }]
    }),
  },

  'a released hold gives its points back twice': {
    faults: [],
    plants: ledger((requests, loaded) => {
      for (const request of requests) {
        const account = loaded.accountOf(request)
        const hold = request.kind === 'release' ? account?.holds.get(request.redeemId) : undefined
        if (!account || hold?.resolvedBy !== null) continue
        const parts = hold.parts.flatMap((part) => [part, part])
        account.holds.set(hold.id, { ...hold, points: 2 * hold.points, parts })
      }
      return [requests, loaded]
    }),
  },

  'a released hold keeps its code': {
    faults: [],
    plants: ledger((requests, loaded) => {
      for (const request of requests) {
        const account = loaded.accountOf(request)
        const hold = request.kind === 'release' ? account?.holds.get(request.redeemId) : undefined
        if (account && hold) account.holds.set(hold.id, { ...hold, voucherId: null })
      }
      return [requests, loaded]
    }),
  },

  'a return gives a code back twice': {
    faults: [],
    plants: (judgeBy) => ({
      cloud: {
        judgeBy(requests, loaded) {
          const judged = judgeBy(requests, loaded)
          for (const { operation, voucher: move } of judged.postings) {
            const voucher = operation.kind === 'refund' && judged.vouchers.find(({ id }) => id === move?.id)
            if (voucher) voucher.used -= 1
          }
          return judged
        },
      },
    }),
  },

  'a code is good however often it was used': {
    faults: [],
    plants: ledger((requests, loaded) => {
      const fresh = loaded.vouchers.vouchers.map((voucher) => ({ ...voucher, held: 0, used: 0 }))
      return [requests, { ...loaded, vouchers: { ...loaded.vouchers, vouchers: fresh } }]
    }),
  },

  '1C is given the points without the voucher': {
    faults: [],
    plants: register((options) => ({
      ...options,
      async fetch(input, init) {
        const reply = await options.fetch(input, init)
        const text = await reply.text()
        return new Response(text.replace(/"voucherKopecks":\d+/g, '"voucherKopecks":0'), reply)
      },
    })),
  },

  'friends whose goods came back are rewarded': {
    faults: [],
    plants: invitations(({ purchase }) => ({
      purchase: purchase && { ...purchase, keptKopecks: Number.MAX_SAFE_INTEGER },
    })),
  },

  'friends are rewarded a day before their goods have been kept long enough': {
    faults: [],
    plants: invitations(({ purchase }) => ({
      purchase: purchase && {
        ...purchase,
        terms: { ...purchase.terms, wait_days: purchase.terms.wait_days - 1 },
      },
    })),
  },

  'who invites is rewarded however often they were in a month': {
    ...{ faults: [], salesADay: 12 },
    plants: invitations(() => ({ rewardedThisMonth: 0 })),
  },

  'who is parted takes along what the two have earned together': {
    ...{ faults: [], salesADay: 12 },
    plants: () => ({
      cloud: {
        partBy: (kept, given, { parts, ...rest }) =>
          unmergeAccounts(kept, given, {
            ...rest,
            parts: parts.map((part) => ({ ...part, points: Number.POSITIVE_INFINITY })),
          }),
      },
    }),
  },

  'a refund takes back nothing of what was earned': {
    faults: [],
    plants: ledger((requests, loaded) => {
      for (const request of requests) {
        if (request.kind !== 'refund') continue
        for (const operation of loaded.accountOf(request)?.operations.values() ?? [])
          if (operation.quote) operation.quote = { ...operation.quote, awards: [] }
      }
      return [requests, loaded]
    }),
  },

  'two equal purchases are no question': {
    faults: [],
    plants: ledger((requests, loaded) => [
      requests,
      {
        ...loaded,
        rulesIn: (id) => ({
          ...loaded.rulesIn(id),
          settings: { ...loaded.rulesIn(id).settings, duplicate_window_seconds: 0 },
        }),
      },
    ]),
  },
}
