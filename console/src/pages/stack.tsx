// One stack: resources, events, change sets with what they would replace or delete, outputs.
import { useQuery } from '@tanstack/react-query'
import { cloudformation } from '../api/client'
import { type StackItem, stackOf, useResource } from '../api/queries'
import { all, members, textOf } from '../api/xml'
import { StatusBadge } from '../components/status'
import { Time } from '../components/time'
import { CopyButton, Empty, Facts, Loading, PageHead, Problem, Tabs } from '../components/ui'
import { changeQuery, to } from '../router'

type Row = (string | undefined)[]

// A list of the API as rows of those members.
async function readRows(
  action: string,
  list: string,
  names: string[],
  input: Record<string, string>,
) {
  const answer = await cloudformation(action, input)
  const found = all(answer, list)[0]?.children ?? []
  return found.map((element): Row => names.map((name) => textOf(element, name)))
}

async function describe(name: string): Promise<StackItem | undefined> {
  const answer = await cloudformation('DescribeStacks', { StackName: name })
  const stack = all(answer, 'Stacks')[0]?.children[0]
  return stack && stackOf(stack)
}

const VIEWS = {
  resources: {
    label: 'Resources',
    action: 'DescribeStackResources',
    list: 'StackResources',
    names: [
      'ResourceStatus',
      'LogicalResourceId',
      'ResourceType',
      'PhysicalResourceId',
      'ResourceStatusReason',
    ],
    heads: ['Status', 'Resource', 'Type', 'Physical id', 'Reason'],
  },
  events: {
    label: 'Events',
    action: 'DescribeStackEvents',
    list: 'StackEvents',
    names: [
      'ResourceStatus',
      'LogicalResourceId',
      'ResourceType',
      'Timestamp',
      'ResourceStatusReason',
    ],
    heads: ['Status', 'Resource', 'Type', 'Time', 'Reason'],
  },
} as const

type View = keyof typeof VIEWS

export function StackPage({ name, query }: { name: string; query: URLSearchParams }) {
  const stacks = useQuery({ queryKey: ['stacks', name], queryFn: () => describe(name) })
  const stack = stacks.data
  const live = useResource('stack', name, 'stacks', name)
  const view = (query.get('view') ?? 'resources') as View | 'changes' | 'outputs'
  if (stacks.error) return <Problem error={stacks.error} />
  if (stacks.isPending) return <Loading what="Loading the stack" />
  return (
    <div className="page">
      <PageHead
        crumbs={[{ label: 'Stacks', href: to(['stacks']) }]}
        title={name}
        badge={
          stack ? (
            <>
              <StatusBadge status={stack.status} />
              <CopyButton text={stack.id} label="Copy the ARN" />
              <span className={live ? 'live' : 'live off'}>{live ? 'live' : 'connecting'}</span>
            </>
          ) : null
        }
      >
        <Facts
          facts={[
            [
              'Created',
              <Time
                key="created"
                at={stack?.created ? Date.parse(stack.created) / 1000 : undefined}
              />,
            ],
            ['Reason', stack?.reason],
          ]}
        />
      </PageHead>
      <Tabs
        label="Views of the stack"
        active={view}
        onChange={(key) => changeQuery({ view: key })}
        tabs={[
          ...Object.entries(VIEWS).map(([key, one]) => ({ key, label: one.label })),
          { key: 'changes', label: 'Change sets' },
          { key: 'outputs', label: 'Outputs' },
        ]}
      />
      {view === 'outputs' ? <Outputs name={name} /> : null}
      {view === 'changes' ? <ChangeSets name={name} only={query.get('set') ?? undefined} /> : null}
      {view === 'resources' || view === 'events' ? <Rows view={view} name={name} /> : null}
    </div>
  )
}

function Rows({ view, name }: { view: View; name: string }) {
  const { action, list, names, heads, label } = VIEWS[view]
  const { data, error } = useQuery({
    queryKey: ['stacks', name, view],
    queryFn: () => readRows(action, list, [...names], { StackName: name }),
  })
  if (error) return <Problem error={error} />
  if (!data) return <Loading what={`Loading ${label.toLowerCase()}`} />
  return (
    <section className="panel" aria-label={label}>
      <table className="plain-table">
        <thead>
          <tr>
            {heads.map((head) => (
              <th key={head}>{head}</th>
            ))}
          </tr>
        </thead>
        <tbody>
          {data.map((row, index) => (
            <tr key={index}>
              {row.map((value, column) => (
                <td key={heads[column]}>
                  <Cell head={heads[column] ?? ''} value={value} />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      {data.length === 0 ? <p className="quiet pad">None.</p> : null}
    </section>
  )
}

function Cell({ head, value }: { head: string; value?: string }) {
  if (!value) return null
  if (head === 'Status') return <StatusBadge status={value} />
  if (head === 'Time') return <Time at={Date.parse(value) / 1000} />
  return head === 'Physical id' ? <code>{value}</code> : <span>{value}</span>
}

const createCommand = (name: string) =>
  `aws cloudformation create-change-set --stack-name ${name} --change-set-name next \\
    --template-body file://template.yaml`

// Every change set with what it would do; or the one that the address names.
function ChangeSets({ name, only }: { name: string; only?: string }) {
  const { data, error } = useQuery({
    queryKey: ['stacks', name, 'changes'],
    queryFn: () =>
      readRows(
        'ListChangeSets',
        'Summaries',
        ['ChangeSetName', 'Status', 'ExecutionStatus', 'CreationTime', 'StatusReason'],
        { StackName: name },
      ),
  })
  if (error) return <Problem error={error} />
  if (!data) return <Loading what="Loading change sets" />
  const shown = data.filter(([set]) => !only || set === only)
  if (shown.length === 0) {
    return (
      <Empty title="No change sets" command={createCommand(name)}>
        A change set shows what a template would change, before it does:
      </Empty>
    )
  }
  return shown.map((row) => <ChangeSet key={row[0]} name={name} row={row} />)
}

interface Change {
  action?: string
  id?: string
  type?: string
  replacement?: string
}

async function readChanges(name: string, set: string): Promise<Change[]> {
  const answer = await cloudformation('DescribeChangeSet', {
    StackName: name,
    ChangeSetName: set,
  })
  const changes = all(answer, 'ResourceChange').map((change) => ({
    action: textOf(change, 'Action'),
    id: textOf(change, 'LogicalResourceId'),
    type: textOf(change, 'ResourceType'),
    replacement: textOf(change, 'Replacement'),
  }))
  return changes.sort((a, b) => weightOf(b) - weightOf(a))
}

// What is lost stands first.
function weightOf({ action, replacement }: Change): number {
  if (action === 'Remove') return 3
  if (replacement === 'True') return 2
  return replacement === 'Conditional' ? 1 : 0
}

function wordsFor(change: Change): { words: string; tone: string } {
  if (change.action === 'Remove') return { words: 'is deleted', tone: 'bad' }
  if (change.action === 'Add') return { words: 'is added', tone: 'good' }
  if (change.replacement === 'True') return { words: 'is replaced', tone: 'bad' }
  if (change.replacement === 'Conditional') return { words: 'may be replaced', tone: 'late' }
  return { words: change.action === 'Modify' ? 'is changed' : String(change.action), tone: 'quiet' }
}

function ChangeSet({ name, row }: { name: string; row: Row }) {
  const [set = '', status = '', execution = '', created, reason] = row
  const { data, error } = useQuery({
    queryKey: ['stacks', name, 'change-set', set],
    queryFn: () => readChanges(name, set),
  })
  if (error) return <Problem error={error} />
  const losing = (data ?? []).filter((change) => weightOf(change) > 1).length
  return (
    <section className="panel" aria-label={`Change set ${set}`}>
      <div className="panel-head">
        <h2>{set}</h2>
        <StatusBadge status={status} />
        <span className="quiet">{execution.replaceAll('_', ' ').toLowerCase()}</span>
        {created ? <Time at={Date.parse(created) / 1000} /> : null}
        {data && data.length > 0 ? (
          <span className={losing > 0 ? 'badge tone-bad' : 'badge tone-good'}>
            {losing > 0 ? `${losing} replaced or deleted` : 'Nothing is replaced or deleted'}
          </span>
        ) : null}
      </div>
      {reason ? <p className="pad">{reason}</p> : null}
      <table className="plain-table">
        <tbody>
          {(data ?? []).map((change) => {
            const { words, tone } = wordsFor(change)
            return (
              <tr key={change.id}>
                <td>
                  <strong>{change.id}</strong>
                </td>
                <td>
                  <span className={`badge tone-${tone}`}>{words}</span>
                </td>
                <td className="quiet">{change.type}</td>
              </tr>
            )
          })}
        </tbody>
      </table>
      {execution === 'AVAILABLE' ? (
        <div className="command pad">
          <pre tabIndex={0}>{executeCommand(name, set)}</pre>
          <CopyButton text={executeCommand(name, set)} label="Copy the command" />
        </div>
      ) : null}
    </section>
  )
}

const executeCommand = (name: string, set: string) =>
  `aws cloudformation execute-change-set --stack-name ${name} --change-set-name ${set}`

function Outputs({ name }: { name: string }) {
  const { data, error } = useQuery({
    queryKey: ['stacks', name, 'outputs'],
    queryFn: async () => {
      const answer = await cloudformation('DescribeStacks', { StackName: name })
      const stack = all(answer, 'Stacks')[0]?.children[0]
      return stack ? members(stack, 'Outputs') : []
    },
  })
  if (error) return <Problem error={error} />
  return (
    <section className="panel" aria-label="Outputs">
      <table className="plain-table">
        <tbody>
          {(data ?? []).map((output) => (
            <tr key={textOf(output, 'OutputKey')}>
              <td>{textOf(output, 'OutputKey')}</td>
              <td>
                <code>{textOf(output, 'OutputValue')}</code>
              </td>
              <td className="quiet">{textOf(output, 'Description')}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {data?.length === 0 ? <p className="quiet pad">None.</p> : null}
    </section>
  )
}
