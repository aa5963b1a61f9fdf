// The difference of two texts by lines: what begins and ends alike is set aside, the rest goes
// through Myers' O(ND) search (1986), which is given up where the texts have little in common.

export interface DiffRow {
  kind: 'same' | 'removed' | 'added'
  text: string
  left?: number // line numbers, from 1
  right?: number
}

// Beyond so many changed lines the rest counts as replaced whole.
const CHANGES_MAX = 800

// The line break at the end begins no line.
export const linesOf = (text: string): string[] =>
  text === '' ? [] : text.replace(/\n$/, '').split('\n')

export function lineDiff(before: string, after: string): DiffRow[] {
  const left = linesOf(before)
  const right = linesOf(after)
  let head = 0
  while (head < left.length && head < right.length && left[head] === right[head]) head += 1
  let tail = 0
  const shorter = Math.min(left.length, right.length) - head
  while (tail < shorter && left.at(-1 - tail) === right.at(-1 - tail)) tail += 1
  const middle = search(
    left.slice(head, left.length - tail),
    right.slice(head, right.length - tail),
  )
  const kinds: DiffRow['kind'][] = [
    ...Array<DiffRow['kind']>(head).fill('same'),
    ...middle,
    ...Array<DiffRow['kind']>(tail).fill('same'),
  ]
  return rowsOf(kinds, left, right)
}

function rowsOf(kinds: DiffRow['kind'][], left: string[], right: string[]): DiffRow[] {
  let l = 0
  let r = 0
  return kinds.map((kind) => {
    if (kind === 'removed') return { kind, text: left[l] ?? '', left: ++l }
    if (kind === 'added') return { kind, text: right[r] ?? '', right: ++r }
    return { kind, text: left[l] ?? '', left: ++l, right: ++r }
  })
}

// The furthest places reached with each number of changes, then the way back through them.
function search(left: string[], right: string[]): DiffRow['kind'][] {
  const most = Math.min(left.length + right.length, CHANGES_MAX)
  const reached: Map<number, number>[] = []
  let ends = new Map<number, number>([[1, 0]])
  for (let changes = 0; changes <= most; changes += 1) {
    reached.push(ends)
    const next = new Map(ends)
    for (let k = -changes; k <= changes; k += 2) {
      const down = k === -changes || (k !== changes && at(ends, k - 1) < at(ends, k + 1))
      let x = down ? at(ends, k + 1) : at(ends, k - 1) + 1
      let y = x - k
      while (x < left.length && y < right.length && left[x] === right[y]) {
        x += 1
        y += 1
      }
      next.set(k, x)
      if (x >= left.length && y >= right.length) return wayBack(reached, left, right)
    }
    ends = next
  }
  return [
    ...Array<DiffRow['kind']>(left.length).fill('removed'),
    ...Array<DiffRow['kind']>(right.length).fill('added'),
  ]
}

const at = (ends: Map<number, number>, k: number): number => ends.get(k) ?? -1

function wayBack(
  reached: Map<number, number>[],
  left: string[],
  right: string[],
): DiffRow['kind'][] {
  const kinds: DiffRow['kind'][] = []
  let x = left.length
  let y = right.length
  for (let changes = reached.length - 1; changes >= 0; changes -= 1) {
    const ends = reached[changes] as Map<number, number>
    const k = x - y
    const down = k === -changes || (k !== changes && at(ends, k - 1) < at(ends, k + 1))
    const beforeX = down ? at(ends, k + 1) : at(ends, k - 1)
    const beforeY = beforeX - (down ? k + 1 : k - 1)
    while (x > beforeX && y > beforeY && x > 0 && y > 0) {
      kinds.push('same')
      x -= 1
      y -= 1
    }
    if (changes === 0) break
    kinds.push(down ? 'added' : 'removed')
    if (down) y -= 1
    else x -= 1
  }
  return kinds.reverse()
}

export interface DiffPiece {
  rows: DiffRow[]
  hidden: boolean // same lines far from any change
}

const AROUND = 3

// Long stretches without a change are set apart, so that they can be folded.
export function piecesOf(rows: DiffRow[]): DiffPiece[] {
  const near = new Uint8Array(rows.length)
  for (const [index, row] of rows.entries()) {
    if (row.kind === 'same') continue
    near.fill(1, Math.max(0, index - AROUND), Math.min(rows.length, index + AROUND + 1))
  }
  const pieces: DiffPiece[] = []
  for (const [index, row] of rows.entries()) {
    const hidden = near[index] === 0
    const last = pieces.at(-1)
    if (last && last.hidden === hidden) last.rows.push(row)
    else pieces.push({ rows: [row], hidden })
  }
  return pieces
}

export function countChanges(rows: DiffRow[]): { added: number; removed: number } {
  let added = 0
  let removed = 0
  for (const row of rows) {
    if (row.kind === 'added') added += 1
    if (row.kind === 'removed') removed += 1
  }
  return { added, removed }
}
