/**
 * A tap presses a button and leaves the focus where it was: otherwise Enter would press the last tapped key
 * again instead of going on.
 */
export function leaveFocusAlone(page: Document): void {
  page.addEventListener('mousedown', (event) => {
    if (event.target instanceof Element && event.target.closest('button')) event.preventDefault()
  })
}
