// Statuses of pipelines as the other pages have them, and where what an action did can be seen.
import { executionPage, to } from '../router'
import { lastPart } from './format'

const STATUSES: Record<string, string> = {
  InProgress: 'RUNNING',
  Succeeded: 'SUCCEEDED',
  Failed: 'FAILED',
  Abandoned: 'ABORTED',
  Stopped: 'ABORTED',
  Cancelled: 'ABORTED',
}

// "Stopping", "Superseded" and others stay what they are.
export const statusOfPipeline = (status: string): string => STATUSES[status] ?? status

export interface ActionTarget {
  label: string
  href: string
}

// The state machine run that the action has started, the function it calls, the stack, the bucket
// or the repository that it is about.
export function targetsOf(
  provider: string,
  configuration: Record<string, string>,
  externalId: string | undefined,
): ActionTarget[] {
  const { FunctionName, StackName, BucketName, RepositoryName, S3Bucket } = configuration
  const targets: ActionTarget[] = []
  if (provider === 'StepFunctions' && externalId?.includes(':execution:')) {
    targets.push({ label: `Run ${lastPart(externalId)}`, href: executionPage(externalId) })
  }
  if (provider === 'Lambda' && FunctionName) {
    targets.push({ label: `Function ${FunctionName}`, href: to(['functions', FunctionName]) })
  }
  if (provider === 'CloudFormation' && StackName) {
    targets.push({ label: `Stack ${StackName}`, href: to(['stacks', StackName]) })
  }
  if (provider === 'CodeCommit' && RepositoryName) {
    const query = externalId ? { commit: externalId } : {}
    targets.push({
      label: `Repository ${RepositoryName}`,
      href: to(['repositories', RepositoryName], query),
    })
  }
  const bucket = provider === 'S3' ? (BucketName ?? S3Bucket) : undefined
  if (bucket) targets.push({ label: `Bucket ${bucket}`, href: to(['buckets', bucket]) })
  return targets
}
