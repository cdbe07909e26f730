import { z } from 'zod'
import type { Instant } from '../../shared/time.ts'
import { askDiagnostics, makePairingCode, revokeKey, setChannel } from '../access/registers/changes.ts'
import type { Sql } from '../database/connect.ts'
import { ApiFailure } from '../http/errors.ts'
import type { ActionName } from './pages/actions.ts'
import type { Viewer } from './pages/layout.ts'
import type { FleetRegister } from './read.ts'

const channelSchema = z.enum(['stable', 'beta'])

interface Act {
  name: ActionName
  register: FleetRegister
  form: Record<string, unknown>
  viewer: Viewer
  now: Instant
}

/** Does it, and writes down who did. A pairing code is in the answer and nowhere else. */
export async function act(
  sql: Sql,
  { name, register, form, viewer, now }: Act,
): Promise<{ code: string; expiresAt: string } | null> {
  const { registerId } = register
  const who = `it:${viewer.account}`
  return await sql.begin(async (sql) => {
    switch (name) {
      case 'code':
        return await makePairingCode(sql, { storeId: register.store.id, registerId, who, now })
      case 'channel': {
        const channel = channelSchema.safeParse(form.channel)
        if (!channel.success) throw new ApiFailure(400, 'malformed', 'The channels are stable and beta.')
        await setChannel(sql, { registerId, channel: channel.data, who })
        return null
      }
      case 'diagnostics':
        await askDiagnostics(sql, { registerId, who, now })
        return null
      case 'revoke':
        await revokeKey(sql, { registerId, who, now })
        return null
    }
  })
}
