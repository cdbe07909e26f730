import { create } from 'qrcode'
import { memo, useEffect, useRef } from 'react'

/** Modules of silence around the code, as the standard asks. */
const QUIET = 4

/**
 * Dark on white in every theme: scanners read nothing else reliably. One pixel a module, enlarged by the browser
 * without smoothing.
 */
export const Qr = memo(({ text, label }: { text: string; label: string }) => {
  const ref = useRef<HTMLCanvasElement>(null)
  const { modules } = create(text, { errorCorrectionLevel: 'M' })
  const side = modules.size + 2 * QUIET

  useEffect(() => {
    const context = ref.current?.getContext('2d')
    if (!context) return
    context.fillStyle = '#fff'
    context.fillRect(0, 0, side, side)
    context.fillStyle = '#000'
    for (let row = 0; row < modules.size; row += 1)
      for (let column = 0; column < modules.size; column += 1)
        if (modules.get(row, column)) context.fillRect(column + QUIET, row + QUIET, 1, 1)
  }, [modules, side])

  return <canvas className="qr" ref={ref} width={side} height={side} role="img" aria-label={label} />
})
