import { once } from 'node:events'
import { connect } from 'node:net'
import type { Sql } from '../database/connect.ts'

/**
 * Counts how often these connections, which nobody has used yet, say something after they have heard an answer. Where
 * nothing that was asked is waited for, nothing is heard in between, however busy the machine is.
 */
export function countRoundTrips(sql: Sql): () => number {
  let trips = 0
  let isHeard = true
  const { host, port } = sql.options
  Object.assign(sql.options, {
    async socket() {
      const socket = connect(port[0] ?? 5432, host[0])
      await once(socket, 'connect')
      socket.on('data', () => {
        isHeard = true
      })
      return socket
    },
    debug() {
      if (isHeard) trips += 1
      isHeard = false
    },
  })
  return () => trips
}
