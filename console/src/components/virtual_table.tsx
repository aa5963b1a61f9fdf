// A table of any length: only the rows that can be seen are there. Pages are asked for when their
// place comes into sight.
import { useVirtualizer } from '@tanstack/react-virtual'
import { type KeyboardEvent, type ReactNode, useEffect, useRef } from 'react'

export interface Column<Row> {
  key: string
  label: string
  width: string // of a grid: "minmax(10rem, 2fr)"
  cell: (row: Row, index: number) => ReactNode
  // Left out on narrow screens.
  minor?: boolean
}

export interface VirtualTableProps<Row> {
  label: string
  rows: readonly Row[]
  columns: Column<Row>[]
  rowKey: (row: Row, index: number) => string | number
  rowClass?: (row: Row) => string
  rowHeight?: number
  onOpen?: (row: Row) => void
  // There are more rows than these.
  more?: () => void
  scrollTo?: number
}

// Of the row of names with its line, and the frame.
const HEAD_HEIGHT = 40
// What is left of a long list where little room is.
const LEAST_HEIGHT = 320

export function VirtualTable<Row>(props: VirtualTableProps<Row>) {
  const { rows, columns, rowHeight = 40, more, scrollTo } = props
  const scroller = useRef<HTMLDivElement>(null)
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    overscan: 12,
  })
  const items = virtual.getVirtualItems()
  const height = virtual.getTotalSize() + HEAD_HEIGHT
  const lastSeen = items.at(-1)?.index ?? 0
  useEffect(() => {
    if (more && lastSeen >= rows.length - 20) more()
  }, [more, lastSeen, rows.length])
  useEffect(() => {
    if (scrollTo !== undefined && scrollTo >= 0) virtual.scrollToIndex(scrollTo, { align: 'auto' })
  }, [scrollTo, virtual])

  const rowClass = props.onOpen ? 'table-row opens' : 'table-row'
  const template = columns.map((column) => column.width).join(' ')
  const onKey = (event: KeyboardEvent<HTMLDivElement>, row: Row) => {
    if (event.key === 'Enter' && event.target === event.currentTarget) props.onOpen?.(row)
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0
    if (step === 0) return
    event.preventDefault()
    const own = event.currentTarget
    const next = step > 0 ? own.nextElementSibling : own.previousElementSibling
    if (next instanceof HTMLElement) next.focus()
  }
  return (
    <div
      className="table"
      style={{ flexBasis: height, minHeight: Math.min(height, LEAST_HEIGHT) }}
      role="table"
      aria-label={props.label}
      aria-rowcount={rows.length + 1}
    >
      <div className="table-scroll" ref={scroller} role="presentation">
        <div className="table-head" role="rowgroup">
          <div className="table-row" role="row" style={{ gridTemplateColumns: template }}>
            {columns.map((column) => (
              <div
                key={column.key}
                role="columnheader"
                className={column.minor ? 'minor' : undefined}
              >
                {column.label}
              </div>
            ))}
          </div>
        </div>
        <div className="table-body" role="rowgroup" style={{ height: virtual.getTotalSize() }}>
          {items.map((item) => {
            const row = rows[item.index] as Row
            return (
              <div
                key={props.rowKey(row, item.index)}
                role="row"
                aria-rowindex={item.index + 2}
                tabIndex={props.onOpen ? 0 : undefined}
                className={`${rowClass} ${props.rowClass?.(row) ?? ''}`}
                style={{
                  gridTemplateColumns: template,
                  height: rowHeight,
                  transform: `translateY(${item.start}px)`,
                }}
                onClick={(event) => {
                  if (!(event.target as Element).closest('a, button')) props.onOpen?.(row)
                }}
                onKeyDown={(event) => onKey(event, row)}
              >
                {columns.map((column) => (
                  <div key={column.key} role="cell" className={column.minor ? 'minor' : undefined}>
                    {column.cell(row, item.index)}
                  </div>
                ))}
              </div>
            )
          })}
        </div>
      </div>
    </div>
  )
}
