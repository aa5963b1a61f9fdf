// A list that was read, with what the stream has told since laid over it.
import type { Change } from '../api/changes'
import type { ExecutionItem } from '../api/types'

export function applyChanges(
  known: readonly ExecutionItem[],
  changes: ReadonlyMap<string, Change> | undefined,
  fits: (item: ExecutionItem) => boolean,
): ExecutionItem[] {
  if (!changes || changes.size === 0) return [...known]
  const seen = new Set<string>()
  const rows: ExecutionItem[] = []
  for (const item of known) {
    seen.add(item.executionArn)
    const change = changes.get(item.executionArn)
    rows.push(change ? changed(item, change) : item)
  }
  const added: ExecutionItem[] = []
  for (const change of changes.values()) {
    if (seen.has(change.executionArn) || change.startDate === undefined) continue
    const item = changed({ ...change, startDate: change.startDate }, change)
    if (fits(item)) added.push(item)
  }
  added.sort((a, b) => b.startDate - a.startDate)
  return [...added, ...rows]
}

function changed(item: ExecutionItem, change: Change): ExecutionItem {
  const open = change.status === 'RUNNING'
  return {
    executionArn: item.executionArn,
    stateMachineArn: item.stateMachineArn,
    name: item.name,
    startDate: item.startDate,
    search: item.search,
    paused: open ? item.paused : undefined,
    status: change.status,
    stopDate: open ? undefined : change.date,
  }
}
