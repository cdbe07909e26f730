import { useEffect, useRef, useState } from 'react'
import { useStore } from 'zustand'
import { deliverScan } from '../keyboard.ts'
import { useScreenState, useSnapshot, useTexts } from '../screen.ts'
import type { Texts } from '../texts.ts'
import { needsCode, wasCodeRefused } from './awaitedCode.ts'
import type { OpenCamera } from './camera.ts'
import { cameraChoice } from './cameraChoice.ts'
import type { CameraProblem } from './cameraProblem.ts'
import { type Around, createRepeatFilter } from './repeats.ts'
import './camera.css'

/** A frame is read at this width, whatever size the picture is shown in: a far code needs the pixels. */
const FRAME_WIDTH = 960
const RETRY_MS = 5000

const repeats = createRepeatFilter()

/** One camera for all phases: opening it anew for each customer would cost a second each time. */
export function Camera() {
  const texts = useTexts()
  const phase = useSnapshot((snapshot) => snapshot.phase)
  const isCodeNeeded = useSnapshot(needsCode)
  const isCodeAwaited = useSnapshot((snapshot) => isCodeNeeded || wasCodeRefused(snapshot))
  const panel = useScreenState((state) => state.panel)
  const box = useRef<HTMLDivElement>(null)
  const isServed = phase === 'success' || phase === 'error'
  const isLooking = phase === 'idle' || isServed || isCodeNeeded
  const status = useCamera({ isLooking, isServed, isCodeAwaited })
  useScale(box)

  const place: Place = panel === 'none' && isCodeNeeded ? 'proof' : placeOf(panel === 'none' ? phase : panel)
  return (
    <div className="camera" data-place={place} data-status={status} ref={box}>
      <div className="camera-picture">
        <div id="camera-host" />
      </div>
      <div className="camera-frame" />
      <p className="camera-message" aria-live="polite">
        {status === 'on' ? invitationAt(place, isCodeAwaited, texts) : texts.camera[status]}
      </p>
    </div>
  )
}

type Place = 'wide' | 'corner' | 'proof' | 'settings' | 'hidden'

/** What the place of the camera asks to be shown now. */
function invitationAt(place: Place, isCodeAwaited: boolean, { idle, camera }: Texts): string {
  if (place === 'wide' || place === 'settings') return idle.showQr
  return isCodeAwaited ? camera.showCode : camera.nextCustomer
}

/** The settings show it where a camera is chosen. */
function placeOf(shown: string): Place {
  if (shown === 'idle') return 'wide'
  if (shown === 'settings') return 'settings'
  return shown === 'success' || shown === 'error' ? 'corner' : 'hidden'
}

type Status = 'off' | 'starting' | 'on' | CameraProblem

function useCamera({ isLooking, isServed, isCodeAwaited }: Around & { isLooking: boolean }): Status {
  const choice = useStore(cameraChoice, (state) => state.choice)
  const [status, setStatus] = useState<Status>('starting')
  const [attempt, setAttempt] = useState(0)
  const camera = useRef<OpenCamera | null>(null)
  const closed = useRef<Promise<unknown>>(Promise.resolve())
  const now = useRef({ isLooking, isServed, isCodeAwaited })
  now.current = { isLooking, isServed, isCodeAwaited }

  // biome-ignore lint/correctness/useExhaustiveDependencies: another attempt is what opens it again
  useEffect(() => {
    if (choice.type === 'off') return setStatus('off')
    const host = document.getElementById('camera-host')
    if (!host) return
    let isOver = false
    const opening = closed.current.then(async () => {
      const { openCamera } = await import('./camera.ts')
      return await openCamera({
        host,
        choice,
        onCode(code) {
          if (repeats.isNew(code, performance.now(), now.current) && now.current.isLooking) deliverScan(code)
        },
        onLost: () => setStatus('unplugged'),
      })
    })
    opening.then(
      (opened) => {
        if (isOver) return
        if (typeof opened === 'string')
          return setStatus((before) => (before === 'unplugged' ? before : opened))
        camera.current = opened
        opened.setLooking(now.current.isLooking)
        setStatus('on')
      },
      () => !isOver && setStatus('failed'),
    )
    return () => {
      isOver = true
      camera.current = null
      // Two cameras cannot have one host: the next one waits until this one is gone.
      closed.current = opening
        .then((opened) => (typeof opened === 'string' ? undefined : opened.close()))
        .catch(() => undefined)
    }
  }, [choice, attempt])

  useEffect(() => {
    if (isLooking) repeats.lookAgain(performance.now())
    camera.current?.setLooking(isLooking)
  }, [isLooking])
  useRetry(status, () => setAttempt((before) => before + 1))
  return status
}

/** What was unplugged may come back, and who keeps the camera busy may let go; a refusal stays one. */
function useRetry(status: Status, retry: () => void): void {
  const again = useRef(retry)
  again.current = retry
  useEffect(() => {
    if (status === 'on' || status === 'off' || status === 'starting') return
    const tryAgain = () => again.current()
    const timer = status === 'denied' ? undefined : setInterval(tryAgain, RETRY_MS)
    navigator.mediaDevices?.addEventListener('devicechange', tryAgain)
    return () => {
      clearInterval(timer)
      navigator.mediaDevices?.removeEventListener('devicechange', tryAgain)
    }
  }, [status])
}

/** Shows the wide frame in a small box by a transform: a change of width would mislead the library. */
function useScale(box: React.RefObject<HTMLDivElement | null>): void {
  useEffect(() => {
    const element = box.current
    if (!element) return
    const fit = () => {
      const lowest = (FRAME_WIDTH * 9) / 16
      const scale = Math.max(element.clientWidth / FRAME_WIDTH, element.clientHeight / lowest)
      element.style.setProperty('--scale', String(scale))
    }
    const observer = new ResizeObserver(fit)
    observer.observe(element)
    return () => observer.disconnect()
  }, [box])
}
