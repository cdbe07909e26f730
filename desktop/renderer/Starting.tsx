import { useEffect, useState } from 'react'
import { russian } from './texts.ts'
import './screens/restarting.css'

const LONG_MS = 10_000

/** Before the register has said anything, and so before its language is known. */
export function Starting() {
  const [isLong, setLong] = useState(false)
  useEffect(() => {
    const timer = setTimeout(() => setLong(true), LONG_MS)
    return () => clearTimeout(timer)
  }, [])
  return (
    <main className="restarting">
      <span className="spinner" />
      <h1 className="restarting-title">{russian.start.connecting}</h1>
      <p>{isLong ? russian.start.restartingLong : ''}</p>
    </main>
  )
}
