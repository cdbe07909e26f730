import type { z } from 'zod'
import { errorSchema } from '../../shared/api.ts'

/** Pieces of route descriptions, for OpenAPI. */
export const json = <T extends z.ZodType>(description: string, schema: T) => ({
  description,
  content: { 'application/json': { schema } },
})

export const problem = (description: string) => json(description, errorSchema)

export const body = <T extends z.ZodType>(schema: T) => ({
  body: { required: true, content: { 'application/json': { schema } } },
})

export const ofRegister = { security: [{ register: [] }] }
export const ofPerson = { security: [{ telegram: [] }] }
export const commonProblems = {
  400: problem('The request does not have the form of the contract.'),
  401: problem(
    'No key or an unknown one (`unauthorized`), or one that was revoked or replaced (`register_revoked`).',
  ),
  413: problem('The body is larger than this address takes; the message says how much.'),
  415: problem('The body is not application/json.'),
  429: problem('Too many requests; Retry-After says how long to wait.'),
  500: problem('A bug of the server; it is in its log. Send the same operations again later.'),
  503: problem(
    'The database is away; Retry-After says when to ask again. Nothing was executed, or it was whole.',
  ),
}
