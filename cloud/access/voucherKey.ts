import { createHash, createHmac, hkdfSync, randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { VOUCHER_CODES, voucherCodeOf } from '../../shared/voucherCode.ts'
import type { Sql, Tx } from '../database/connect.ts'
import { syncFolderNow } from '../syncFolder.ts'

/**
 * What codes are made and kept by. It is never in the database: there a code is only its keyed hash, so that a dump
 * tells no code that is still unused, and a batch has a salt from which its codes follow for whoever has the key.
 */
export interface VoucherKey {
  fingerprint: Buffer
  /** The form in which a code is stored and compared, in hexadecimal. */
  hash(code: string): string
  /** The code of a batch with this number. */
  codeOf(salt: Buffer, serial: number): string
}

export function voucherKeyOf(secret: string | Buffer): VoucherKey {
  const keyFor = (purpose: string) => Buffer.from(hkdfSync('sha256', secret, '', `voucher ${purpose}`, 32))
  const [ofHashes, ofCodes] = [keyFor('hash'), keyFor('code')]
  return {
    fingerprint: createHash('sha256').update(keyFor('fingerprint')).digest(),
    hash: (code) => createHmac('sha256', ofHashes).update(code).digest('hex'),
    codeOf(salt, serial) {
      const drawn = createHmac('sha256', ofCodes).update(salt).update(`:${serial}`).digest()
      // 128 bits against 44: no code is likelier than another by more than nothing.
      const number = drawn.readBigUInt64BE(0) * 2n ** 64n + drawn.readBigUInt64BE(8)
      return voucherCodeOf(number % VOUCHER_CODES)
    },
  }
}

/**
 * The key of the configuration, or that of the data folder, where the first who needs one makes it. Read when it is needed; who
 * only looks whether it is the right one makes none.
 */
export function openVoucherKey({
  voucherKey,
  dataDir,
}: {
  voucherKey: string | undefined
  dataDir: string
}): ReadVoucherKey {
  const file = join(dataDir, 'voucher.key')
  let opened: VoucherKey | null = null
  return ({ mayMake } = { mayMake: true }) => {
    if (mayMake && voucherKey === undefined && !existsSync(file)) make(file, dataDir)
    opened ??= voucherKeyOf(voucherKey ?? readKey(file))
    return opened
  }
}

type ReadVoucherKey = (how?: { mayMake: boolean }) => VoucherKey

function readKey(file: string): Buffer {
  const key = readFileSync(file)
  if (key.length !== 32)
    throw new Error(`${file} is no voucher key: it has ${key.length} bytes instead of 32`)
  return key
}

/**
 * It has its name once it is whole: no process meets a half of it, and a full disk leaves none. The first proposal is everybody's key:
 * a rename puts no folder over one that has something in it, and unlike a hard link it is there on each file system.
 */
function make(file: string, folder: string): void {
  mkdirSync(folder, { recursive: true })
  const own = mkdtempSync(`${file}.`)
  const [proposal, draft, chosen] = [join(own, 'proposal'), join(own, 'draft'), `${file}.chosen`]
  const whole = { flag: 'wx', mode: 0o600, flush: true }
  try {
    mkdirSync(proposal)
    writeFileSync(join(proposal, 'key'), randomBytes(32), whole)
    renameUnlessThere(proposal, chosen)
    const key = readFileSync(join(chosen, 'key'))
    // Only what was chosen first is found before there is a file: whoever writes it, writes the same.
    if (!existsSync(file)) {
      writeFileSync(draft, key, whole)
      renameSync(draft, file)
      syncFolderNow(folder)
    }
    renameSync(chosen, join(own, 'done'))
  } catch (error) {
    // Somebody else was through with it meanwhile.
    if (!existsSync(file)) throw error
  } finally {
    rmSync(own, { recursive: true, force: true })
  }
}

function renameUnlessThere(from: string, to: string): void {
  try {
    renameSync(from, to)
  } catch (error) {
    if (!existsSync(to)) throw error
  }
}

/** Whether the codes in the database are kept by this key; of a database without any, whichever comes first. */
export async function isKeyOf(sql: Sql | Tx, { fingerprint }: VoucherKey): Promise<boolean> {
  await sql`insert into voucher_key (fingerprint) values (${fingerprint}) on conflict do nothing`
  const [row] = await sql<{ fingerprint: Buffer }[]>`select fingerprint from voucher_key`
  return row !== undefined && fingerprint.equals(row.fingerprint)
}

/** Why every till would say of every voucher that there is none: for whoever can put the key back. Null where all is well. */
export async function whyVouchersUnknown(sql: Sql, key: ReadVoucherKey): Promise<string | null> {
  const [row] = await sql<{ fingerprint: Buffer }[]>`select fingerprint from voucher_key`
  if (row === undefined) return null
  try {
    return key({ mayMake: false }).fingerprint.equals(row.fingerprint) ? null : MADE_WITH_ANOTHER_KEY
  } catch (error) {
    return `The key of the vouchers cannot be read: ${(error as Error).message}. ${PUT_BACK}`
  }
}

const PUT_BACK =
  'Set VOUCHER_KEY to the one they were made with, or put its voucher.key into KOPILKA_DATA, and start the cloud again.'
export const MADE_WITH_ANOTHER_KEY = `The vouchers of this database were made with another key. ${PUT_BACK}`
