// Times, durations, sizes and ARNs as people read them.

const DAY_MS = 86_400_000

// "14:03:07.120" today, "12 Nov 14:03:07" else; in the reader's zone.
export function shortTime(seconds: number, now = Date.now()): string {
  const date = new Date(seconds * 1000)
  const clock = date.toLocaleTimeString('en-GB')
  if (Math.abs(now - date.getTime()) < DAY_MS && date.getDate() === new Date(now).getDate()) {
    return clock
  }
  const sameYear = date.getFullYear() === new Date(now).getFullYear()
  const day = date.toLocaleDateString('en-GB', {
    day: 'numeric',
    month: 'short',
    ...(sameYear ? {} : { year: 'numeric' }),
  })
  return `${day} ${clock}`
}

export function exactTime(seconds: number): string {
  return new Date(Math.round(seconds * 1000)).toISOString()
}

// Two units at most: "250 ms", "4.2 s", "3 min 4 s", "2 d 3 h".
export function duration(seconds: number): string {
  const ms = Math.round(seconds * 1000)
  if (ms < 1000) return `${Math.max(ms, 0)} ms`
  if (ms < 60_000) return `${(ms / 1000).toFixed(ms < 10_000 ? 2 : 1).replace(/\.?0+$/, '')} s`
  const units: [string, number][] = [
    ['d', 86_400],
    ['h', 3600],
    ['min', 60],
    ['s', 1],
  ]
  let rest = Math.round(ms / 1000)
  const parts: string[] = []
  for (const [name, size] of units) {
    if (rest < size || parts.length === 2) continue
    parts.push(`${Math.floor(rest / size)} ${name}`)
    rest %= size
  }
  return parts.join(' ')
}

export function bytes(count: number): string {
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB']
  let value = count
  let unit = 0
  while (value >= 1024 && unit < units.length - 1) {
    value /= 1024
    unit += 1
  }
  return `${unit === 0 ? value : value.toFixed(value < 10 ? 1 : 0)} ${units[unit]}`
}

const grouped = new Intl.NumberFormat('en-GB')
export const count = (value: number): string => grouped.format(value)

export interface Arn {
  service: string
  region: string
  account: string
  kind: string
  name: string // what stands behind the kind: "orders", "orders:7", "orders/Each:uuid"
}

export function parseArn(arn: string): Arn | undefined {
  const [head, , service, region, account, kind, ...rest] = arn.split(':')
  if (head !== 'arn' || !service || kind === undefined) return undefined
  return { service, region: region ?? '', account: account ?? '', kind, name: rest.join(':') }
}

// The machine of an execution's ARN; of a Map Run's child the parent's machine.
export function machineOfExecution(arn: string): string {
  const parsed = parseArn(arn)
  if (!parsed) return ''
  const machine = parsed.name.split(':')[0]?.split('/')[0] ?? ''
  return `arn:aws:states:${parsed.region}:${parsed.account}:stateMachine:${machine}`
}

export function lastPart(arn: string): string {
  return arn.slice(arn.lastIndexOf(':') + 1)
}

// "lambda:invoke.waitForTaskToken" of a resource's ARN; the function's name of a function's.
export function shortResource(resource: string): string {
  const states = /^arn:aws:states:[^:]*:[^:]*:(.+)$/.exec(resource)
  if (states?.[1]) return states[1].replace(/^aws-sdk:/, '').replace(/^activity:/, 'activity ')
  const lambda = /:function:([^:]+)/.exec(resource)
  return lambda?.[1] ?? resource
}
