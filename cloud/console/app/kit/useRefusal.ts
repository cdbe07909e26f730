import { useEffect, useRef, useState } from 'react'

/** What a form does instead of being sent: it leads to the first field that is wrong, once that is marked. */
export function useRefusal() {
  const form = useRef<HTMLFormElement>(null)
  const [times, setTimes] = useState(0)
  useEffect(() => {
    if (times > 0) form.current?.querySelector<HTMLElement>('[aria-invalid]')?.focus()
  }, [times])
  return { form, refuse: () => setTimes((times) => times + 1) }
}
