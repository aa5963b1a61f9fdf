// One bar a visit: attempts inside it, waiting paler than working.
import { useVirtualizer } from '@tanstack/react-virtual'
import { useMemo, useRef } from 'react'
import { duration } from '../model/format'
import type { History, Visit } from '../model/history'
import { type Bar, timelineOf } from '../model/timeline'
import { StatusIcon, toneOf } from './status'
import { useNow } from './time'

export interface TimelineViewProps {
  history: History
  version: number
  selected?: Visit
  onSelect: (visit: Visit) => void
}

const ROW = 32
const TICKS = [0, 0.25, 0.5, 0.75, 1]

export function TimelineView({ history, version, selected, onSelect }: TimelineViewProps) {
  const now = useNow(history.status === 'RUNNING', 500)
  // biome-ignore lint/correctness/useExhaustiveDependencies: the history grows in place
  const timeline = useMemo(() => timelineOf(history.visits, now), [history, version, now])
  const scroller = useRef<HTMLDivElement>(null)
  const virtual = useVirtualizer({
    count: timeline.bars.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW,
    overscan: 10,
  })
  const span = Math.max(timeline.to - timeline.from, 0.001)
  const place = (time: number) => `${((time - timeline.from) / span) * 100}%`
  return (
    <div className="timeline" ref={scroller}>
      <p className="timeline-legend quiet">
        <span className="piece-sample tone-running" /> works
        <span className="piece-sample wait tone-running" /> waits
        <span className="piece-sample container tone-running" /> holds what is below it
      </p>
      <div className="timeline-head" aria-hidden="true">
        {TICKS.map((share) => (
          <span key={share}>{duration(span * share)}</span>
        ))}
      </div>
      <div className="timeline-rows" style={{ height: virtual.getTotalSize() }}>
        {virtual.getVirtualItems().map((item) => {
          const bar = timeline.bars[item.index] as Bar
          return (
            <button
              key={bar.visit.id}
              type="button"
              className={bar.visit === selected ? 'timeline-row chosen' : 'timeline-row'}
              style={{ transform: `translateY(${item.start}px)` }}
              onClick={() => onSelect(bar.visit)}
            >
              <span className="timeline-name" style={{ paddingLeft: Math.min(bar.depth, 6) * 12 }}>
                <StatusIcon status={bar.visit.status} />
                <span>{bar.label}</span>
              </span>
              <span className="timeline-track">
                {bar.pieces.map((piece) => (
                  <span
                    key={`${piece.kind} ${piece.from}`}
                    className={`piece ${piece.kind} tone-${toneOf(piece.status)}`}
                    style={{
                      left: place(piece.from),
                      width: `max(3px, ${((piece.to - piece.from) / span) * 100}%)`,
                    }}
                  />
                ))}
              </span>
              <span className="timeline-took numbers">{duration(bar.to - bar.from)}</span>
            </button>
          )
        })}
      </div>
    </div>
  )
}
