import { memo } from 'react'
import { barsOf } from './code128.ts'

/** Modules of silence at either side, as the standard asks. */
const QUIET = 10

/** Of the card itself, for a laser: it names the card and proves nothing. */
export const Barcode = memo(({ digits, label }: { digits: string; label: string }) => {
  const { bars, width } = barsOf(digits)
  return (
    <svg
      className="barcode"
      viewBox={`0 0 ${width + 2 * QUIET} 22`}
      preserveAspectRatio="none"
      shapeRendering="crispEdges"
      role="img"
      aria-label={label}
    >
      <rect width={width + 2 * QUIET} height="22" fill="#fff" />
      {bars.map((bar) => (
        <rect key={bar.at} x={bar.at + QUIET} width={bar.width} height="22" fill="#000" />
      ))}
    </svg>
  )
})
