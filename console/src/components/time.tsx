// Times in the reader's zone, UTC on hover; durations that go on while something runs.
import { useEffect, useState } from 'react'
import { duration, exactTime, shortTime } from '../model/format'

export function Time({ at }: { at?: number }) {
  if (at === undefined) return <span className="quiet">–</span>
  return (
    <time dateTime={exactTime(at)} title={`${exactTime(at)} (UTC)`}>
      {shortTime(at)}
    </time>
  )
}

export function useNow(running: boolean, everyMs = 1000): number {
  const [now, setNow] = useState(() => Date.now() / 1000)
  useEffect(() => {
    if (!running) return
    const timer = setInterval(() => setNow(Date.now() / 1000), everyMs)
    return () => clearInterval(timer)
  }, [running, everyMs])
  return now
}

export function Elapsed({ from, to }: { from: number; to?: number }) {
  const now = useNow(to === undefined)
  return <span className="numbers">{duration((to ?? now) - from)}</span>
}
