// The definitions that a state machine has and had: revisions, and versions published of them.
import { queryOptions } from '@tanstack/react-query'
import { pawl, states } from './client'
import type { Machine } from './types'

export interface Revision {
  revisionId: string
  updateDate: number
  roleArn: string
}

export const revisionsQuery = (stateMachineArn: string) =>
  queryOptions({
    queryKey: ['revisions', stateMachineArn],
    queryFn: async () =>
      (await pawl<{ revisions: Revision[] }>('revisions', { stateMachineArn })).revisions,
  })

// "version:3" or "revision:<id>".
export const sourceQuery = (arn: string, name: string | undefined) =>
  queryOptions({
    queryKey: ['source', arn, name],
    queryFn: async (): Promise<string> => {
      const [kind, id] = (name ?? '').split(/:(.*)/s)
      if (kind === 'version') {
        const stateMachineArn = `${arn}:${id}`
        return (await states<Machine>('DescribeStateMachine', { stateMachineArn })).definition
      }
      const request = { stateMachineArn: arn, revisionId: id }
      return (await pawl<{ definition: string }>('revisions/describe', request)).definition
    },
    enabled: name !== undefined,
    // Neither a version nor a revision ever changes.
    staleTime: Number.POSITIVE_INFINITY,
  })

export interface Route {
  stateMachineVersionArn: string
  weight: number
}

export interface Alias {
  stateMachineAliasArn: string
  name: string
  description?: string
  routingConfiguration: Route[]
  creationDate: number
  updateDate: number
}

export const aliasQuery = (stateMachineAliasArn: string) =>
  queryOptions({
    queryKey: ['alias', stateMachineAliasArn],
    queryFn: () => states<Alias>('DescribeStateMachineAlias', { stateMachineAliasArn }),
  })
