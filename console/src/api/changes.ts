// The stream of changes (docs/console.md), one for each page that shows something live. It is open
// only while the page can be seen: a hidden tab costs the server nothing. After each connection and
// whatever was missed the page is told to read anew.
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

export interface Watch {
  topic: { executionArn?: string; stateMachineArn?: string }
  onChanges: (changes: Change[]) => void
  // Something may have been missed: read what is shown again.
  onReset: () => void
  onState?: (live: boolean) => void
}

const RETRY_MS = 2000

// Watches until the answer is called.
export function watch({ topic, onChanges, onReset, onState }: Watch): () => void {
  let stream: AbortController | undefined
  let timer: ReturnType<typeof setTimeout> | undefined
  let ended = false

  const open = async () => {
    clearTimeout(timer)
    if (ended || stream || document.hidden) return
    const own = new AbortController()
    stream = own
    try {
      const query: Record<string, string> = {}
      for (const [name, value] of Object.entries(topic)) if (value) query[name] = value
      const path = '/_pawl/events'
      const response = await send({
        service: 'pawl',
        method: 'GET',
        path,
        query,
        signal: own.signal,
      })
      await read(response, own.signal)
    } catch {
      // Whatever it was: another connection is tried below.
    }
    own.abort()
    if (stream === own) stream = undefined
    onState?.(false)
    if (!ended && !document.hidden) timer = setTimeout(open, RETRY_MS)
  }

  const read = async (response: Response, signal: AbortSignal) => {
    const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader()
    const events = new EventReader()
    while (reader && !signal.aborted) {
      const { done, value } = await reader.read()
      if (done) return
      const changes: Change[] = []
      for (const event of events.take(value)) {
        if (event.name === 'change') changes.push(JSON.parse(event.data) as Change)
        if (event.name === 'ready') onState?.(true)
        if (event.name === 'ready' || event.name === 'missed') onReset()
      }
      if (changes.length > 0) onChanges(changes)
    }
  }

  const onVisibility = () => {
    if (document.hidden) stream?.abort()
    else void open()
  }
  document.addEventListener('visibilitychange', onVisibility)
  void open()
  return () => {
    ended = true
    clearTimeout(timer)
    stream?.abort()
    document.removeEventListener('visibilitychange', onVisibility)
  }
}
