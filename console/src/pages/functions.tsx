// Every function.
import { useQuery } from '@tanstack/react-query'
import { type FunctionItem, functionsQuery } from '../api/queries'
import { Link } from '../components/link'
import { Time } from '../components/time'
import { Empty, Loading, PageHead, Problem } from '../components/ui'
import { type Column, VirtualTable } from '../components/virtual_table'
import { bytes } from '../model/format'
import { navigate, to } from '../router'

const FIRST_FUNCTION = `aws lambda create-function --function-name greet --runtime python3.12 \\
    --handler greet.handler --role arn:aws:iam::000000000000:role/any --zip-file fileb://greet.zip`

const pageOf = (one: FunctionItem) => to(['functions', one.FunctionName])

const COLUMNS: Column<FunctionItem>[] = [
  {
    key: 'name',
    label: 'Name',
    width: 'minmax(9rem, 2fr)',
    cell: (one) => (
      <Link className="strong" href={pageOf(one)}>
        {one.FunctionName}
      </Link>
    ),
  },
  {
    key: 'runtime',
    label: 'Runtime',
    width: 'minmax(6rem, 1fr)',
    cell: (one) => one.Runtime ?? '',
  },
  {
    key: 'handler',
    label: 'Handler',
    width: 'minmax(6rem, 1.5fr)',
    minor: true,
    cell: (one) => <code>{one.Handler}</code>,
  },
  { key: 'size', label: 'Code', width: '6rem', cell: (one) => bytes(one.CodeSize) },
  {
    key: 'changed',
    label: 'Changed',
    width: '10rem',
    minor: true,
    cell: (one) => <Time at={Date.parse(one.LastModified) / 1000} />,
  },
]

export function FunctionsPage() {
  const { data, error, isPending, refetch } = useQuery(functionsQuery)
  return (
    <div className="page">
      <PageHead title="Functions" />
      {isPending ? <Loading what="Loading the functions" /> : null}
      {error ? <Problem error={error} retry={refetch} /> : null}
      {data?.length === 0 ? <Empty title="No functions yet" command={FIRST_FUNCTION} /> : null}
      {data && data.length > 0 ? (
        <VirtualTable
          label="Functions"
          rows={data}
          columns={COLUMNS}
          rowHeight={46}
          rowKey={(one) => one.FunctionArn}
          onOpen={(one) => navigate(pageOf(one))}
        />
      ) : null}
    </div>
  )
}
