// A status as colour, icon and word: never as colour alone.
import { Icon, type IconName } from './icons'

const LOOKS: Record<string, { icon: IconName; words: string; tone: string }> = {
  RUNNING: { icon: 'running', words: 'Running', tone: 'running' },
  SUCCEEDED: { icon: 'check', words: 'Succeeded', tone: 'good' },
  FAILED: { icon: 'cross', words: 'Failed', tone: 'bad' },
  TIMED_OUT: { icon: 'clock', words: 'Timed out', tone: 'late' },
  ABORTED: { icon: 'stop', words: 'Aborted', tone: 'quiet' },
  CAUGHT: { icon: 'caught', words: 'Caught', tone: 'late' },
  PENDING_REDRIVE: { icon: 'redrive', words: 'Pending redrive', tone: 'late' },
  PAUSED: { icon: 'pause', words: 'Paused', tone: 'late' },
  ACTIVE: { icon: 'check', words: 'Active', tone: 'good' },
  DELETING: { icon: 'stop', words: 'Deleting', tone: 'quiet' },
}

// Of stacks and others: CREATE_COMPLETE, UPDATE_ROLLBACK_FAILED.
function lookOf(status: string): { icon: IconName; words: string; tone: string } {
  const known = LOOKS[status]
  if (known) return known
  const lower = status.replaceAll('_', ' ').toLowerCase()
  const words = lower.charAt(0).toUpperCase() + lower.slice(1)
  if (status.endsWith('_IN_PROGRESS')) return { icon: 'running', words, tone: 'running' }
  if (status.includes('ROLLBACK') && status.endsWith('COMPLETE')) {
    return { icon: 'caught', words, tone: 'late' }
  }
  if (status.endsWith('FAILED')) return { icon: 'cross', words, tone: 'bad' }
  if (status.endsWith('COMPLETE')) return { icon: 'check', words, tone: 'good' }
  return { icon: 'stop', words, tone: 'quiet' }
}

export const toneOf = (status: string): string => lookOf(status).tone
export const wordsOf = (status: string): string => lookOf(status).words

export function StatusIcon({ status }: { status: string }) {
  const look = lookOf(status)
  return (
    <span className={`status-icon tone-${look.tone}`} title={look.words}>
      <Icon name={look.icon} label={look.words} />
    </span>
  )
}

export function StatusBadge({ status, more }: { status: string; more?: string }) {
  const look = lookOf(status)
  return (
    <span className={`badge tone-${look.tone}`}>
      <Icon name={look.icon} />
      {look.words}
      {more ? <span className="badge-more">{more}</span> : null}
    </span>
  )
}
