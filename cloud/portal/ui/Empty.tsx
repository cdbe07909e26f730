import { Icon, type IconName } from './Icon.tsx'

/** Nothing is there yet, and what will bring it. */
export function Empty({ icon, title, next }: { icon: IconName; title: string; next: string }) {
  return (
    <div className="empty">
      <span className="empty-icon">
        <Icon name={icon} />
      </span>
      <p className="what">{title}</p>
      <p>{next}</p>
    </div>
  )
}
