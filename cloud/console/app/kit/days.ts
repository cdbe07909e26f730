/** The begin of a day of who asks, as the cloud reads it; a later day for what counts the last one whole. */
export function startOf(day: string | undefined, later = 0): string | undefined {
  if (!day || !/^\d{4}-\d{2}-\d{2}$/.test(day)) return undefined
  const at = new Date(`${day}T00:00`)
  at.setDate(at.getDate() + later)
  return at.toISOString()
}
