// Every Git repository.
import { useQuery } from '@tanstack/react-query'
import { type RepositoryItem, repositoriesQuery } from '../api/queries'
import { repositoryQuery } from '../api/repositories'
import { Link } from '../components/link'
import { Time } from '../components/time'
import { Empty, Loading, PageHead, Problem } from '../components/ui'
import { type Column, VirtualTable } from '../components/virtual_table'
import { navigate, to } from '../router'

const pageOf = (one: RepositoryItem) => to(['repositories', one.repositoryName])

function More({ name, what }: { name: string; what: 'description' | 'branch' | 'changed' }) {
  const known = useQuery(repositoryQuery(name)).data
  if (what === 'description') return <>{known?.repositoryDescription}</>
  if (what === 'branch') return known?.defaultBranch ? <code>{known.defaultBranch}</code> : null
  return known ? <Time at={known.lastModifiedDate} /> : null
}

const COLUMNS: Column<RepositoryItem>[] = [
  {
    key: 'name',
    label: 'Name',
    width: 'minmax(8rem, 2fr)',
    cell: (one) => (
      <Link className="strong" href={pageOf(one)}>
        {one.repositoryName}
      </Link>
    ),
  },
  {
    key: 'description',
    label: 'Description',
    width: 'minmax(8rem, 3fr)',
    minor: true,
    cell: (one) => <More name={one.repositoryName} what="description" />,
  },
  {
    key: 'branch',
    label: 'Default branch',
    width: '9rem',
    minor: true,
    cell: (one) => <More name={one.repositoryName} what="branch" />,
  },
  {
    key: 'changed',
    label: 'Changed',
    width: '10rem',
    cell: (one) => <More name={one.repositoryName} what="changed" />,
  },
]

export function RepositoriesPage() {
  const { data, error, isPending, refetch } = useQuery(repositoriesQuery)
  return (
    <div className="page">
      <PageHead title="Repositories" />
      {isPending ? <Loading what="Loading the repositories" /> : null}
      {error ? <Problem error={error} retry={refetch} /> : null}
      {data?.length === 0 ? (
        <Empty
          title="No repositories yet"
          command="aws codecommit create-repository --repository-name app"
        >
          Git pushes and clones over HTTP; docs/repositories.md says with which password.
        </Empty>
      ) : null}
      {data && data.length > 0 ? (
        <VirtualTable
          label="Repositories"
          rows={data}
          columns={COLUMNS}
          rowHeight={46}
          rowKey={(one) => one.repositoryId}
          onOpen={(one) => navigate(pageOf(one))}
        />
      ) : null}
    </div>
  )
}
