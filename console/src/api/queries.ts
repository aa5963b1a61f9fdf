// What the pages ask for, as queries: named once, read anew when the stream of changes says so.
import { queryOptions, useQueryClient } from '@tanstack/react-query'
import { useCallback, useEffect, useRef, useState } from 'react'
import { type Change, type Resource, watch } from './changes'
import { cloudformation, codecommit, codepipeline, lambda, pawl, s3, states } from './client'
import type { Execution, Explanation, Machine, MachineItem, MapRun } from './types'
import { all, type Element, parseXml, textOf } from './xml'

// All pages of a list operation, up to a bound that no screen shows.
async function allPages<T>(
  operation: string,
  member: string,
  input: Record<string, unknown> = {},
  most = 10_000,
): Promise<T[]> {
  const items: T[] = []
  let nextToken: string | undefined
  do {
    const page = await states<Record<string, unknown>>(operation, {
      ...input,
      maxResults: 1000,
      nextToken,
    })
    items.push(...((page[member] as T[] | undefined) ?? []))
    nextToken = page.nextToken as string | undefined
  } while (nextToken && items.length < most)
  return items
}

export const machinesQuery = queryOptions({
  queryKey: ['machines'],
  queryFn: async () => {
    const machines = await allPages<MachineItem>('ListStateMachines', 'stateMachines')
    return machines.sort((a, b) => a.name.localeCompare(b.name, undefined, { numeric: true }))
  },
})

export interface Counts {
  counts: Record<string, number>
  examined: number
  complete: boolean
  tookMs: number
}

const COUNT_FOR_MS = 3000

// Page by page, so that no call is a long one. Of very many the sum comes when it has taken a
// while, and says that it is not all.
async function countAll(stateMachineArn: string, signal: AbortSignal): Promise<Counts> {
  const began = performance.now()
  const sum: Counts = { counts: {}, examined: 0, complete: false, tookMs: 0 }
  let nextToken: string | undefined
  do {
    const input = { stateMachineArn, nextToken }
    const page = await pawl<Counts & { nextToken?: string }>('count', input, signal)
    for (const [status, many] of Object.entries(page.counts)) {
      sum.counts[status] = (sum.counts[status] ?? 0) + many
    }
    sum.examined += page.examined
    sum.complete = page.complete
    sum.tookMs = performance.now() - began
    nextToken = page.nextToken
  } while (nextToken && sum.tookMs < COUNT_FOR_MS)
  return sum
}

export const countsQuery = (arn: string) =>
  queryOptions({
    queryKey: ['counts', arn],
    queryFn: ({ signal }) => countAll(arn, signal),
    staleTime: 2000,
  })

export const machineQuery = (arn: string) =>
  queryOptions({
    queryKey: ['machine', arn],
    queryFn: () => states<Machine>('DescribeStateMachine', { stateMachineArn: arn }),
  })

export const executionQuery = (arn: string) =>
  queryOptions({
    queryKey: ['execution', arn],
    queryFn: () => states<Execution>('DescribeExecution', { executionArn: arn }),
  })

export const runMachineQuery = (arn: string) =>
  queryOptions({
    queryKey: ['run-machine', arn],
    queryFn: () => states<Machine>('DescribeStateMachineForExecution', { executionArn: arn }),
    staleTime: Number.POSITIVE_INFINITY,
  })

export const explainQuery = (arn: string) =>
  queryOptions({
    queryKey: ['explain', arn],
    queryFn: () => pawl<Explanation>('explain', { executionArn: arn }),
  })

export const versionsQuery = (arn: string) =>
  queryOptions({
    queryKey: ['versions', arn],
    queryFn: () =>
      allPages<{ stateMachineVersionArn: string; creationDate: number }>(
        'ListStateMachineVersions',
        'stateMachineVersions',
        { stateMachineArn: arn },
      ),
  })

export const aliasesQuery = (arn: string) =>
  queryOptions({
    queryKey: ['aliases', arn],
    queryFn: () =>
      allPages<{ stateMachineAliasArn: string; creationDate: number }>(
        'ListStateMachineAliases',
        'stateMachineAliases',
        { stateMachineArn: arn },
      ),
  })

export const searchAttributesQuery = (arn: string) =>
  queryOptions({
    queryKey: ['search', arn],
    queryFn: async () => {
      const answer = await pawl<{ attributes?: { name: string; path: string }[] }>('search/list', {
        stateMachineArn: arn,
      })
      return answer.attributes ?? []
    },
    staleTime: 60_000,
  })

export const activitiesQuery = queryOptions({
  queryKey: ['activities'],
  queryFn: () =>
    allPages<{ activityArn: string; name: string; creationDate: number }>(
      'ListActivities',
      'activities',
    ),
})

export interface FunctionItem {
  FunctionName: string
  FunctionArn: string
  Runtime?: string
  Handler?: string
  Description?: string
  CodeSize: number
  CodeSha256?: string
  Timeout: number
  MemorySize: number
  LastModified: string
  State?: string
  Environment?: { Variables?: Record<string, string> }
}

export const functionsQuery = queryOptions({
  queryKey: ['functions'],
  queryFn: async () => {
    const items: FunctionItem[] = []
    let marker = ''
    do {
      const query = marker ? `?Marker=${encodeURIComponent(marker)}` : ''
      const page = await lambda<{ Functions: FunctionItem[]; NextMarker?: string }>(
        'GET',
        `functions/${query}`,
      )
      items.push(...page.Functions)
      marker = page.NextMarker ?? ''
    } while (marker)
    return items
  },
})

export interface StackItem {
  name: string
  id: string
  status: string
  reason?: string
  created?: string
  updated?: string
}

export const stackOf = (stack: Element): StackItem => ({
  name: textOf(stack, 'StackName') ?? '',
  id: textOf(stack, 'StackId') ?? '',
  status: textOf(stack, 'StackStatus') ?? '',
  reason: textOf(stack, 'StackStatusReason'),
  created: textOf(stack, 'CreationTime'),
  updated: textOf(stack, 'LastUpdatedTime'),
})

export const stacksQuery = queryOptions({
  queryKey: ['stacks', ''],
  queryFn: async (): Promise<StackItem[]> => {
    const answer = await cloudformation('DescribeStacks')
    const stacks = all(answer, 'Stacks')[0]?.children ?? []
    return stacks.map(stackOf)
  },
})

export const bucketsQuery = queryOptions({
  queryKey: ['buckets'],
  queryFn: async () => {
    const answer = parseXml(await (await s3('/')).text())
    return all(answer, 'Bucket').map((bucket) => ({
      name: textOf(bucket, 'Name') ?? '',
      created: textOf(bucket, 'CreationDate'),
    }))
  },
})

export interface PipelineItem {
  name: string
  version: number
  pipelineType?: string
  executionMode?: string
  created?: number
  updated?: number
}

export const pipelinesQuery = queryOptions({
  queryKey: ['pipelines', 'list'],
  queryFn: async () => {
    const items: PipelineItem[] = []
    let nextToken: string | undefined
    do {
      const page = await codepipeline<{ pipelines: PipelineItem[]; nextToken?: string }>(
        'ListPipelines',
        { nextToken },
      )
      items.push(...page.pipelines)
      nextToken = page.nextToken
    } while (nextToken)
    return items
  },
})

export interface RepositoryItem {
  repositoryName: string
  repositoryId: string
}

export const repositoriesQuery = queryOptions({
  queryKey: ['repositories'],
  queryFn: async () => {
    const items: RepositoryItem[] = []
    let nextToken: string | undefined
    do {
      const page = await codecommit<{ repositories: RepositoryItem[]; nextToken?: string }>(
        'ListRepositories',
        { nextToken },
      )
      items.push(...page.repositories)
      nextToken = page.nextToken
    } while (nextToken)
    return items
  },
})

export const mapRunQuery = (arn: string) =>
  queryOptions({
    queryKey: ['map-run', arn],
    queryFn: () => states<MapRun>('DescribeMapRun', { mapRunArn: arn }),
  })

// Live: calls back with changes while the page is shown. Answers whether the stream is open.
export function useChanges(
  topic: { executionArn?: string; stateMachineArn?: string },
  onChanges: (changes: Change[]) => void,
  onReset?: () => void,
): boolean {
  const [live, setLive] = useState(false)
  const latest = useRef({ onChanges, onReset })
  latest.current = { onChanges, onReset }
  const { executionArn, stateMachineArn } = topic
  useEffect(
    () =>
      watch(
        { executionArn, stateMachineArn },
        {
          onChanges: (changes) => latest.current.onChanges(changes),
          onReset: () => latest.current.onReset?.(),
          onState: setLive,
        },
      ),
    [executionArn, stateMachineArn],
  )
  return live
}

const READ_EVERY_MS = 400

// Reads those queries again whenever something of that kind, and of that name where one is given,
// has changed. Answers whether the stream is open.
export function useResource(resource: Resource, name: string | undefined, ...key: string[]) {
  const client = useQueryClient()
  const [live, setLive] = useState(false)
  const refresh = useThrottled(
    () => void client.invalidateQueries({ queryKey: key }),
    READ_EVERY_MS,
  )
  useEffect(
    () => watch({ resource, name }, { onTouched: refresh, onReset: refresh, onState: setLive }),
    [resource, name, refresh],
  )
  return live
}

// At most one call in that time, the last one always made.
export function useThrottled(run: () => void, everyMs: number): () => void {
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  const last = useRef(0)
  const latest = useRef(run)
  latest.current = run
  useEffect(() => () => clearTimeout(timer.current), [])
  return useCallback(() => {
    clearTimeout(timer.current)
    const wait = Math.max(0, last.current + everyMs - Date.now())
    timer.current = setTimeout(() => {
      last.current = Date.now()
      latest.current()
    }, wait)
  }, [everyMs])
}

export function useInvalidate(): (...key: string[]) => void {
  const client = useQueryClient()
  return useCallback((...key) => void client.invalidateQueries({ queryKey: key }), [client])
}
