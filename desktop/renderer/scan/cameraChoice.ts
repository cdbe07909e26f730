import { createStore } from 'zustand'

/** Which camera this computer looks with. The label finds it again when its id has changed. */
export type CameraChoice = { type: 'auto' } | { type: 'off' } | { type: 'device'; id: string; label: string }

const KEY = 'kopilka.camera'

export const cameraChoice = createStore<{ choice: CameraChoice }>(() => ({ choice: load() }))

export function chooseCamera(choice: CameraChoice): void {
  localStorage.setItem(KEY, JSON.stringify(choice))
  cameraChoice.setState({ choice })
}

function load(): CameraChoice {
  try {
    return (JSON.parse(localStorage.getItem(KEY) ?? 'null') as CameraChoice | null) ?? { type: 'auto' }
  } catch {
    return { type: 'auto' }
  }
}

/** Labels are empty until a camera was allowed once. */
export async function listCameras(): Promise<{ id: string; label: string }[]> {
  const devices = await navigator.mediaDevices?.enumerateDevices()
  return (devices ?? [])
    .filter(({ kind, deviceId }) => kind === 'videoinput' && deviceId !== '')
    .map(({ deviceId, label }) => ({ id: deviceId, label }))
}
