import { parentPort, workerData } from 'node:worker_threads'
import { connect } from '../cloud/database/connect.ts'
import { proposeGift } from '../cloud/demo/staff.ts'
import { type Setting, seedYear } from '../cloud/demo/year/seedYear.ts'

export type YearWanted = Setting & { databaseUrl: string }

const { databaseUrl, ...setting } = workerData as YearWanted
const sql = connect(databaseUrl, { poolSize: 2, name: 'kopilka demo' })
const { operations, members } = await seedYear(sql, setting)
const [card] = members
if (card !== undefined) await proposeGift(sql, { card, now: setting.now })
await sql.end({ timeout: 5 })
parentPort?.postMessage(operations)
