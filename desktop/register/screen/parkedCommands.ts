import { mendText } from '../../../shared/text.ts'
import { toIso } from '../../../shared/time.ts'
import { done, type Handlers, type Handling, refuse } from './handling.ts'

type ParkedHandlers = Pick<Handlers, 'retryParked' | 'handOverParked'>

/** The commands of operations that are parked and need a person. */
export function parkedHandlers({ outbox, lists, connector, journalChanged }: Handling): ParkedHandlers {
  return {
    retryParked({ operationId }) {
      if (!outbox.retry(operationId)) return refuse('not_parked')
      connector.wake()
      journalChanged()
      return done
    },

    async handOverParked({ operationId }) {
      const parked = lists.parked().find(({ id }) => id === operationId)
      if (!parked) return refuse('not_parked')
      const { id, kind, at, card, purchaseKopecks, points, code, message } = parked
      const connection = connector.current()
      const reply = await connection?.client.handOver(
        {
          ...{ id, kind, card, purchaseKopecks, points, code },
          at: toIso(at),
          message: mendText(message, 1000),
        },
        connection.signal,
      )
      if (!reply?.ok) return refuse('cloud_away', reply?.message)
      outbox.handOver(operationId)
      journalChanged()
      return done
    },
  }
}
