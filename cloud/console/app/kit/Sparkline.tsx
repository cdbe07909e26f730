const [WIDTH, HEIGHT] = [120, 28]

/** How a figure went from day to day, as small as a word. What it says is told beside it, and its numbers stand elsewhere. */
export function Sparkline({ label, values }: { label: string; values: number[] }) {
  const most = Math.max(1, ...values)
  const step = WIDTH / Math.max(1, values.length - 1)
  // A line has a width, of which half would be cut off at the edges.
  const points = values.map((value, day) => `${day * step},${HEIGHT - 1 - (value / most) * (HEIGHT - 2)}`)
  return (
    <svg
      className="sparkline"
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      preserveAspectRatio="none"
      role="img"
      aria-label={label}
    >
      <polygon points={`0,${HEIGHT} ${points.join(' ')} ${WIDTH},${HEIGHT}`} />
      <polyline points={points.join(' ')} />
    </svg>
  )
}
