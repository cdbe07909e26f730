import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { ask, get } from './api.ts'
import { problemOf } from './problem.ts'
import { useSession } from './session.ts'

type Query = Record<string, string | number | undefined>

/** What a route of the console says. While another page of a list comes, the one before stays. */
export function useReading<Reply>(path: string, query: Query = {}, { isOn = true, everyMs = 0 } = {}) {
  return useQuery({
    queryKey: [path, query],
    queryFn: ({ signal }) => get<Reply>(path, { query, signal, isByPage: everyMs > 0 }),
    placeholderData: keepPreviousData,
    enabled: isOn,
    ...(everyMs > 0 && { refetchInterval: everyMs }),
  })
}

/** When it was read, where the route itself does not say. */
export const asOf = ({ dataUpdatedAt }: { dataUpdatedAt: number }) => new Date(dataUpdatedAt).toISOString()

/** What a route says of something that is too long for an address; null: there is nothing to ask yet. */
export function usePosted<Reply>(path: string, json: object | null) {
  const { csrf } = useSession()
  return useQuery({
    queryKey: [path, json, csrf],
    queryFn: ({ signal }) => ask<Reply>('POST', path, { json, signal, headers: { 'x-csrf-token': csrf } }),
    placeholderData: keepPreviousData,
    enabled: json !== null,
  })
}

/** Once more for an outage, which is over in seconds; a refusal stays one. */
export const retry = (failures: number, error: unknown) => failures < 2 && problemOf(error).isOpen
