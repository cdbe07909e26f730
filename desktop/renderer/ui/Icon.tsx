const paths = {
  gear: 'M12 8.5a3.5 3.5 0 1 0 0 7 3.5 3.5 0 0 0 0-7Zm7.4 5.1.1-1.6-.1-1.6 2-1.5-2-3.4-2.3 1a7.6 7.6 0 0 0-2.7-1.6L14 2.5h-4l-.4 2.4a7.6 7.6 0 0 0-2.7 1.6l-2.3-1-2 3.4 2 1.5-.1 1.6.1 1.6-2 1.5 2 3.4 2.3-1a7.6 7.6 0 0 0 2.7 1.6l.4 2.4h4l.4-2.4a7.6 7.6 0 0 0 2.7-1.6l2.3 1 2-3.4-2-1.5Z',
  check: 'm4.5 12.8 4.9 4.9L19.5 7',
  alert: 'M12 4.5v9.5m0 4.8v.2',
  notice: 'M12 3.5a8.5 8.5 0 1 0 0 17 8.5 8.5 0 0 0 0-17Zm0 4.2v5m0 3.4v.2',
  clock: 'M12 3.5a8.5 8.5 0 1 0 0 17 8.5 8.5 0 0 0 0-17Zm0 4v5l3.2 2',
  backspace: 'M9 5.5h11.5v13H9L3 12l6-6.5Zm3 4 5 5m0-5-5 5',
  close: 'm6 6 12 12M18 6 6 18',
  minus: 'M5 12h14',
  plus: 'M5 12h14M12 5v14',
  unfold: 'm6 9.5 6 6 6-6',
  fold: 'm6 15.5 6-6 6 6',
} as const

/** Drawn in the colour and size of the text around it; the words beside it say what it means. */
export function Icon({ name }: { name: keyof typeof paths }) {
  return (
    <svg className="icon" viewBox="0 0 24 24" aria-hidden="true">
      <path d={paths[name]} />
    </svg>
  )
}
