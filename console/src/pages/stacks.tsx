// Every stack.
import { useQuery } from '@tanstack/react-query'
import { type StackItem, stacksQuery, useResource } from '../api/queries'
import { Link } from '../components/link'
import { StatusBadge } from '../components/status'
import { Time } from '../components/time'
import { Empty, Loading, PageHead, Problem } from '../components/ui'
import { VirtualTable } from '../components/virtual_table'
import { navigate, to } from '../router'

const pageOf = (stack: StackItem) => to(['stacks', stack.name])
const seconds = (text: string | undefined) => (text ? Date.parse(text) / 1000 : undefined)

export function StacksPage() {
  const { data, error, isPending, refetch } = useQuery(stacksQuery)
  const live = useResource('stack', undefined, 'stacks')
  return (
    <div className="page">
      <PageHead
        title="Stacks"
        badge={<span className={live ? 'live' : 'live off'}>{live ? 'live' : 'connecting'}</span>}
      />
      {isPending ? <Loading what="Loading the stacks" /> : null}
      {error ? <Problem error={error} retry={refetch} /> : null}
      {data?.length === 0 ? (
        <Empty
          title="No stacks yet"
          command="aws cloudformation deploy --stack-name hello --template-file hello.yaml"
        />
      ) : null}
      {data && data.length > 0 ? (
        <VirtualTable
          label="Stacks"
          rows={data}
          rowHeight={46}
          rowKey={(stack) => stack.id}
          onOpen={(stack) => navigate(pageOf(stack))}
          columns={[
            {
              key: 'status',
              label: 'Status',
              width: 'minmax(9rem, 15rem)',
              cell: (stack) => <StatusBadge status={stack.status} />,
            },
            {
              key: 'name',
              label: 'Name',
              width: 'minmax(8rem, 2fr)',
              cell: (stack) => (
                <Link className="strong" href={pageOf(stack)}>
                  {stack.name}
                </Link>
              ),
            },
            {
              key: 'changed',
              label: 'Changed',
              width: '10rem',
              cell: (stack) => <Time at={seconds(stack.updated ?? stack.created)} />,
            },
          ]}
        />
      ) : null}
    </div>
  )
}
