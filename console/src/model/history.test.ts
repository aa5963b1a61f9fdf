// Histories as they come, and what they say about states: one line a visit.
import { describe, expect, it } from 'vitest'
import { History, type HistoryEvent, pathOf } from './history'

// "5 < 4 LambdaFunctionFailed error=E": id, previous event, type, details.
function parse(script: string): HistoryEvent[] {
  return script
    .trim()
    .split('\n')
    .map((line) => {
      const [id, , previous, type = '', ...rest] = line.trim().split(/\s+/)
      const details: Record<string, unknown> = {}
      for (const part of rest) {
        const [name = '', value = ''] = part.split('=')
        details[name] = /^\d+$/.test(value) ? Number(value) : value
      }
      const key = `${type.charAt(0).toLowerCase()}${type.slice(1)}EventDetails`
      return {
        id: Number(id),
        previousEventId: Number(previous),
        timestamp: Number(id),
        type,
        [key]: details,
      }
    })
}

function shown(history: History): string[] {
  return history.visits.map((visit) => {
    const attempts = visit.attempts.map((attempt) => attempt.status).join(' ')
    const fault = visit.fault?.error ? ` (${visit.fault.error})` : ''
    return `${pathOf(visit)} ${visit.status}${fault}${attempts ? `: ${attempts}` : ''}`
  })
}

const CASES: { name: string; script: string; visits: string[]; status: string; failed?: string }[] =
  [
    {
      name: 'a task that is retried and then caught',
      script: `
      1 < 0 ExecutionStarted
      2 < 0 TaskStateEntered name=A
      3 < 2 LambdaFunctionScheduled resource=f
      4 < 3 LambdaFunctionStarted
      5 < 4 LambdaFunctionFailed error=E
      6 < 5 LambdaFunctionScheduled resource=f
      7 < 6 LambdaFunctionStarted
      8 < 7 LambdaFunctionFailed error=F
      9 < 8 TaskStateExited name=A output={}
      10 < 9 PassStateEntered name=B
      11 < 10 PassStateExited name=B
      12 < 11 ExecutionSucceeded`,
      visits: ['A CAUGHT (F): FAILED FAILED', 'B SUCCEEDED'],
      status: 'SUCCEEDED',
    },
    {
      name: 'a task that fails the execution, and the redrive that mends it',
      script: `
      1 < 0 ExecutionStarted
      2 < 0 TaskStateEntered name=A
      3 < 2 LambdaFunctionScheduled resource=f
      4 < 3 LambdaFunctionStarted
      5 < 4 LambdaFunctionFailed error=E
      6 < 5 ExecutionFailed error=E
      7 < 6 ExecutionRedriven redriveCount=1
      8 < 7 LambdaFunctionScheduled resource=f
      9 < 8 LambdaFunctionStarted
      10 < 9 LambdaFunctionSucceeded output=7
      11 < 10 TaskStateExited name=A output=7
      12 < 11 ExecutionSucceeded`,
      visits: ['A SUCCEEDED: FAILED SUCCEEDED'],
      status: 'SUCCEEDED',
    },
    {
      name: 'a failure that nothing catches',
      script: `
      1 < 0 ExecutionStarted
      2 < 0 TaskStateEntered name=A
      3 < 2 TaskScheduled resource=invoke resourceType=lambda
      4 < 3 TaskStarted
      5 < 4 TaskTimedOut error=States.Timeout
      6 < 5 ExecutionFailed error=States.Timeout`,
      visits: ['A FAILED (States.Timeout): TIMED_OUT'],
      status: 'FAILED',
      failed: 'A',
    },
    {
      name: 'nested Parallel states: each event belongs to the container that it names',
      script: `
      1 < 0 ExecutionStarted
      2 < 0 ParallelStateEntered name=L1
      3 < 2 ParallelStateStarted
      4 < 3 ParallelStateEntered name=L2
      5 < 4 ParallelStateStarted
      6 < 5 PassStateEntered name=B
      7 < 6 PassStateExited name=B
      8 < 7 ParallelStateSucceeded
      9 < 7 ParallelStateExited name=L2
      10 < 9 ParallelStateSucceeded
      11 < 9 ParallelStateExited name=L1
      12 < 11 ExecutionSucceeded`,
      visits: ['L1 SUCCEEDED: SUCCEEDED', 'L1/L2 SUCCEEDED: SUCCEEDED', 'L1/L2/B SUCCEEDED'],
      status: 'SUCCEEDED',
    },
    {
      name: 'a Fail state in a branch takes the container with it',
      script: `
      1 < 0 ExecutionStarted
      2 < 0 ParallelStateEntered name=P
      3 < 2 ParallelStateStarted
      4 < 3 FailStateEntered name=F
      5 < 3 WaitStateEntered name=W
      6 < 4 ParallelStateFailed
      7 < 6 ExecutionFailed error=E`,
      visits: ['P FAILED (E): FAILED', 'P/F FAILED', 'P/W ABORTED'],
      status: 'FAILED',
      failed: 'P/F',
    },
    {
      name: 'a task in a branch that fails the execution',
      script: `
      1 < 0 ExecutionStarted
      2 < 0 ParallelStateEntered name=P
      3 < 2 ParallelStateStarted
      4 < 3 TaskStateEntered name=A
      5 < 4 LambdaFunctionScheduled
      6 < 3 WaitStateEntered name=W
      7 < 5 LambdaFunctionFailed error=E
      8 < 7 TaskStateAborted
      9 < 6 WaitStateAborted
      10 < 7 ParallelStateFailed
      11 < 10 ExecutionFailed error=E`,
      visits: ['P FAILED (E): FAILED', 'P/A FAILED (E): FAILED', 'P/W ABORTED'],
      status: 'FAILED',
      failed: 'P/A',
    },
    {
      name: 'Map iterations one after the other: the next begins where the last one ended',
      script: `
      1 < 0 ExecutionStarted
      2 < 0 MapStateEntered name=M
      3 < 2 MapStateStarted length=2
      4 < 3 MapIterationStarted index=0 name=M
      5 < 4 PassStateEntered name=P
      6 < 5 PassStateExited name=P
      7 < 6 MapIterationSucceeded index=0 name=M
      8 < 6 MapIterationStarted index=1 name=M
      9 < 8 PassStateEntered name=P
      10 < 9 PassStateExited name=P
      11 < 10 MapIterationSucceeded index=1 name=M
      12 < 11 MapStateSucceeded
      13 < 11 MapStateExited name=M
      14 < 13 PassStateEntered name=Q`,
      visits: ['M SUCCEEDED: SUCCEEDED', 'M[0]/P SUCCEEDED', 'M[1]/P SUCCEEDED', 'Q RUNNING'],
      status: 'RUNNING',
    },
    {
      name: 'an execution that is stopped',
      script: `
      1 < 0 ExecutionStarted
      2 < 0 WaitStateEntered name=W
      3 < 2 ExecutionAborted`,
      visits: ['W ABORTED'],
      status: 'ABORTED',
    },
  ]

describe('a history', () => {
  for (const { name, script, visits, status, failed } of CASES) {
    it(name, () => {
      const history = new History()
      history.add(parse(script))
      expect(shown(history)).toEqual(visits)
      expect(history.status).toBe(status)
      expect(history.failedVisit && pathOf(history.failedVisit)).toBe(failed)
    })
  }

  it('is the same in whatever pieces it comes', () => {
    for (const { script } of CASES) {
      const events = parse(script)
      const whole = new History()
      whole.add(events)
      const pieces = new History()
      for (const [index, event] of events.entries())
        pieces.add(events.slice(Math.max(0, index - 2), index + 1).concat(event))
      expect(shown(pieces)).toEqual(shown(whole))
    }
  })

  it('counts iterations', () => {
    const history = new History()
    history.add(parse(CASES[6]?.script ?? ''))
    expect(history.visits[0]?.iterations).toEqual({
      total: 2,
      started: 2,
      succeeded: 2,
      failed: 0,
      aborted: 0,
    })
  })
})
