// A JSON value as the rows of a tree. What is large begins folded; what was searched is open.

export interface JsonRow {
  path: string
  depth: number
  name?: string
  kind: 'string' | 'number' | 'boolean' | 'null' | 'array' | 'object' | 'more'
  text: string
  size?: number // of arrays and objects
  open?: boolean
  found?: boolean
}

const OPEN_SIZE_MAX = 50
const OPEN_DEPTH_MAX = 4
const ROWS_MAX = 2000
const TEXT_MAX = 2000

type Container = unknown[] | Record<string, unknown>

const isContainer = (value: unknown): value is Container =>
  typeof value === 'object' && value !== null

function entriesOf(value: Container): [string, unknown][] {
  return Array.isArray(value)
    ? value.map((one, index) => [String(index), one])
    : Object.entries(value)
}

function kindOf(value: unknown): JsonRow['kind'] {
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'array'
  return typeof value as JsonRow['kind']
}

function textOf(value: unknown): string {
  if (Array.isArray(value)) return value.length === 1 ? '1 item' : `${value.length} items`
  if (isContainer(value)) {
    const size = Object.keys(value).length
    return size === 1 ? '1 member' : `${size} members`
  }
  const text = JSON.stringify(value)
  return text.length > TEXT_MAX ? `${text.slice(0, TEXT_MAX)}… (${text.length} characters)` : text
}

// Paths of what has the text in its name or its value, and of all that holds such.
export function matchesOf(value: unknown, wanted: string): Set<string> {
  const found = new Set<string>()
  if (wanted === '') return found
  const text = wanted.toLowerCase()
  const look = (one: unknown, path: string, name: string) => {
    const own = isContainer(one) ? '' : String(JSON.stringify(one)).toLowerCase()
    if (name.toLowerCase().includes(text) || own.includes(text)) found.add(path)
    if (!isContainer(one)) return
    for (const [key, inner] of entriesOf(one)) look(inner, `${path}/${key}`, key)
  }
  look(value, '', '')
  return found
}

export function rowsOf(
  value: unknown,
  toggled: ReadonlySet<string>,
  found: ReadonlySet<string>,
): JsonRow[] {
  if (value === undefined) return []
  const holds = new Set<string>()
  for (const path of found) {
    for (let at = path.lastIndexOf('/'); at >= 0; at = path.lastIndexOf('/', at - 1)) {
      holds.add(path.slice(0, at))
      if (at === 0) break
    }
  }
  const rows: JsonRow[] = []
  const add = (one: unknown, path: string, depth: number, name?: string) => {
    if (rows.length >= ROWS_MAX) return
    const row: JsonRow = { path, depth, name, kind: kindOf(one), text: textOf(one) }
    if (found.has(path)) row.found = true
    rows.push(row)
    if (!isContainer(one)) return
    const entries = entriesOf(one)
    row.size = entries.length
    const byItself = depth < OPEN_DEPTH_MAX && (entries.length <= OPEN_SIZE_MAX || depth === 0)
    row.open = holds.has(path) || byItself !== toggled.has(path)
    if (!row.open) return
    for (const [key, inner] of entries) add(inner, `${path}/${key}`, depth + 1, key)
  }
  add(value, '', 0)
  if (rows.length >= ROWS_MAX) {
    rows.push({
      path: '…',
      depth: 0,
      kind: 'more',
      text: 'More than fits here: search, or copy it.',
    })
  }
  return rows
}
