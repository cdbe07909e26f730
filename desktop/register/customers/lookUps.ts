import type { Log } from '../machine/log.ts'
import type { Event } from '../session/state.ts'
import type { SessionStore } from '../session/store.ts'
import type { SettingsFile } from '../settings/settings.ts'
import type { Connection } from '../sync/connection.ts'
import type { LineState } from '../sync/line.ts'
import type { CloudTime } from '../time/cloudTime.ts'
import { askForVoucher } from './askForVoucher.ts'
import { findCustomer } from './findCustomer.ts'

export interface LookUpsOptions {
  connection: () => Connection | null
  settings: Pick<SettingsFile, 'current'>
  time: CloudTime
  session: Pick<SessionStore, 'get' | 'dispatch'>
  log: Log
}

/** Looks customers up, and again where a customer is known from the copy alone. */
export function createLookUps({ connection, settings, time, session, log }: LookUpsOptions) {
  function find(
    asked: { searchId: number; code: string },
    tell: (event: Event) => void = session.dispatch,
  ): void {
    const { codeKey = null, frozenSince } = settings.current().known ?? {}
    const isProgrammeFrozen = frozenSince !== undefined
    findCustomer(asked, { connection: connection(), codeKey, isProgrammeFrozen, time, tell }).catch(
      (error) => {
        log.error({ err: error }, 'a look-up failed')
        tell({ type: 'not_found', searchId: asked.searchId, reason: 'cloud_away' })
      },
    )
  }

  function findVoucher(asked: { searchId: number; code: string; card: string }): void {
    askForVoucher(asked, { connection: connection(), tell: session.dispatch }).catch((error) => {
      log.error({ err: error }, 'a voucher could not be looked up')
      session.dispatch({
        ...{ type: 'voucher_missed', searchId: asked.searchId, reason: 'cloud_away', title: null },
      })
    })
  }

  return {
    find,
    findVoucher,

    /**
     * A customer known from the copy is asked for again when the cloud is back: then points can be spent. By card,
     * because the code was live when it was shown.
     */
    lineMoved({ line }: LineState): void {
      const { latest, customer, act } = session.get()
      if (line !== 'online' || !latest || !customer || customer.source === 'cloud' || act) return
      find({ searchId: latest.id, code: customer.card }, (event) => {
        if (session.get().customer?.card === customer.card) session.dispatch(event)
      })
    },
  }
}
