// What a history says about states: each stay of a strand in a state is a visit, with its attempts.
// Only the events count: a definition is not needed, and events may come in pieces.

export interface HistoryEvent {
  id: number
  previousEventId: number
  timestamp: number
  type: string
  inherited?: boolean
  [details: string]: unknown
}

export type Status = 'RUNNING' | 'SUCCEEDED' | 'FAILED' | 'CAUGHT' | 'TIMED_OUT' | 'ABORTED'

export interface Fault {
  error?: string
  cause?: string
}

export interface Attempt {
  id: number
  status: Status
  scheduled: number
  started?: number
  ended?: number
  resource?: string
  parameters?: string
  result?: string
  fault?: Fault
  worker?: string
}

export interface Visit {
  id: number
  name: string
  type: string
  status: Status
  entered: number
  exited?: number
  lastEvent: number
  input?: string
  output?: string
  variables?: Record<string, string>
  fault?: Fault
  attempts: Attempt[]
  // The Map or Parallel state around it, with the iteration's index.
  inside?: Inside
  mapRunArn?: string
  iterations?: Iterations
}

export interface Inside {
  visit: Visit
  index?: number
}

export interface Iterations {
  total?: number
  started: number
  succeeded: number
  failed: number
  aborted: number
}

// Where an event stands: in a visit, or at the beginning of what a Map or Parallel state runs.
interface Place {
  visit?: Visit
  opens?: Inside
}

export function detailsOf(event: HistoryEvent): Record<string, unknown> {
  for (const key in event) {
    if (key.endsWith('EventDetails')) return event[key] as Record<string, unknown>
  }
  return {}
}

const text = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined)

function faultOf(details: Record<string, unknown>): Fault {
  return { error: text(details.error), cause: text(details.cause) }
}

const ENDS: Record<string, Status> = {
  ExecutionSucceeded: 'SUCCEEDED',
  ExecutionFailed: 'FAILED',
  ExecutionAborted: 'ABORTED',
  ExecutionTimedOut: 'TIMED_OUT',
}

export class History {
  readonly events: HistoryEvent[] = []
  readonly visits: Visit[] = []
  readonly mapRuns: string[] = [] // their ARNs, the newest last
  status: Status = 'RUNNING'
  fault?: Fault
  private failedAt?: Visit
  private places = new Map<number, Place>()
  private open = new Set<Visit>()

  // Events in their order; those that are there already are passed over.
  add(events: readonly HistoryEvent[]): void {
    for (const event of events) {
      if (event.id <= this.lastEventId) continue
      this.events.push(event)
      this.places.set(event.id, this.take(event))
    }
  }

  get lastEventId(): number {
    return this.events.at(-1)?.id ?? 0
  }

  visitOf(eventId: number): Visit | undefined {
    return this.places.get(eventId)?.visit
  }

  // Where the execution has failed: the innermost state that did.
  get failedVisit(): Visit | undefined {
    let at = this.failedAt
    for (let inner = at; inner; inner = this.lastFailedIn(inner)) at = inner
    return at
  }

  private lastFailedIn(outer: Visit): Visit | undefined {
    let last: Visit | undefined
    for (const visit of this.visits) {
      const failed = visit.status === 'FAILED' || visit.status === 'TIMED_OUT'
      if (visit.inside?.visit !== outer || !failed) continue
      if (!last || visit.lastEvent > last.lastEvent) last = visit
    }
    return last
  }

  private take(event: HistoryEvent): Place {
    const before = this.places.get(event.previousEventId) ?? {}
    const { type } = event
    if (type in ENDS) return this.end(event, before)
    if (type === 'ExecutionRedriven') {
      this.status = 'RUNNING'
      this.fault = undefined
      this.failedAt = undefined
      return before
    }
    if (type.endsWith('StateEntered')) return this.enter(event, before)
    if (type.startsWith('MapIteration')) return this.iterate(event, before)
    const visit = this.visitFor(type, before)
    if (!visit) return before
    visit.lastEvent = event.id
    if (visit.exited === undefined && visit.status !== 'RUNNING') this.reopen(visit)
    if (type.endsWith('StateExited')) this.exit(visit, event)
    // A branch that takes its container with it is aborted as well: it has failed all the same.
    else if (type.endsWith('StateAborted'))
      this.close(visit, event, visit.fault ? 'FAILED' : 'ABORTED')
    else this.work(visit, event)
    const opens = /^(Parallel|Map)StateStarted$/.test(type) ? { visit } : undefined
    return { visit, opens }
  }

  private enter(event: HistoryEvent, before: Place): Place {
    const details = detailsOf(event)
    const visit: Visit = {
      id: event.id,
      name: text(details.name) ?? '',
      type: event.type.replace('StateEntered', ''),
      status: 'RUNNING',
      entered: event.timestamp,
      lastEvent: event.id,
      input: text(details.input),
      attempts: [],
      inside: before.opens ?? before.visit?.inside,
    }
    this.visits.push(visit)
    this.open.add(visit)
    return { visit }
  }

  // Events of containers may name as their cause what happened inside them.
  private visitFor(type: string, before: Place): Visit | undefined {
    const container = /^(Parallel|Map)(State|Run)/.exec(type)?.[1]
    let visit = before.visit ?? before.opens?.visit
    if (!container) return visit
    while (visit && (visit.type !== container || visit.exited !== undefined)) {
      visit = visit.inside?.visit
    }
    return visit
  }

  private iterate(event: HistoryEvent, before: Place): Place {
    const details = detailsOf(event)
    const index = Number(details.index)
    let visit = before.visit ?? before.opens?.visit
    while (visit && (visit.type !== 'Map' || visit.name !== details.name)) {
      visit = visit.inside?.visit
    }
    if (!visit) return before
    visit.lastEvent = event.id
    visit.iterations ??= { started: 0, succeeded: 0, failed: 0, aborted: 0 }
    const what = event.type.slice('MapIteration'.length).toLowerCase()
    if (what in visit.iterations) visit.iterations[what as 'started'] += 1
    if (what !== 'started') return { visit }
    return { visit, opens: { visit, index } }
  }

  private exit(visit: Visit, event: HistoryEvent): void {
    const details = detailsOf(event)
    visit.exited = event.timestamp
    visit.output = text(details.output)
    visit.variables = details.assignedVariables as Record<string, string> | undefined
    visit.status = visit.fault ? 'CAUGHT' : 'SUCCEEDED'
    this.open.delete(visit)
    this.closeInside(visit, event)
  }

  // A state that ends takes with it what still stands inside it.
  private closeInside(outer: Visit, event: HistoryEvent): void {
    if (outer.type !== 'Parallel' && outer.type !== 'Map') return
    for (const visit of [...this.open]) {
      if (visit === outer || !contains(outer, visit)) continue
      const failed = visit.fault !== undefined || visit.type === 'Fail'
      this.close(visit, event, failed ? 'FAILED' : 'ABORTED')
    }
  }

  private close(visit: Visit, event: HistoryEvent, status: Status): void {
    visit.exited = event.timestamp
    visit.status = status
    this.endAttempt(visit, event, status)
    this.open.delete(visit)
  }

  private reopen(visit: Visit): void {
    visit.status = 'RUNNING'
    visit.fault = undefined
    this.open.add(visit)
    if (visit.inside) this.reopen(visit.inside.visit)
  }

  private endAttempt(visit: Visit, event: HistoryEvent, status: Status): Attempt | undefined {
    const attempt = visit.attempts.at(-1)
    if (!attempt || attempt.ended !== undefined) return undefined
    attempt.ended = event.timestamp
    attempt.status = status
    return attempt
  }

  // What happens within a state: its task's attempts, or the rounds of a container.
  private work(visit: Visit, event: HistoryEvent): void {
    const details = detailsOf(event)
    const { type } = event
    if (type.endsWith('Scheduled') || /^(Parallel|Map)StateStarted$/.test(type)) {
      visit.fault = undefined
      visit.attempts.push(beginAttempt(event, details))
      if (typeof details.length === 'number') {
        visit.iterations = {
          ...{ started: 0, succeeded: 0, failed: 0, aborted: 0 },
          total: details.length || undefined,
        }
      }
      return
    }
    const attempt = visit.attempts.at(-1)
    if (type.startsWith('MapRun') && typeof details.mapRunArn === 'string') {
      visit.mapRunArn = details.mapRunArn
      if (!this.mapRuns.includes(details.mapRunArn)) this.mapRuns.push(details.mapRunArn)
    }
    if (type.startsWith('MapRun')) return
    if (type.endsWith('Started') && attempt) {
      attempt.started = event.timestamp
      attempt.worker = text(details.workerName)
    } else if (type.endsWith('Succeeded')) {
      const done = this.endAttempt(visit, event, 'SUCCEEDED')
      if (done) done.result = text(details.output)
    } else if (/(Failed|TimedOut)$/.test(type)) {
      visit.fault = faultOf(details)
      const status = type.endsWith('TimedOut') ? 'TIMED_OUT' : 'FAILED'
      const failed = this.endAttempt(visit, event, status)
      if (failed) failed.fault = visit.fault
      if (/^(Parallel|Map)State/.test(type)) {
        visit.fault = { error: visit.fault.error ?? this.lastFailedIn(visit)?.fault?.error }
        this.closeInside(visit, event)
      }
    }
  }

  private end(event: HistoryEvent, before: Place): Place {
    this.status = ENDS[event.type] as Status
    const details = detailsOf(event)
    this.fault = this.status === 'SUCCEEDED' ? undefined : faultOf(details)
    const guilty = new Set<Visit>()
    if (this.status === 'FAILED') {
      for (let at = before.visit; at; at = at.inside?.visit) guilty.add(at)
      this.failedAt = before.visit
    }
    for (const visit of this.open) {
      const own = guilty.has(visit)
      visit.status = this.status === 'TIMED_OUT' ? 'TIMED_OUT' : own ? 'FAILED' : 'ABORTED'
      if (own) visit.fault = { ...this.fault, ...defined(visit.fault) }
      this.endAttempt(visit, event, visit.status)
    }
    this.open.clear()
    return before
  }
}

function defined(fault: Fault | undefined): Fault {
  return Object.fromEntries(Object.entries(fault ?? {}).filter(([, value]) => value !== undefined))
}

function contains(outer: Visit | undefined, inner: Visit): boolean {
  for (let at: Visit | undefined = inner; at; at = at.inside?.visit) if (at === outer) return true
  return false
}

function beginAttempt(event: HistoryEvent, details: Record<string, unknown>): Attempt {
  const type = text(details.resourceType)
  const resource = text(details.resource)
  return {
    id: event.id,
    status: 'RUNNING',
    scheduled: event.timestamp,
    resource: type && !resource?.startsWith('arn:') ? `${type}:${resource ?? ''}` : resource,
    parameters: text(details.parameters) ?? text(details.input),
  }
}

// "Each[2]/Call": as explain names it.
export function pathOf(visit: Visit): string {
  if (!visit.inside) return visit.name
  const { visit: outer, index } = visit.inside
  return `${pathOf(outer)}${index === undefined ? '' : `[${index}]`}/${visit.name}`
}
