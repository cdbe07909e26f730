import { z } from 'zod'

/** What people of the chain are there for. Who has several may do what each of them may. */
export const ROLES = ['owner', 'marketing', 'finance', 'support', 'auditor', 'it'] as const
export const roleSchema = z.enum(ROLES)
export type Role = z.infer<typeof roleSchema>

export const isRole = (text: string): text is Role => roleSchema.safeParse(text).success

const PROVEN: readonly Role[] = ['owner', 'finance', 'it']

/** Roles for which a password alone does not open the console. */
export const needsSecondFactor = (roles: readonly Role[]) => roles.some((role) => PROVEN.includes(role))
