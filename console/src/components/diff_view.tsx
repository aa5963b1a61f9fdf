// Two texts line by line: what was removed, what was added; what stayed is folded away.
import { useMemo, useState } from 'react'
import { count } from '../model/format'
import { countChanges, type DiffPiece, type DiffRow, lineDiff, piecesOf } from '../model/line_diff'

const SIGNS = { same: ' ', removed: '-', added: '+' } as const
const ROWS_MAX = 5000

export interface DiffViewProps {
  before: string
  after: string
  label: string
}

export function DiffView({ before, after, label }: DiffViewProps) {
  const rows = useMemo(() => lineDiff(before, after), [before, after])
  const pieces = useMemo(() => piecesOf(rows.slice(0, ROWS_MAX)), [rows])
  const { added, removed } = countChanges(rows)
  if (added + removed === 0) return <p className="quiet pad">They are alike.</p>
  return (
    <div className="diff">
      <p className="pad-side quiet">
        {count(added)} added, {count(removed)} removed
        {rows.length > ROWS_MAX ? `; the first ${count(ROWS_MAX)} lines` : ''}
      </p>
      <div className="diff-rows" role="group" aria-label={label} tabIndex={0}>
        {pieces.map((piece, index) => (
          <Piece key={index} piece={piece} />
        ))}
      </div>
    </div>
  )
}

function Piece({ piece }: { piece: DiffPiece }) {
  const [open, setOpen] = useState(!piece.hidden)
  if (open) return piece.rows.map((row, index) => <Row key={index} row={row} />)
  return (
    <button type="button" className="diff-fold" onClick={() => setOpen(true)}>
      {count(piece.rows.length)} lines alike
    </button>
  )
}

function Row({ row }: { row: DiffRow }) {
  return (
    <div className={`diff-row diff-${row.kind}`}>
      <span className="diff-number">{row.left ?? ''}</span>
      <span className="diff-number">{row.right ?? ''}</span>
      <span className="diff-sign">{SIGNS[row.kind]}</span>
      <span className="diff-text">{row.text}</span>
    </div>
  )
}
