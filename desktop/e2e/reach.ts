import { expect, type Page } from '@playwright/test'

/** Sizes in CSS pixels of what a screen is shown in: beside 1C, on small tills, on large ones, and zoomed twofold. */
export const sizes = {
  '380x600': { width: 380, height: 600 },
  '480x1000': { width: 480, height: 1000 },
  '683x768': { width: 683, height: 768 },
  '1093x614': { width: 1093, height: 614 },
  '1260x1000': { width: 1260, height: 1000 },
  '1366x768': { width: 1366, height: 768 },
  '1920x1080': { width: 1920, height: 1080 },
  '1366x768 at 200 %': { width: 683, height: 384 },
  '1260x1000 at 200 %': { width: 630, height: 500 },
  '1920x1080 at 200 %': { width: 960, height: 540 },
} as const

interface Looked {
  /** Of the pictures that are kept to be looked at, below dist/e2e-screens. */
  folder: string
  pictured: (keyof typeof sizes)[]
  /** More that must hold, at each of those sizes. */
  look?: (phase: string) => Promise<void>
}

/** At every size nothing is cut and every control can be reached. */
export async function fitsEverywhere(
  page: Page,
  phase: string,
  { folder, pictured, look }: Looked = sizePictures,
): Promise<void> {
  for (const [name, size] of Object.entries(sizes)) {
    await page.setViewportSize(size)
    expect.soft(await outOfReach(page), `${phase} at ${name}`).toEqual([])
    if (!(pictured as string[]).includes(name)) continue
    await look?.(`${phase} at ${name}`)
    await page.screenshot({ path: `dist/e2e-screens/${folder}/${phase} ${name}.png` })
  }
  await page.setViewportSize(sizes['1260x1000'])
}

const sizePictures: Looked = {
  folder: 'sizes',
  pictured: ['380x600', '480x1000', '1093x614', '1366x768 at 200 %'],
}

/** What of the screen is cut off, covered, or cannot be scrolled to. */
export async function outOfReach(page: Page): Promise<string[]> {
  return await page.evaluate(() => {
    interface Box {
      left: number
      top: number
      right: number
      bottom: number
      width: number
      height: number
    }
    interface Node {
      textContent: string
      id: string
      className: string
      tagName: string
      parentElement: Node | null
      clientWidth: number
      clientHeight: number
      scrollWidth: number
      scrollHeight: number
      contains(other: Node | null): boolean
      closest(selector: string): Node | null
      matches(selector: string): boolean
      getBoundingClientRect(): Box
      checkVisibility(options: object): boolean
      scrollIntoView(options: object): void
      getAttribute(name: string): string | null
    }
    const { document, innerWidth, innerHeight, getComputedStyle } = globalThis as unknown as {
      document: {
        documentElement: Node
        querySelectorAll(selector: string): Iterable<Node>
        querySelector(selector: string): Node | null
        elementFromPoint(x: number, y: number): Node | null
      }
      innerWidth: number
      innerHeight: number
      getComputedStyle(node: Node): { overflowX: string; overflowY: string; textOverflow: string }
    }
    const nameOf = (node: Node) =>
      `${node.tagName.toLowerCase()} "${(node.getAttribute('aria-label') ?? node.textContent).trim().slice(0, 40) || node.id || node.className}"`
    const dialog = document.querySelector('dialog[open]')
    const isShown = (node: Node) =>
      node.checkVisibility({ visibilityProperty: true }) &&
      node.closest('.unseen') === null &&
      (dialog === null || dialog.contains(node))
    const found: string[] = []

    for (const node of document.querySelectorAll(
      'html, .ground, .header, .panel, .panel-body, .stage, .option, .card, dialog',
    )) {
      if (isShown(node) && node.scrollWidth > node.clientWidth + 1)
        found.push(`wider than its place: ${nameOf(node)} by ${node.scrollWidth - node.clientWidth}`)
    }
    for (const node of document.querySelectorAll('button, input, summary')) {
      if (!isShown(node)) continue
      node.scrollIntoView({ block: 'center', inline: 'center' })
      const box = node.getBoundingClientRect()
      const isInView =
        box.left >= -1 && box.right <= innerWidth + 1 && box.top >= -1 && box.bottom <= innerHeight + 1
      if (!isInView) found.push(`cut off: ${nameOf(node)}`)
      const hit = document.elementFromPoint(box.left + box.width / 2, box.top + box.height / 2)
      if (!(hit && (node.contains(hit) || hit.contains(node))))
        found.push(`covered: ${nameOf(node)} by ${hit && nameOf(hit)}`)
      if (
        !node.matches('input') &&
        (node.scrollWidth > node.clientWidth + 2 || node.scrollHeight > node.clientHeight + 2)
      )
        found.push(`its text is cut: ${nameOf(node)}`)
    }
    // Whatever hides what does not fit must have a way to scroll to it, or say with three dots that there is more.
    for (const node of document.querySelectorAll('body *')) {
      if (!isShown(node) || node.tagName === 'svg' || node.closest('svg, .camera')) continue
      const style = getComputedStyle(node)
      const isCutBelow =
        style.overflowY === 'hidden' && node.scrollHeight > node.clientHeight + 4 && node.clientHeight > 0
      if (isCutBelow && style.textOverflow !== 'ellipsis') found.push(`hidden below: ${nameOf(node)}`)
    }
    return found
  })
}
