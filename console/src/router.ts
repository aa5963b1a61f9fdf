// Addresses below /_pawl/: a place for everything that can be shown, so that the back button, a
// bookmark and a link in a chat all work. The first words are known to the server too (pages.cc).
import { useMemo, useSyncExternalStore } from 'react'

const ROOT = '/_pawl/'

export interface Place {
  segments: string[]
  query: URLSearchParams
}

export function parsePlace(path: string, search: string): Place {
  const rest = path.startsWith(ROOT) ? path.slice(ROOT.length) : ''
  const segments = rest.split('/').filter((segment) => segment !== '')
  return { segments: segments.map(decode), query: new URLSearchParams(search) }
}

function decode(segment: string): string {
  try {
    return decodeURIComponent(segment)
  } catch {
    return segment
  }
}

export type Query = Record<string, string | number | undefined>

// An address out of words, which may hold anything, and a query; empty values are left out.
export function to(segments: string[], query: Query = {}): string {
  const search = new URLSearchParams()
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined && value !== '') search.set(name, String(value))
  }
  const words = search.toString()
  const path = segments.map((one) => encodeURIComponent(one).replaceAll('%3A', ':')).join('/')
  return `${ROOT}${path}${words ? `?${words}` : ''}`
}

export const machinePage = (arn: string, query?: Query): string => to(['machines', arn], query)
export const executionPage = (arn: string, query?: Query): string => to(['executions', arn], query)

const CHANGED = 'pawl:place'

function subscribe(listener: () => void): () => void {
  window.addEventListener('popstate', listener)
  window.addEventListener(CHANGED, listener)
  return () => {
    window.removeEventListener('popstate', listener)
    window.removeEventListener(CHANGED, listener)
  }
}

export function navigate(address: string, how: 'push' | 'replace' = 'push'): void {
  if (how === 'push') window.history.pushState(null, '', address)
  else window.history.replaceState(null, '', address)
  window.dispatchEvent(new Event(CHANGED))
}

export function usePlace(): Place {
  const href = useSyncExternalStore(subscribe, () => window.location.href)
  return useMemo(() => {
    const url = new URL(href)
    return parsePlace(url.pathname, url.search)
  }, [href])
}

// Changes the query of the place that is shown; undefined takes a value away.
export function changeQuery(changes: Query, how: 'push' | 'replace' = 'replace'): void {
  const url = new URL(window.location.href)
  for (const [name, value] of Object.entries(changes)) {
    if (value === undefined || value === '') url.searchParams.delete(name)
    else url.searchParams.set(name, String(value))
  }
  navigate(url.pathname + url.search, how)
}
