// Who calls, and where: keys of this tab's session, the region of this browser. A server without
// --credentials takes any key; until it asks for one, `test` signs, as the documents do.
import { useSyncExternalStore } from 'react'
import type { Keys } from './sigv4'

export interface Session {
  keys: Keys
  region: string
  // The server has refused the keys: the page asks for others.
  refused?: string
}

const KEYS = 'pawl.keys'
const REGION = 'pawl.region'
const ANYBODY: Keys = { accessKey: 'test', secret: 'test' }

function read(): Session {
  let keys = ANYBODY
  try {
    keys = JSON.parse(sessionStorage.getItem(KEYS) ?? 'null') ?? ANYBODY
  } catch {
    sessionStorage.removeItem(KEYS)
  }
  return { keys, region: localStorage.getItem(REGION) ?? 'us-east-1' }
}

let session = read()
const listeners = new Set<() => void>()

function set(next: Session): void {
  session = next
  for (const listener of listeners) listener()
}

export const currentSession = (): Session => session

export function signIn(keys: Keys, region: string): void {
  sessionStorage.setItem(KEYS, JSON.stringify(keys))
  localStorage.setItem(REGION, region)
  set({ keys, region })
}

export function signOut(): void {
  sessionStorage.removeItem(KEYS)
  set({ keys: ANYBODY, region: session.region })
}

export function refuseKeys(why: string): void {
  if (!session.refused) set({ ...session, refused: why })
}

export function useSession(): Session {
  return useSyncExternalStore((listener) => {
    listeners.add(listener)
    return () => listeners.delete(listener)
  }, currentSession)
}
