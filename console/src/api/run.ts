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

export interface Run {
  history: History
  // Counts up with every piece that came: what depends on the history depends on this.
  version: number
  complete: boolean
  live: boolean
  error?: unknown
  // The history as it was when that event had happened.
  at: (eventId: number | undefined) => History
}

export function useRun(arn: string): Run {
  const history = useRef(new History())
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
      let nextToken: string | undefined
      let shown = 0
      do {
        const request = { executionArn: arn, nextToken }
        const page = await pawl<HistoryPage>('history', request, own.signal)
        history.current.add(page.events)
        nextToken = page.nextToken
        // Drawing a long history at each of its pages would take longer than reading it.
        if (nextToken && Date.now() - shown < SHOW_EVERY_MS) continue
        shown = Date.now()
        setVersion((one) => one + 1)
      } while (nextToken)
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
        const part = new History()
        part.add(whole.events.filter((event) => event.id <= eventId))
        return part
      },
    }
  }, [version, complete, live, error])
}
