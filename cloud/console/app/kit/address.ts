import { useNavigate, useSearch } from '@tanstack/react-router'
import { useMemo } from 'react'

/** A part of a page's state, kept in its address: a link to it shows the same, and the browser's back undoes it. */
export function useAddress<Name extends string>(names: readonly Name[]) {
  const search = useSearch({ strict: false })
  const navigate = useNavigate()
  const values = useMemo(
    () => Object.fromEntries(names.map((name) => [name, search[name]])) as Partial<Record<Name, string>>,
    [names, search],
  )
  /** What a list is asked anew for begins at its first page again. */
  const change = (changes: Partial<Record<Name, string | undefined>>, { isPage = false } = {}) =>
    navigate({
      to: '.',
      search: (previous: Record<string, string | undefined>) => {
        const next = { ...previous, ...(isPage ? {} : { after: undefined, before: undefined }), ...changes }
        return Object.fromEntries(Object.entries(next).filter(([, value]) => value))
      },
    })
  return [values, change] as const
}
