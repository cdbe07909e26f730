import { ActDialog } from '../kit/ActDialog.tsx'
import { usePlace } from '../kit/place.ts'

export type Deed = 'start' | 'pause' | 'newVersion' | 'finish'

interface Wanted {
  deed: Deed
  name: string
  title: string
  text: string
  /** Where it leads on to. */
  onDone: (() => void) | null
  onClose: () => void
}

const actOf = {
  start: 'campaign.start',
  pause: 'campaign.pause',
  newVersion: 'campaign.pause',
  finish: 'campaign.finish',
} as const

/** What somebody does with a campaign. */
export function DeedDialog({ deed, name, title, text, onDone, onClose }: Wanted) {
  const { programme } = usePlace()
  return (
    <ActDialog
      act={actOf[deed]}
      title={title}
      submit={title}
      input={{ campaign: name, ...(programme && { programme }) }}
      isDangerous={deed === 'finish'}
      {...(onDone && { onDone })}
      onClose={onClose}
    >
      <p>{text}</p>
    </ActDialog>
  )
}
