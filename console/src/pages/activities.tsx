// Activities: tasks that wait for workers.
import { useQuery } from '@tanstack/react-query'
import { activitiesQuery } from '../api/queries'
import { Time } from '../components/time'
import { CopyButton, Empty, Loading, PageHead, Problem } from '../components/ui'
import { VirtualTable } from '../components/virtual_table'

export function ActivitiesPage() {
  const { data, error, isPending, refetch } = useQuery(activitiesQuery)
  return (
    <div className="page">
      <PageHead title="Activities" />
      {isPending ? <Loading what="Loading the activities" /> : null}
      {error ? <Problem error={error} retry={refetch} /> : null}
      {data?.length === 0 ? (
        <Empty title="No activities yet" command="aws stepfunctions create-activity --name approve">
          Workers poll an activity for tasks and answer them; see docs/activities.md.
        </Empty>
      ) : null}
      {data && data.length > 0 ? (
        <VirtualTable
          label="Activities"
          rows={data}
          rowHeight={46}
          rowKey={(one) => one.activityArn}
          columns={[
            {
              key: 'name',
              label: 'Name',
              width: 'minmax(8rem, 1fr)',
              cell: (one) => <span className="strong">{one.name}</span>,
            },
            {
              key: 'arn',
              label: 'ARN',
              width: 'minmax(10rem, 3fr)',
              cell: (one) => <code>{one.activityArn}</code>,
            },
            {
              key: 'created',
              label: 'Created',
              width: '10rem',
              minor: true,
              cell: (one) => <Time at={one.creationDate} />,
            },
            {
              key: 'copy',
              label: '',
              width: '3rem',
              cell: (one) => (
                <CopyButton text={one.activityArn} label={`Copy the ARN of ${one.name}`} />
              ),
            },
          ]}
        />
      ) : null}
    </div>
  )
}
