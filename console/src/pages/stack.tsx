// One stack: resources, events, change sets with what they would replace or delete, outputs.
import { useQuery } from '@tanstack/react-query'
import { cloudformation } from '../api/client'
import { type StackItem, stackOf, useResource } from '../api/queries'
import { all, members, textOf } from '../api/xml'
import { StatusBadge } from '../components/status'
import { Time } from '../components/time'
import { CopyButton, Facts, Loading, PageHead, Problem, Tabs } from '../components/ui'
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
  changes: {
    label: 'Change sets',
    action: 'ListChangeSets',
    list: 'Summaries',
    names: ['Status', 'ChangeSetName', 'ExecutionStatus', 'CreationTime', 'StatusReason'],
    heads: ['Status', 'Name', 'Execution', 'Time', 'Reason'],
  },
} as const

type View = keyof typeof VIEWS

export function StackPage({ name, query }: { name: string; query: URLSearchParams }) {
  const stacks = useQuery({ queryKey: ['stacks', name], queryFn: () => describe(name) })
  const stack = stacks.data
  const live = useResource('stack', name, 'stacks', name)
  const view = (query.get('view') ?? 'resources') as View | 'outputs'
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
          { key: 'outputs', label: 'Outputs' },
        ]}
      />
      {view === 'outputs' ? <Outputs name={name} /> : <Rows view={view} name={name} />}
      {view === 'changes' && query.get('set') ? (
        <ChangeSet name={name} set={query.get('set') ?? ''} />
      ) : null}
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
                  <Cell head={heads[column] ?? ''} value={value} view={view} />
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

function Cell({ head, value, view }: { head: string; value?: string; view: View }) {
  if (!value) return null
  if (head === 'Status') return <StatusBadge status={value} />
  if (head === 'Time') return <Time at={Date.parse(value) / 1000} />
  if (head === 'Name' && view === 'changes') {
    return (
      <button type="button" className="link" onClick={() => changeQuery({ set: value })}>
        {value}
      </button>
    )
  }
  return head === 'Physical id' ? <code>{value}</code> : <span>{value}</span>
}

function ChangeSet({ name, set }: { name: string; set: string }) {
  const { data, error } = useQuery({
    queryKey: ['stacks', name, 'change-set', set],
    queryFn: async () => {
      const answer = await cloudformation('DescribeChangeSet', {
        StackName: name,
        ChangeSetName: set,
      })
      return all(answer, 'ResourceChange').map((change) =>
        ['Action', 'LogicalResourceId', 'ResourceType', 'Replacement'].map((key) =>
          textOf(change, key),
        ),
      )
    },
  })
  if (error) return <Problem error={error} />
  const losing = (data ?? []).filter(
    ([action, , , replacement]) => action === 'Remove' || replacement === 'True',
  )
  return (
    <section className="panel" aria-label={`Change set ${set}`}>
      <div className="panel-head">
        <h2>{set}</h2>
        <span className={losing.length > 0 ? 'badge tone-bad' : 'badge tone-good'}>
          {losing.length > 0
            ? `${losing.length} replaced or deleted`
            : 'Nothing is replaced or deleted'}
        </span>
      </div>
      <table className="plain-table">
        <tbody>
          {(data ?? []).map(([action, id, type, replacement]) => (
            <tr key={id}>
              <td>
                <strong>{action}</strong>
              </td>
              <td>{id}</td>
              <td className="quiet">{type}</td>
              <td>
                {replacement === 'True'
                  ? 'is replaced'
                  : replacement === 'Conditional'
                    ? 'may be replaced'
                    : ''}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}

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
