import { Html5Qrcode, Html5QrcodeScannerState, Html5QrcodeSupportedFormats } from 'html5-qrcode'
import { type CameraChoice, listCameras } from './cameraChoice.ts'
import type { CameraProblem } from './cameraProblem.ts'
import { problemOf } from './cameraProblem.ts'
import { installDetector } from './detector.ts'

export interface OpenCamera {
  /** Whether frames are read; the picture goes on. */
  setLooking(isLooking: boolean): void
  close(): Promise<void>
}

interface CameraOptions {
  /** The element that gets the picture; its width in pixels is what a frame is read with. */
  host: HTMLElement
  choice: Exclude<CameraChoice, { type: 'off' }>
  onCode: (code: string) => void
  /** The camera was there and is gone. */
  onLost: () => void
}

/** Two thirds of a second of a still hand are a dozen looks. */
const LOOKS_PER_SECOND = 12

export async function openCamera(options: CameraOptions): Promise<OpenCamera | CameraProblem> {
  const { host, choice, onCode, onLost } = options
  installDetector()
  const scanner = new Html5Qrcode(host.id, {
    verbose: false,
    formatsToSupport: [Html5QrcodeSupportedFormats.QR_CODE],
    useBarCodeDetectorIfSupported: true,
  })
  keepToOurDetector(scanner)
  let isWanted = true
  /** Only between two frames: before the first one the library cannot pause. */
  const restIfUnwanted = () => {
    if (!isWanted && scanner.getState() === Html5QrcodeScannerState.SCANNING) scanner.pause()
  }
  try {
    await scanner.start(
      { facingMode: 'user' },
      {
        fps: LOOKS_PER_SECOND,
        // zxing reads mirrored codes too: a second look at the flipped frame is wasted.
        disableFlip: true,
        videoConstraints: { ...(await deviceOf(choice)), width: { ideal: 1280 }, height: { ideal: 720 } },
      },
      (code) => {
        onCode(code)
        restIfUnwanted()
      },
      restIfUnwanted,
    )
  } catch (error) {
    host.replaceChildren()
    return problemOf(String(error))
  }
  const track = videoTrackOf(host)
  track?.addEventListener('ended', onLost)
  return {
    setLooking(isLooking) {
      isWanted = isLooking
      if (isLooking && scanner.getState() === Html5QrcodeScannerState.PAUSED) scanner.resume()
    },
    async close() {
      track?.removeEventListener('ended', onLost)
      // Before the first frame there is nothing yet that the library could stop.
      if (scanner.isScanning) await scanner.stop()
      track?.stop()
      host.replaceChildren()
    },
  }
}

/** By id, or else by label: Windows gives a camera another id in another socket. */
async function deviceOf(choice: CameraOptions['choice']): Promise<MediaTrackConstraints> {
  if (choice.type === 'auto') return {}
  const cameras = await listCameras()
  const found =
    cameras.find(({ id }) => id === choice.id) ?? cameras.find(({ label }) => label === choice.label)
  return { deviceId: { exact: found?.id ?? choice.id } }
}

function videoTrackOf(host: HTMLElement): MediaStreamTrack | undefined {
  const stream = host.querySelector('video')?.srcObject
  return stream instanceof MediaStream ? stream.getVideoTracks()[0] : undefined
}

/** The library gives every second frame to a decoder of its own, which is slow and misses what ours reads. */
function keepToOurDetector(scanner: Html5Qrcode): void {
  const decoders: unknown = Reflect.get(scanner, 'qrcode')
  if (decoders && typeof decoders === 'object') Reflect.set(decoders, 'secondaryDecoder', undefined)
}
