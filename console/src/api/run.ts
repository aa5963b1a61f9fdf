// One execution's history, live: read once from its beginning, then only what is new, whenever the
// stream of changes says that there is something.
import { useEffect, useMemo, useRef, useState } from 'react'
import { History, type HistoryEvent } from '../model/history'
import { pawl, states } from './client'
import { useChanges } from './queries'
import type { HistoryPage } from './types'

// Of what comes while one looks it is mostly a few events; the whole is read in pages of as many
// as the server gives.
const FIRST_PAGE = 100
const PAGE = 1000
const SHOW_EVERY_MS = 400

function read(arn: string, input: object, signal: AbortSignal): Promise<HistoryPage> {
  const request = { executionArn: arn, ...input }
  return states<HistoryPage>('GetExecutionHistory', request, signal)
}

// The events behind that one: from the end backwards, as the API has it.
async function readAfter(arn: string, last: number, signal: AbortSignal): Promise<HistoryEvent[]> {
  const events: HistoryEvent[] = []
  let nextToken: string | undefined
  do {
    const maxResults = nextToken ? PAGE : FIRST_PAGE
    const page = await read(arn, { reverseOrder: true, maxResults, nextToken }, signal)
    for (const event of page.events) {
      if (event.id <= last) return events.reverse()
      events.push(event)
    }
    nextToken = page.nextToken
  } while (nextToken)
  return events.reverse()
}

// How many of the events come before that one or are it.
function endOf(events: readonly HistoryEvent[], eventId: number): number {
  let from = 0
  let to = events.length
  while (from < to) {
    const middle = (from + to) >> 1
    if ((events[middle] as HistoryEvent).id <= eventId) from = middle + 1
    else to = middle
  }
  return from
}

export interface Run {
  history: History
  // Counts up with every piece that came: what depends on the history depends on this.
  version: number
  complete: boolean
  live: boolean
  error?: unknown
  // The history as it was when that event had happened; the same object goes on from there.
  at: (eventId: number | undefined) => History
}

export function useRun(arn: string): Run {
  const history = useRef(new History())
  const past = useRef(new History())
  const [version, setVersion] = useState(0)
  const [complete, setComplete] = useState(false)
  const [error, setError] = useState<unknown>()
  const reading = useRef(false)
  // Something came while it was being read: what was read may not have it.
  const again = useRef(false)
  const stop = useRef(new AbortController())

  // Until all that was told of has been read; one reader at a time.
  const catchUp = async () => {
    again.current = true
    if (reading.current) return
    reading.current = true
    const { signal } = stop.current
    try {
      while (again.current && !signal.aborted) {
        again.current = false
        const events = await readAfter(arn, history.current.lastEventId, signal)
        if (events.length === 0) continue
        history.current.add(events)
        setVersion((one) => one + 1)
      }
      setError(undefined)
    } catch (failure) {
      if (!signal.aborted) setError(failure)
    }
    reading.current = false
  }

  // biome-ignore lint/correctness/useExhaustiveDependencies: the reader is this execution's
  useEffect(() => {
    const own = new AbortController()
    stop.current = own
    history.current = new History()
    reading.current = true
    const readAll = async () => {
      const readPage = (nextToken?: string) =>
        pawl<HistoryPage>('history', { executionArn: arn, nextToken }, own.signal)
      let next: Promise<HistoryPage> | undefined = readPage()
      let shown = 0
      while (next) {
        const page: HistoryPage = await next
        // The next one is on its way while this one is taken in.
        next = page.nextToken ? readPage(page.nextToken) : undefined
        next?.catch(() => undefined)
        history.current.add(page.events)
        // Drawing a long history at each of its pages would take longer than reading it.
        if (next && Date.now() - shown < SHOW_EVERY_MS) continue
        shown = Date.now()
        setVersion((one) => one + 1)
      }
      setComplete(true)
    }
    readAll()
      .catch((failure: unknown) => {
        if (!own.signal.aborted) setError(failure)
      })
      .finally(() => {
        if (own.signal.aborted) return
        reading.current = false
        if (again.current) void catchUp()
      })
    return () => own.abort()
  }, [arn])

  const live = useChanges(
    { executionArn: arn },
    (changes) => {
      const { lastEventId } = history.current
      if (changes.some((change) => change.lastEventId > lastEventId)) void catchUp()
    },
    () => void catchUp(),
  )

  return useMemo(() => {
    const whole = history.current
    return {
      history: whole,
      version,
      complete,
      live,
      error,
      at: (eventId) => {
        if (eventId === undefined || eventId >= whole.lastEventId) return whole
        // Forwards only what is new is taken in; backwards it begins anew.
        const known = past.current
        const begins = known.lastEventId <= eventId && known.events[0] === whole.events[0]
        if (!begins) past.current = new History()
        const { length } = past.current.events
        past.current.add(whole.events.slice(length, endOf(whole.events, eventId)))
        return past.current
      },
    }
  }, [version, complete, live, error])
}
