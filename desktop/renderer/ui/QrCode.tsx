import { create } from 'qrcode'

/** Modules of silence around the code, as the standard asks. */
const QUIET = 4

/** Dark on white in every theme: phones read nothing else reliably. */
export function QrCode({ text, label }: { text: string; label: string }) {
  const { modules } = create(text, { errorCorrectionLevel: 'M' })
  const side = modules.size + 2 * QUIET
  const numbers = Array.from({ length: modules.size }, (_, index) => index)
  const dark = numbers.flatMap((row) =>
    numbers
      .filter((column) => modules.get(row, column))
      .map((column) => `M${column + QUIET} ${row + QUIET}h1v1h-1z`),
  )
  return (
    <svg
      className="qr-code"
      viewBox={`0 0 ${side} ${side}`}
      shapeRendering="crispEdges"
      role="img"
      aria-label={label}
    >
      <rect width={side} height={side} fill="#fff" />
      <path d={dark.join('')} fill="#000" />
    </svg>
  )
}
