interface LinesProps {
  /** A value of null: there is nothing to say of it. */
  rows: [name: string, value: string | null][]
  /** The text changes under the cashier's eyes. */
  isLive?: boolean
}

/** What was done, or would be: each sum with its name. */
export function Lines({ rows, isLive = false }: LinesProps) {
  return (
    <dl className="lines num" aria-live={isLive ? 'polite' : undefined}>
      {rows.map(
        ([name, value]) =>
          value !== null && (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{value}</dd>
            </div>
          ),
      )}
    </dl>
  )
}
