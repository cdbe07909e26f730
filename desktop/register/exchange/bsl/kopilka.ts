import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import type { Item } from '../../../../shared/items.ts'
import { parse } from './parse.ts'
import { bslOf, fieldsOf, type PlatformSetting, platform } from './platform.ts'
import { link, type Value } from './run.ts'

const claimSchema = z.object({ id: z.string(), receipt: z.string().optional(), points: z.number() })
export type Claim = z.infer<typeof claimSchema>

const module = parse(readFileSync(join(import.meta.dirname, '../1c/kopilka.bsl'), 'utf8'))

interface Written {
  kopecks: number
  receipt: string
  protocol: 1 | 2
  items?: Item[] | undefined
  cashier?: string
}

export type Kopilka = ReturnType<typeof openKopilka>

/** What a 1C developer pastes, running: kopilka.bsl word for word, its procedures under our names. */
export function openKopilka({
  place = 'Сервер',
  replaces = true,
  mindsMissing = true,
  onLog = () => {},
  ...setting
}: Pick<PlatformSetting, 'files' | 'folder' | 'clock'> & Partial<PlatformSetting>) {
  const linked = link(module, platform({ ...setting, place, replaces, mindsMissing, onLog }), place)
  const claimOf = (value: Value): Claim | null =>
    value === undefined ? null : claimSchema.parse(Object.fromEntries(fieldsOf(value)))

  return {
    async writeAmount({ kopecks, receipt, protocol, items, cashier = '' }: Written) {
      await linked.call('ЗаписатьСумму', kopecks / 100, receipt, protocol, items && bslOf(items), cashier)
    },
    /** Rubles; 0 where there is nothing to take. */
    takeDiscount: async (receipt: string) => z.number().parse(await linked.call('ЗабратьСкидку', receipt)),
    takeWithId: async (receipt: string) =>
      claimOf(await linked.call('ЗабратьСкидкуСИдентификатором', receipt)),
    /** False where it could not be written: it is to be said again. */
    confirm: async (id: string, applied: boolean, error = '') =>
      z.boolean().parse(await linked.call('ПодтвердитьСкидку', id, applied, error)),
    async clear() {
      await linked.call('ОчиститьСумму')
    },
    unfinished: async () => claimOf(await linked.call('НезавершеннаяСкидка')),
  }
}
