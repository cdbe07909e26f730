import { z } from 'zod'
import { worthKopecks } from '../../shared/money.ts'
import { DEFAULT_TIME_ZONE, toIso } from '../../shared/time.ts'
import { MOST_VOUCHERS, type VoucherAudience, voucherBatchSchema } from '../../shared/voucherBatch.ts'
import { readVoucherCode } from '../../shared/voucherCode.ts'
import { isKeyOf, MADE_WITH_ANOTHER_KEY } from '../access/voucherKey.ts'
import type { Tx } from '../database/connect.ts'
import { authorName } from '../ledger/rows.ts'
import { readThresholds } from '../ledger/thresholds.ts'
import { type Batch, codesOfBatch, insertBatch, readBatches, worthOfBatch } from '../vouchers/batches.ts'
import { namesOfStores } from '../vouchers/mine.ts'
import { ActError, act, InputError } from './act.ts'
import { idInput, textInput } from './inputs.ts'
import { canonical } from './once.ts'
import { type Place, placeOfProgramme } from './place.ts'
import { findProgramme, programmeInput } from './programmes.ts'
import { countCodes, ownersOf } from './voucherOwners.ts'

/** Makes a batch. One that may give more than one person may give by a book is approved by two others. */
export const addVouchers = act({
  name: 'voucher add',
  title: 'Make a batch of vouchers',
  input: z.strictObject({ batch: voucherBatchSchema, programme: programmeInput }),
  place: (sql, { programme }) => placeOfProgramme(sql, programme),
  async weigh(sql, { batch, programme }, { now, proposal, timeZone = DEFAULT_TIME_ZONE }) {
    const { id: programmeId } = await findProgramme(sql, programme)
    const { approval_book_kopecks: most } = await readThresholds(sql, programmeId)
    const { codes, definition } = await countCodes(sql, { programmeId, now, timeZone }, batch.audience)
    const kopecks = worthOfBatch(batch, codes)
    if (proposal === undefined && kopecks <= most) return null
    return {
      programmeId,
      effect: { points: Math.floor(kopecks / worthKopecks(1)), kopecks },
      // The members of a segment change by the hour: approvals are for its definition.
      basis: definition ? { definition: canonical(definition) } : { kopecks },
    }
  },
  async run(sql, { batch, programme }, { who, now, voucherKey, timeZone = DEFAULT_TIME_ZONE }) {
    const { id: programmeId } = await findProgramme(sql, programme)
    const key = voucherKey()
    if (!(await isKeyOf(sql, key))) throw otherKey()
    const { owners, unknown } = await ownersOf(sql, { programmeId, now, timeZone }, batch.audience)
    refuseOwners(batch.audience, owners.length)
    if (unknown.length > 0)
      throw new InputError(`Nothing was made. audience cards: nobody has ${unknown.slice(0, 5).join(', ')}.`)
    await refuseUnknownStores(sql, programmeId, batch.stores)
    const by = authorName(who)
    const batchId = await insertBatch(sql, { programmeId, batch, owners, key, by, now })
    const after = {
      title: batch.title,
      gives: batch.gives.type,
      worthKopecks: worthOfBatch(batch, owners.length),
      codes: owners.length,
    }
    return { result: { batchId }, change: { subject: `voucher batch ${batchId}`, after } }
  },
})

function refuseOwners(audience: VoucherAudience, owners: number): void {
  if (audience.type !== 'segment') return
  if (owners === 0)
    throw new InputError(
      `Nothing was made. audience segment: nobody is in ${audience.segment}, or there is none of that name.`,
    )
  if (owners > MOST_VOUCHERS)
    throw new InputError(
      `Nothing was made. audience segment: ${owners} are in ${audience.segment}, and a batch has at most ${MOST_VOUCHERS} codes.`,
    )
}

const otherKey = () => new ActError('voucher_key_differs', `${MADE_WITH_ANOTHER_KEY} Nothing was changed.`)

async function refuseUnknownStores(sql: Tx, programmeId: number, stores: number[] = []): Promise<void> {
  const known = await sql<{ id: number }[]>`
    select id from stores where programme_id = ${programmeId} and id = any(${stores}::int[])`
  const missing = stores.filter((store) => !known.some(({ id }) => id === store))
  if (missing.length > 0)
    throw new InputError(`Nothing was made. stores: the programme has no store ${missing.join(', ')}.`)
}

/** Exports the codes of a batch, once, as they would leave on paper: to have codes again, another batch is made. */
export const exportVouchers = act({
  name: 'voucher export',
  title: 'Take out the codes of a batch, once',
  isSecret: true,
  input: z.strictObject({ batch: idInput }),
  place: placeOfBatch,
  async run(sql, { batch: batchId }, { who, now, voucherKey }) {
    const batch = await findBatch(sql, batchId)
    if (batch.exportedAt !== null)
      throw new ActError(
        'vouchers_exported',
        `The codes of batch ${batchId} were taken out by ${batch.exportedBy} at ${toIso(batch.exportedAt)}. ` +
          'They are told once: make another batch, and void this one where it is lost.',
      )
    const key = voucherKey()
    if (!(await isKeyOf(sql, key))) throw otherKey()
    await sql`
      update voucher_batches set exported_at = ${toIso(now)}, exported_by = ${authorName(who)} where id = ${batchId}`
    const codes = await codesOfBatch(sql, key, batchId)
    const { terms, title } = batch
    const names = await namesOfStores(sql, terms.stores ?? [])
    const stores = terms.stores?.map((id) => names.get(id) ?? String(id)) ?? null
    return {
      result: { batchId, title, terms, stores, codes },
      change: { subject: `voucher batch ${batchId}`, after: { exported: codes.length } },
    }
  },
})

/** Voids vouchers. A use that is held by then comes to its end; used ones stay used. */
export const voidVouchers = act({
  name: 'voucher void',
  title: 'Void a batch of vouchers, or one of its codes',
  input: z.strictObject({ batch: idInput, code: textInput.optional(), reason: textInput }),
  place: placeOfBatch,
  async run(sql, { batch: batchId, code: written, reason }, { who, now, voucherKey }) {
    const batch = await findBatch(sql, batchId)
    const subject = `voucher batch ${batchId}`
    if (written === undefined) {
      if (batch.voidedAt !== null) return { result: { batchId, voided: 0 }, change: null }
      await sql`
        update voucher_batches set voided_at = ${toIso(now)}, voided_by = ${authorName(who)}, void_reason = ${reason}
        where id = ${batchId}`
      const voided = batch.codes - batch.voided
      return { result: { batchId, voided }, change: { subject, after: { voided, reason } } }
    }
    const code = readVoucherCode(written)
    const found = code
      ? await sql<{ serial: number; isVoid: boolean }[]>`
          select serial, voided_at is not null as "isVoid" from vouchers
          where batch_id = ${batchId} and hash = ${Buffer.from(voucherKey().hash(code), 'hex')} for no key update`
      : []
    const [voucher] = found
    if (!voucher)
      throw new ActError('voucher_not_found', `Batch ${batchId} has no such code. Nothing was changed.`)
    if (voucher.isVoid) return { result: { batchId, voided: 0 }, change: null }
    await sql`
      update vouchers set voided_at = ${toIso(now)} where batch_id = ${batchId} and serial = ${voucher.serial}`
    // The log of changes is kept for ever, and has no codes.
    return {
      result: { batchId, voided: 1 },
      change: { subject, after: { voided: 1, serial: voucher.serial, reason } },
    }
  },
})

async function findBatch(sql: Tx, batchId: number): Promise<Batch> {
  const [row] = await sql<{ programmeId: number }[]>`
    select programme_id as "programmeId" from voucher_batches where id = ${batchId} for no key update`
  const [batch] = row ? await readBatches(sql, { ...row, batchId }) : []
  if (!batch)
    throw new ActError('batch_not_found', `There is no batch of vouchers ${batchId}: see "voucher list".`)
  return batch
}

async function placeOfBatch(sql: Tx, { batch }: { batch: number }): Promise<Place | null> {
  const [row] = await sql<{ programmeId: number }[]>`
    select programme_id as "programmeId" from voucher_batches where id = ${batch}`
  return row ? { ...row, stores: 'all' } : null
}
