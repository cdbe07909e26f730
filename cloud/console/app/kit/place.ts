import { useAddress } from './address.ts'

const names = ['programme', 'store'] as const

/** For which programme, and which of its stores, the figures are asked. */
export function usePlace(): { programme?: string; store?: string } {
  const [{ programme, store }] = useAddress(names)
  return { ...(programme && { programme }), ...(store && { store }) }
}
