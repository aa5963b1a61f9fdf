// What the pages of pipelines read.
import { queryOptions } from '@tanstack/react-query'
import { codepipeline } from './client'

export interface ActionTypeId {
  category: string
  owner: string
  provider: string
  version: string
}

export interface ActionDeclaration {
  name: string
  actionTypeId: ActionTypeId
  runOrder?: number
  configuration?: Record<string, string>
  inputArtifacts?: { name: string }[]
  outputArtifacts?: { name: string }[]
}

export interface StageDeclaration {
  name: string
  actions: ActionDeclaration[]
}

export interface PipelineDeclaration {
  name: string
  roleArn: string
  version: number
  pipelineType?: string
  executionMode?: string
  stages: StageDeclaration[]
  variables?: { name: string; defaultValue?: string; description?: string }[]
}

export interface ActionExecution {
  actionExecutionId?: string
  status?: string
  summary?: string
  lastStatusChange?: number
  token?: string
  lastUpdatedBy?: string
  externalExecutionId?: string
  externalExecutionUrl?: string
  percentComplete?: number
  errorDetails?: { code?: string; message?: string }
}

export interface ActionState {
  actionName: string
  currentRevision?: { revisionId: string; created?: number }
  latestExecution?: ActionExecution
}

export interface StageState {
  stageName: string
  inboundExecutions?: { pipelineExecutionId: string }[]
  inboundTransitionState?: {
    enabled: boolean
    disabledReason?: string
    lastChangedBy?: string
    lastChangedAt?: number
  }
  actionStates: ActionState[]
  latestExecution?: { pipelineExecutionId: string; status: string }
}

export interface PipelineExecution {
  pipelineExecutionId: string
  status: string
  statusSummary?: string
  startTime?: number
  lastUpdateTime?: number
  sourceRevisions?: { actionName: string; revisionId?: string; revisionSummary?: string }[]
  trigger?: { triggerType?: string; triggerDetail?: string }
  executionMode?: string
}

export interface ArtifactPlace {
  name: string
  s3location?: { bucket: string; key: string }
}

export interface ActionDetails {
  actionExecutionId: string
  stageName: string
  actionName: string
  status: string
  startTime?: number
  lastUpdateTime?: number
  updatedBy?: string
  input?: {
    actionTypeId: ActionTypeId
    resolvedConfiguration?: Record<string, string>
    inputArtifacts?: ArtifactPlace[]
  }
  output?: {
    outputArtifacts?: ArtifactPlace[]
    executionResult?: {
      externalExecutionId?: string
      externalExecutionSummary?: string
      errorDetails?: { code?: string; message?: string }
    }
    outputVariables?: Record<string, string>
  }
}

// All below begin with 'pipelines' and the name: one touch of the stream reads them again.
export const pipelineQuery = (name: string) =>
  queryOptions({
    queryKey: ['pipelines', name, 'declaration'],
    queryFn: () =>
      codepipeline<{
        pipeline: PipelineDeclaration
        metadata?: { pipelineArn: string; created?: number; updated?: number }
      }>('GetPipeline', { name }),
  })

export const pipelineStateQuery = (name: string) =>
  queryOptions({
    queryKey: ['pipelines', name, 'state'],
    queryFn: () => codepipeline<{ stageStates: StageState[] }>('GetPipelineState', { name }),
  })

export const pipelineExecutionsQuery = (name: string, most: number) =>
  queryOptions({
    queryKey: ['pipelines', name, 'executions', String(most)],
    queryFn: async () => {
      const answer = await codepipeline<{ pipelineExecutionSummaries: PipelineExecution[] }>(
        'ListPipelineExecutions',
        { pipelineName: name, maxResults: most },
      )
      return answer.pipelineExecutionSummaries
    },
  })

// In the order in which they ran.
export const actionExecutionsQuery = (pipelineName: string, pipelineExecutionId: string) =>
  queryOptions({
    queryKey: ['pipelines', pipelineName, 'actions', pipelineExecutionId],
    queryFn: async () => {
      const items: ActionDetails[] = []
      let nextToken: string | undefined
      do {
        const page = await codepipeline<{
          actionExecutionDetails: ActionDetails[]
          nextToken?: string
        }>('ListActionExecutions', { pipelineName, filter: { pipelineExecutionId }, nextToken })
        items.push(...page.actionExecutionDetails)
        nextToken = page.nextToken
      } while (nextToken)
      return items.reverse()
    },
  })
