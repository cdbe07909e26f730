import { useEffect, useState } from 'react'
import { useStore } from 'zustand'
import { useKeys } from '../../keyboard.ts'
import { cameraChoice, chooseCamera, listCameras } from '../../scan/cameraChoice.ts'
import { useTexts } from '../../screen.ts'

/** Which camera looks, with its picture in the corner; and what a scanner has read. */
export function Scanners() {
  const { settings } = useTexts()
  const choice = useStore(cameraChoice, (state) => state.choice)
  const cameras = useCameras()
  const [scanned, setScanned] = useState<string | null>(null)
  useKeys({ scan: setScanned })
  const isChosen = (id: string) => choice.type === 'device' && choice.id === id
  return (
    <div className="form scanner-test">
      <fieldset className="field choices">
        <legend>{settings.camera}</legend>
        <button
          type="button"
          className="button"
          aria-pressed={choice.type === 'auto'}
          onClick={() => chooseCamera({ type: 'auto' })}
        >
          {settings.cameraDefault}
        </button>
        {cameras.map(({ id, label }, index) => (
          <button
            key={id}
            type="button"
            className="button"
            aria-pressed={isChosen(id)}
            onClick={() => chooseCamera({ type: 'device', id, label })}
          >
            {label || settings.cameraUnnamed(index + 1)}
          </button>
        ))}
        <button
          type="button"
          className="button"
          aria-pressed={choice.type === 'off'}
          onClick={() => chooseCamera({ type: 'off' })}
        >
          {settings.cameraOff}
        </button>
      </fieldset>
      <p className="field-hint">{settings.cameraKept}</p>
      <div className="field">
        <h3>{settings.scannerTest}</h3>
        <p className="field-hint">{settings.scannerTestHint}</p>
        <output className="scanned num" aria-live="polite">
          {scanned === null ? '' : settings.scanned(scanned)}
        </output>
      </div>
    </div>
  )
}

function useCameras(): { id: string; label: string }[] {
  const [cameras, setCameras] = useState<{ id: string; label: string }[]>([])
  useEffect(() => {
    let isOver = false
    const look = () =>
      listCameras().then(
        (found) => !isOver && setCameras(found),
        () => !isOver && setCameras([]),
      )
    look()
    navigator.mediaDevices?.addEventListener('devicechange', look)
    return () => {
      isOver = true
      navigator.mediaDevices?.removeEventListener('devicechange', look)
    }
  }, [])
  return cameras
}
