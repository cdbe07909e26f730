import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { preferencesSchema, type Snapshot } from '../../../shared/bridge.ts'
import type { DisplayWish } from '../../../shared/display.ts'
import { type CustomerDisplay, createDisplay } from './display.ts'

const snapshotWith = (display: DisplayWish) =>
  ({
    ...{
      version: '1.0.0',
      preferences: preferencesSchema.parse({}),
      joinUrl: null,
      timeZone: 'Europe/Moscow',
    },
    ...{ act: null, customer: null, sale: null, offer: null, supportContact: null, settings: { display } },
  }) as unknown as Snapshot

describe('the customer display of a till', () => {
  let dataFolder: string
  let display: CustomerDisplay
  let snapshot: Snapshot
  let listeners: Set<(snapshot: Snapshot) => void>
  const register = {
    snapshot: () => snapshot,
    subscribe(listener: (snapshot: Snapshot) => void) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
  const create = () => createDisplay({ dataFolder, folder: dataFolder, log: pino({ level: 'silent' }) })
  beforeEach(() => {
    dataFolder = mkdtempSync(join(tmpdir(), 'kopilka-display-'))
    writeFileSync(join(dataFolder, 'index.html'), '<!doctype html>')
    listeners = new Set()
    display = create()
  })
  afterEach(async () => {
    await display.close()
    rmSync(dataFolder, { recursive: true })
  })

  async function begin(wish: DisplayWish): Promise<void> {
    snapshot = snapshotWith(wish)
    await display.begin(register)
  }
  function set(wish: DisplayWish): void {
    snapshot = snapshotWith(wish)
    for (const listener of listeners) listener(snapshot)
  }

  it('shows nothing unless the settings say so, and follows them', async () => {
    await begin('off')
    expect([display.state(), display.monitorUrl()]).toEqual([{ state: 'off' }, null])
    const changes: string[] = []
    display.subscribe(() => changes.push(display.state().state))
    set('monitor')
    await vi.waitFor(() => expect(display.state().state).toBe('shown'))
    const url = display.monitorUrl() ?? ''
    expect(display.state()).toEqual({ state: 'shown', links: [url] })
    expect((await fetch(url)).status).toBe(200)
    set('off')
    await vi.waitFor(() => expect(display.state().state).toBe('off'))
    expect(display.monitorUrl()).toBe(null)
    await expect(fetch(url)).rejects.toThrow()
    expect(changes).toEqual(['shown', 'off'])
  })

  it('keeps its link: a tablet is set up once', async () => {
    const tokenOf = () => new URL(display.monitorUrl() ?? '').hash
    await begin('monitor')
    const token = tokenOf()
    await display.close()
    display = create()
    await begin('monitor')
    expect(tokenOf()).toBe(token)
    expect(`#${readFileSync(join(dataFolder, 'display-token'), 'utf8')}`).toBe(token)
  })

  it('says that its port is taken, and shows again when another one is set', async () => {
    const other = createServer()
    const port = await new Promise<number>((resolve) =>
      other.listen(0, '0.0.0.0', () => resolve((other.address() as { port: number }).port)),
    )
    await begin(port)
    expect(display.state()).toEqual({ state: 'failed', problem: 'EADDRINUSE' })
    set('monitor')
    await vi.waitFor(() => expect(display.state().state).toBe('shown'))
    set(port)
    await vi.waitFor(() => expect(display.state().state).toBe('failed'))
    other.close()
  })

  it('does not cover a second monitor where a tablet was meant', async () => {
    const free = createServer()
    const port = await new Promise<number>((resolve) =>
      free.listen(0, '0.0.0.0', () => resolve((free.address() as { port: number }).port)),
    )
    await new Promise((resolve) => free.close(resolve))
    await begin(port)
    expect(display.state().state).toBe('shown')
    expect(display.monitorUrl()).toBe(null)
  })
})
