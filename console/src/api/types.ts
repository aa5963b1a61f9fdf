// Answers of the API, as far as the pages read them.
import type { HistoryEvent } from '../model/history'

export type ExecutionStatus = 'RUNNING' | 'SUCCEEDED' | 'FAILED' | 'TIMED_OUT' | 'ABORTED'

export interface MachineItem {
  stateMachineArn: string
  name: string
  type: 'STANDARD' | 'EXPRESS'
  creationDate: number
}

export interface Machine extends MachineItem {
  definition: string
  roleArn: string
  status: string
  revisionId?: string
  updateDate?: number
  loggingConfiguration?: { level?: string }
}

export interface Pause {
  since?: number
  by?: string
  reason?: string
  scope?: string
  explanation?: string
}

export interface ExecutionItem {
  executionArn: string
  stateMachineArn: string
  name: string
  status: ExecutionStatus
  startDate: number
  stopDate?: number
  paused?: Pause
  search?: Record<string, string | number>
}

export interface Execution extends ExecutionItem {
  input?: string
  output?: string
  error?: string
  cause?: string
  redriveCount?: number
  redriveStatus?: string
  redriveStatusReason?: string
  mapRunArn?: string
  stateMachineVersionArn?: string
  stateMachineAliasArn?: string
}

export interface HistoryPage {
  events: HistoryEvent[]
  nextToken?: string
}

export interface WaitFor {
  path: string
  kind: string
  explanation: string
  taskToken?: string
  childExecutionArn?: string
  resource?: string
}

export interface Explanation {
  status: ExecutionStatus
  lastEventId: number
  waitsFor: WaitFor[]
  truncated: boolean
  paused?: Pause
  forkedFrom?: { executionArn: string; eventId: number }
}

export interface Diagnostic {
  severity: 'ERROR' | 'WARNING'
  code: string
  message: string
  location?: string
}

export interface MapRun {
  mapRunArn: string
  executionArn: string
  status: string
  startDate: number
  stopDate?: number
  maxConcurrency: number
  toleratedFailurePercentage: number
  toleratedFailureCount: number
  itemCounts: Record<string, number>
  executionCounts: Record<string, number>
}
