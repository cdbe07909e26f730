import { rm, writeFile } from 'node:fs/promises'
import { z } from 'zod'
import { moment, toIso } from '../../shared/time.ts'
import { type VoucherBatch, voucherBatchSchema } from '../../shared/voucherBatch.ts'
import { readVoucherCode } from '../../shared/voucherCode.ts'
import { whyVouchersUnknown } from '../access/voucherKey.ts'
import { ActError, askWithin, InputError, perform } from '../acts/act.ts'
import { idInput, textInput } from '../acts/inputs.ts'
import { findProgramme, programmeInput } from '../acts/programmes.ts'
import { addVouchers, exportVouchers, voidVouchers } from '../acts/vouchers.ts'
import { type Batch, readBatches, readVoucher } from '../vouchers/batches.ts'
import { csvOfCodes, printSheet } from '../vouchers/sheets.ts'
import { type Command, command, commandOf, type House } from './command.ts'
import { table } from './print.ts'
import { readWrittenFile } from './writtenFile.ts'

const outputs = { csv: textInput.optional(), print: textInput.optional() }
const addInput = z.strictObject({ file: z.string().min(1), programme: programmeInput, ...outputs })

/** Every problem of a batch, each with its path. */
function readBatch(written: unknown): VoucherBatch {
  const read = voucherBatchSchema.safeParse(written)
  if (read.success) return read.data
  const problems = read.error.issues.map(
    ({ path, message }) => `${path.join('.') || 'the document'}: ${message}`,
  )
  throw new InputError(`No vouchers were made. ${problems.join('. ')}.`)
}

/** Makes them and takes their codes out at once: whoever has the server has the key as well. */
async function addFile(house: House, { file, programme, ...wanted }: z.output<typeof addInput>) {
  const batch = readBatch(await readWrittenFile(file))
  return await tellInto(house, wanted, () =>
    house.sql.begin(async (sql) => {
      const added = await askWithin(sql, addVouchers, { batch, programme }, house)
      if (added.status !== 'done') throw new ActError('needs_approval', 'It waits for approval.')
      const out = await askWithin(sql, exportVouchers, { batch: added.result.batchId }, house)
      if (out.status !== 'done') throw new Error('an export needs no approval')
      return out.result
    }),
  )
}

const exportInput = z.strictObject({ batch: idInput, ...outputs })

async function takeOut(house: House, { batch, ...wanted }: z.output<typeof exportInput>) {
  return await tellInto(house, wanted, () => perform(exportVouchers, { batch }, house))
}

type Exported = Awaited<ReturnType<typeof exportVouchers.run>>['result']

const toldOf = ({ batchId, codes }: Exported) => ({
  batchId,
  codes: codes.map(({ code }) => code),
  ...(codes.some(({ card }) => card !== null) && { cards: codes.map(({ card }) => card) }),
})

type Sheets = { csv?: string | undefined; print?: string | undefined }

/**
 * Codes are told once. So their files are begun before: where one cannot be written, or is there already, nothing is told and nothing
 * was made. What a disk has no room for afterwards is told on the screen all the same.
 */
async function tellInto({ warn }: House, { csv, print }: Sheets, tell: () => Promise<Exported>) {
  const exported = await withFiles([csv, print], tell)
  const write = async (file: string | undefined, text: string) => {
    if (file !== undefined)
      await writeFile(file, text).catch(({ message }: Error) =>
        warn(`Keep the codes from here: ${file} does not have them: ${message}.`),
      )
  }
  await write(csv, csvOfCodes(exported.codes))
  if (print !== undefined) await write(print, await printSheet(exported))
  return toldOf(exported)
}

/** Where it fails the files are gone again. */
async function withFiles<T>(files: (string | undefined)[], work: () => Promise<T>): Promise<T> {
  const begun: string[] = []
  try {
    for (const file of files.filter((file) => file !== undefined)) {
      await begin(file)
      begun.push(file)
    }
    return await work()
  } catch (error) {
    for (const file of begun) await rm(file, { force: true })
    throw error
  }
}

/** For the owner's eyes only, and never over codes of before. */
async function begin(file: string): Promise<void> {
  await writeFile(file, '', { flag: 'wx', mode: 0o600 }).catch(({ message }: Error) => {
    throw new InputError(`${file} cannot be written: ${message}. No code was told.`)
  })
}

const shown = ({ createdAt, exportedAt, voidedAt, programmeId: _, ...batch }: Batch) => ({
  ...batch,
  createdAt: toIso(createdAt),
  exportedAt: exportedAt === null ? null : toIso(exportedAt),
  voidedAt: voidedAt === null ? null : toIso(voidedAt),
})

async function list({ sql }: House, { programme }: { programme?: string | undefined }) {
  const { id: programmeId } = await findProgramme(sql, programme)
  return { batches: (await readBatches(sql, { programmeId })).map(shown) }
}

const showInput = z.strictObject({
  batch: idInput.optional(),
  code: textInput.optional(),
  programme: programmeInput,
})

/** A batch, or where one code stands. */
async function show({ sql, voucherKey }: House, { batch, code, programme }: z.output<typeof showInput>) {
  const { id: programmeId } = await findProgramme(sql, programme)
  if (code === undefined && batch === undefined) throw new InputError('Either --batch or --code is missing.')
  const read = code === undefined ? null : readVoucherCode(code)
  const voucher = read ? await readVoucher(sql, { programmeId, hash: voucherKey().hash(read) }) : null
  if (code !== undefined && !voucher) {
    const otherKey = await whyVouchersUnknown(sql, voucherKey)
    throw new ActError('voucher_not_found', otherKey ?? 'There is no such code.')
  }
  const batchId = voucher?.batchId ?? batch ?? 0
  const [found] = await readBatches(sql, { programmeId, batchId })
  if (!found)
    throw new ActError('batch_not_found', `There is no batch of vouchers ${batchId}: see "voucher list".`)
  return { ...shown(found), ...(voucher && { voucher }) }
}

const headings = ['batch', 'title', 'made (UTC)', 'codes', 'held', 'used', 'taken out (UTC)', 'void (UTC)']
const rowOf = (batch: ReturnType<typeof shown>) => [
  ...[batch.batchId, batch.title, moment(batch.createdAt), batch.codes, batch.held, batch.used],
  ...[batch.exportedAt, batch.voidedAt].map((at) => at && moment(at)),
]

export const voucherCommands: Record<string, Command> = {
  'voucher add': command({
    usage: 'voucher add <batch.json> [--csv <file>] [--print <file.html>] [--programme <id or name>]',
    input: addInput,
    positionals: ['file'],
    run: addFile,
    text: ({ batchId, codes }) =>
      `Batch ${batchId} has these codes. They are told once: keep them, and keep them secret.\n${codes.join('\n')}`,
  }),
  'voucher export': command({
    usage: 'voucher export --batch <number> [--csv <file>] [--print <file.html>]',
    input: exportInput,
    run: takeOut,
    text: ({ batchId, codes }) =>
      `The codes of batch ${batchId}. They are told once: keep them, and keep them secret.\n${codes.join('\n')}`,
  }),
  'voucher list': command({
    usage: 'voucher list [--programme <id or name>]',
    input: z.strictObject({ programme: programmeInput }),
    run: list,
    text: ({ batches }) =>
      batches.length === 0 ? 'There are no vouchers.' : table(headings, batches.map(rowOf)),
  }),
  'voucher show': command({
    usage: 'voucher show --batch <number> | --code <code> [--programme <id or name>]',
    input: showInput,
    run: show,
    text: ({ voucher, terms, ...batch }) =>
      [
        table(headings, [rowOf({ ...batch, terms })]),
        JSON.stringify(terms, null, 2),
        ...(voucher ? [JSON.stringify(voucher, null, 2)] : []),
      ].join('\n\n'),
  }),
  'voucher void': commandOf(voidVouchers, {
    usage: 'voucher void --batch <number> [--code <code>] --reason <why>',
    text: ({ batchId, voided }) =>
      voided === 0 ? 'It was void already.' : `Void in batch ${batchId}: ${voided}.`,
  }),
}
