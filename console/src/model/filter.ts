// A filter of executions, as the address has it and as the list operation takes it.
import type { ExecutionItem, ExecutionStatus } from '../api/types'

export interface Filter {
  machine?: string
  mapRun?: string
  statuses: ExecutionStatus[]
  name?: string
  // How long ago an execution began at most: "1h", "7d"; or an instant.
  since?: string
  // The instant before which it began.
  until?: string
  where: string[]
}

export const STATUSES: ExecutionStatus[] = [
  'RUNNING',
  'SUCCEEDED',
  'FAILED',
  'TIMED_OUT',
  'ABORTED',
]

export function readFilter(query: URLSearchParams): Filter {
  const named = (query.get('status') ?? '').split(',')
  return {
    machine: query.get('machine') ?? undefined,
    statuses: STATUSES.filter((status) => named.includes(status)),
    name: query.get('name') ?? undefined,
    since: query.get('since') ?? undefined,
    until: query.get('until') ?? undefined,
    where: query
      .getAll('where')
      .flatMap((one) => one.split(';').map((part) => part.trim()))
      .filter(Boolean),
  }
}

const UNITS: Record<string, number> = { s: 1, m: 60, h: 3600, d: 86_400 }

// Epoch seconds; nothing where the words say no time.
export function sinceSeconds(since: string | undefined, nowMs = Date.now()): number | undefined {
  if (!since) return undefined
  const age = /^(\d+)([smhd])$/.exec(since)
  if (age) return Math.floor(nowMs / 1000) - Number(age[1]) * (UNITS[age[2] ?? ''] ?? 0)
  const instant = Date.parse(since)
  return Number.isNaN(instant) ? undefined : instant / 1000
}

export function listRequest(filter: Filter, machine: string | undefined, limit: number) {
  return {
    stateMachineArn: machine,
    mapRunArn: filter.mapRun,
    statuses: filter.statuses.length > 0 ? filter.statuses : undefined,
    namePrefix: filter.name,
    startedFrom: sinceSeconds(filter.since),
    startedBefore: sinceSeconds(filter.until),
    where: filter.where.length > 0 ? filter.where : undefined,
    limit,
  }
}

// Whether a change that came by the stream belongs into the list.
export function fits(filter: Filter, item: ExecutionItem): boolean {
  if (filter.where.length > 0 || filter.mapRun) return false
  if (filter.machine && filter.machine !== item.stateMachineArn) return false
  if (filter.statuses.length > 0 && !filter.statuses.includes(item.status)) return false
  if (item.startDate < (sinceSeconds(filter.since) ?? 0)) return false
  if (item.startDate >= (sinceSeconds(filter.until) ?? Number.POSITIVE_INFINITY)) return false
  return !filter.name || item.name.startsWith(filter.name)
}

// An instant as a field for a date and a time has it, in the reader's zone; and back.
export function localOf(instant: string | undefined): string {
  const at = instant === undefined ? Number.NaN : Date.parse(instant)
  if (Number.isNaN(at)) return ''
  return new Date(at - new Date(at).getTimezoneOffset() * 60_000).toISOString().slice(0, 16)
}

export function instantOf(local: string): string | undefined {
  const at = new Date(local)
  return Number.isNaN(at.getTime()) ? undefined : at.toISOString()
}
