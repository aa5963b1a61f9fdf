// The stream of changes (docs/console.md). It is open only while the page can be seen: a hidden tab
// costs the server nothing. Watchers of the same topic share one stream: a browser opens few
// connections to one server. After each connection and whatever was missed they are told to read
// anew.
import { send } from './client'
import { EventReader } from './event_reader'
import type { ExecutionStatus } from './types'

export interface Change {
  executionArn: string
  stateMachineArn: string
  name: string
  status: ExecutionStatus
  lastEventId: number
  date: number
  startDate?: number // where it began with this change
}

export type Resource = 'mapRun' | 'pipeline' | 'stack'

export interface Topic {
  executionArn?: string
  stateMachineArn?: string
  resource?: Resource
  name?: string
}

export interface Watcher {
  onChanges?: (changes: Change[]) => void
  // Of a topic with a resource: the names of those that have changed.
  onTouched?: (names: string[]) => void
  // Something may have been missed: read what is shown again.
  onReset: () => void
  onState?: (live: boolean) => void
}

const RETRY_MS = 2000

class Stream {
  readonly watchers = new Set<Watcher>()
  private live = false
  private ended = false
  private connection?: AbortController
  private timer?: ReturnType<typeof setTimeout>

  constructor(private readonly topic: Topic) {
    document.addEventListener('visibilitychange', this.onVisibility)
    void this.open()
  }

  join(watcher: Watcher): void {
    this.watchers.add(watcher)
    if (!this.live) return
    watcher.onState?.(true)
    watcher.onReset()
  }

  end(): void {
    this.ended = true
    clearTimeout(this.timer)
    this.connection?.abort()
    document.removeEventListener('visibilitychange', this.onVisibility)
  }

  private readonly onVisibility = () => {
    if (document.hidden) this.connection?.abort()
    else void this.open()
  }

  private async open(): Promise<void> {
    clearTimeout(this.timer)
    if (this.ended || this.connection || document.hidden) return
    const own = new AbortController()
    this.connection = own
    try {
      const query: Record<string, string> = {}
      for (const [name, value] of Object.entries(this.topic)) if (value) query[name] = value
      const path = '/_pawl/events'
      const request = { service: 'pawl', method: 'GET', path, query, signal: own.signal }
      await this.read(await send(request), own.signal)
    } catch {
      // Whatever it was: another connection is tried below.
    }
    own.abort()
    this.connection = undefined
    this.show(false)
    if (!this.ended && !document.hidden) {
      this.timer = setTimeout(() => void this.open(), RETRY_MS)
    }
  }

  private async read(response: Response, signal: AbortSignal): Promise<void> {
    const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader()
    const events = new EventReader()
    while (reader && !signal.aborted) {
      const { done, value } = await reader.read()
      if (done) return
      const changes: Change[] = []
      const names: string[] = []
      for (const event of events.take(value)) {
        if (event.name === 'change') changes.push(JSON.parse(event.data) as Change)
        if (event.name === 'resource') names.push((JSON.parse(event.data) as { name: string }).name)
        if (event.name === 'ready') this.show(true)
        if (event.name === 'ready' || event.name === 'missed') this.reset()
      }
      for (const watcher of this.watchers) {
        if (changes.length > 0) watcher.onChanges?.(changes)
        if (names.length > 0) watcher.onTouched?.(names)
      }
    }
  }

  private reset(): void {
    for (const watcher of this.watchers) watcher.onReset()
  }

  private show(live: boolean): void {
    this.live = live
    for (const watcher of this.watchers) watcher.onState?.(live)
  }
}

const streams = new Map<string, Stream>()

// Watches until the answer is called.
export function watch(topic: Topic, watcher: Watcher): () => void {
  const { executionArn, stateMachineArn, resource, name } = topic
  const key = JSON.stringify([executionArn, stateMachineArn, resource, name])
  const stream = streams.get(key) ?? new Stream(topic)
  streams.set(key, stream)
  stream.join(watcher)
  return () => {
    stream.watchers.delete(watcher)
    if (stream.watchers.size > 0 || streams.get(key) !== stream) return
    streams.delete(key)
    stream.end()
  }
}
