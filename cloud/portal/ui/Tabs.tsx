import { usePortal, useTexts } from '../portal.ts'
import { route, type Tab } from '../route.ts'
import { Icon, type IconName } from './Icon.tsx'
import './tabs.css'

const icons: Record<Tab, IconName> = {
  card: 'card',
  history: 'history',
  expiry: 'calendar',
  profile: 'person',
}

export function Tabs({ present }: { present: Tab }) {
  const { bridge } = usePortal()
  const texts = useTexts()
  return (
    <nav className="tabs" aria-label={texts.sections}>
      {(Object.keys(icons) as Tab[]).map((tab) => (
        <button
          key={tab}
          type="button"
          aria-current={tab === present ? 'page' : undefined}
          onClick={() => {
            bridge.say('web_app_trigger_haptic_feedback', { type: 'selection_change' })
            route.goTo(tab)
          }}
        >
          <Icon name={icons[tab]} />
          {texts.tabs[tab]}
        </button>
      ))}
    </nav>
  )
}
