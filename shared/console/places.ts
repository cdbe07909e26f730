import { z } from 'zod'
import { instantSchema } from '../operation.ts'
import { csvQuery, idSchema, namedSchema, programmeQuery, storeQuery } from './list.ts'

// Programmes, their stores, and the registers there. They are few, so these lists have no pages.

/** Each with the stores in sight: what filters offer. */
export const programmesSchema = z.object({
  programmes: z.array(
    z.object({
      id: idSchema,
      name: z.string(),
      merchant: z.string(),
      currency: z.string(),
      minorDigits: z.int(),
      timeZone: z.string(),
      pointWords: z.array(z.string()).describe('one, a few, many'),
      stores: z.array(namedSchema),
    }),
  ),
})
export type Programmes = z.infer<typeof programmesSchema>

const hoursSchema = z.object({ opensAt: z.string(), closesAt: z.string(), timeZone: z.string() })

export const storesQuerySchema = z.object({ ...programmeQuery, ...csvQuery })
export const storesSchema = z.object({
  stores: z.array(
    z.object({
      id: idSchema,
      name: z.string(),
      programmeId: idSchema,
      hours: hoursSchema.nullable().describe('null: silent registers of it are no alert'),
      createdAt: instantSchema,
      registers: z.int().describe('revoked ones not counted'),
      silent: z.int(),
      customers: z.int().describe('whom it has seen'),
    }),
  ),
  asOf: instantSchema,
})
export type Stores = z.infer<typeof storesSchema>

export const registersQuerySchema = z.object({
  ...programmeQuery,
  ...storeQuery,
  state: z.enum(['all', 'attention', 'silent']).default('all'),
  ...csvQuery,
})
const alertSchema = z.object({
  kind: z.string(),
  what: z.string(),
  since: instantSchema,
  endedAt: instantSchema.nullable(),
})
const registerSchema = z.object({
  id: idSchema,
  name: z.string(),
  store: namedSchema,
  programmeId: idSchema,
  hours: hoursSchema.nullable(),
  channel: z.string(),
  version: z.string().nullable(),
  lastSeenAt: instantSchema.nullable().describe('null: it has never been heard of'),
  revokedAt: instantSchema.nullable(),
  diagnosticsAskedAt: instantSchema.nullable(),
  isSilent: z.boolean(),
  queueDepth: z.int().nullable().describe('as its last heartbeat said, like what follows'),
  queuedSince: instantSchema.nullable(),
  exchange: z.string().nullable(),
  parked: z.int().nullable(),
  clockOffsetMs: z.number().nullable(),
  update: z
    .object({ state: z.string(), version: z.string().nullable(), problem: z.string().nullable() })
    .nullable(),
  alerts: z.array(alertSchema).describe('open ones'),
  concerns: z.array(z.string()).describe('why IT should look at it; empty: it is healthy'),
})
/** Those that need a person come first, revoked ones last. */
export const registersSchema = z.object({ registers: z.array(registerSchema), asOf: instantSchema })
export type Registers = z.infer<typeof registersSchema>

/** A register with what is known beyond the list. */
export const registerDetailSchema = z.object({
  ...registerSchema.shape,
  errors: z.array(z.object({ at: z.string(), text: z.string() })),
  operations: z.object({ day: z.int(), week: z.int(), latestAt: instantSchema.nullable() }),
  latestAlerts: z.array(alertSchema),
  files: z
    .array(z.object({ id: z.int(), receivedAt: instantSchema, bytes: z.int() }))
    .describe('diagnostics: /fleet/registers/{id}/files/{file}'),
  changes: z.array(z.object({ at: instantSchema, who: z.string(), action: z.string() })),
  codeUntil: instantSchema.nullable().describe('until when a pairing code that was made for it can be used'),
  asOf: instantSchema,
})
export type RegisterDetail = z.infer<typeof registerDetailSchema>

/** By what a programme is run beside its book; the act `settings set` changes one. */
export const settingsQuerySchema = z.object(programmeQuery)
export const programmeSettingsSchema = z.object({
  programme: namedSchema,
  frozenSince: instantSchema.nullable().describe('null: points are earned and spent'),
  settings: z.array(
    z.object({
      key: z.string(),
      value: z.union([z.number(), z.string()]),
      byDefault: z.union([z.number(), z.string()]),
      min: z.number().nullable(),
      max: z.number().nullable(),
      choices: z.array(z.union([z.number(), z.string()])).nullable(),
      description: z.string().nullable(),
    }),
  ),
})
export type ProgrammeSettings = z.infer<typeof programmeSettingsSchema>
