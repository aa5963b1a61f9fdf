// What a visit of a state carries, by name, and as texts that can be compared line by line.
import type { Visit } from './history'

export const PARTS = ['input', 'output', 'variables', 'error'] as const
export type Part = (typeof PARTS)[number]

// Variables come as JSON texts, one each.
export function variablesText(visit: Visit): string | undefined {
  if (!visit.variables) return undefined
  const members = Object.entries(visit.variables)
  return `{${members.map(([name, value]) => `${JSON.stringify(name)}:${value}`).join(',')}}`
}

export function partOf(visit: Visit, part: Part): string | undefined {
  if (part === 'variables') return variablesText(visit)
  if (part === 'error') return visit.fault && JSON.stringify(visit.fault)
  return visit[part]
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted)
  if (typeof value !== 'object' || value === null) return value
  const members = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))
  return Object.fromEntries(members.map(([name, one]) => [name, sorted(one)]))
}

// One member a line, in the order of the names: what differs is what differs in meaning.
export function comparable(text: string | undefined): string {
  if (text === undefined) return ''
  try {
    return JSON.stringify(sorted(JSON.parse(text)), null, 2)
  } catch {
    return text
  }
}
