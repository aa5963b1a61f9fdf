// One Git repository: its files as of a branch, the line of its commits, a commit's changes.
import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import {
  blobQuery,
  branchesQuery,
  type Commit,
  type CommitPage,
  commitQuery,
  type Difference,
  differencesQuery,
  fileQuery,
  folderQuery,
  readCommits,
  repositoryQuery,
  secondsOf,
  tipOf,
  titleOf,
} from '../api/repositories'
import { DiffView } from '../components/diff_view'
import { FilePreview } from '../components/file_preview'
import { Icon } from '../components/icons'
import { Link } from '../components/link'
import { Time } from '../components/time'
import {
  Button,
  CopyButton,
  Empty,
  Facts,
  Loading,
  PageHead,
  Problem,
  Tabs,
} from '../components/ui'
import { VirtualTable } from '../components/virtual_table'
import { bytes, count } from '../model/format'
import { changeQuery, navigate, to } from '../router'

export function RepositoryPage({ name, query }: { name: string; query: URLSearchParams }) {
  const { data, error, refetch } = useQuery(repositoryQuery(name))
  const branches = useQuery(branchesQuery(name)).data
  if (error) return <Problem error={error} retry={refetch} />
  if (!data || !branches) return <Loading what="Loading the repository" />
  const commit = query.get('commit') ?? undefined
  const view = commit ? 'commits' : (query.get('view') ?? 'files')
  const branch = query.get('branch') ?? data.defaultBranch ?? branches[0]
  return (
    <div className="page">
      <PageHead
        crumbs={[{ label: 'Repositories', href: to(['repositories']) }]}
        title={name}
        badge={<CopyButton text={data.cloneUrlHttp} label="Copy the address to clone from" />}
      >
        <Facts
          facts={[
            ['Description', data.repositoryDescription],
            ['Clone', <code key="clone">{data.cloneUrlHttp}</code>],
            ['Branches', count(branches.length)],
            ['Changed', <Time key="changed" at={data.lastModifiedDate} />],
          ]}
        />
      </PageHead>
      {branch === undefined ? (
        <Empty title="No commit yet" command={`git clone ${data.cloneUrlHttp}`}>
          The first branch that is pushed becomes the default one.
        </Empty>
      ) : (
        <>
          <div className="filters">
            <label>
              <span className="sr">Branch</span>
              <select
                value={branch}
                onChange={(event) =>
                  changeQuery({ branch: event.target.value, commit: undefined }, 'push')
                }
              >
                {branches.map((one) => (
                  <option key={one} value={one}>
                    {one}
                    {one === data.defaultBranch ? ' (default)' : ''}
                  </option>
                ))}
              </select>
            </label>
          </div>
          <Tabs
            label="Views of the repository"
            active={view}
            onChange={(key) => changeQuery({ view: key, commit: undefined, path: undefined })}
            tabs={[
              { key: 'files', label: 'Files' },
              { key: 'commits', label: 'Commits' },
            ]}
          />
          {view === 'files' ? <Files name={name} branch={branch} query={query} /> : null}
          {view === 'commits' && !commit ? (
            <Commits key={branch} name={name} branch={branch} />
          ) : null}
          {commit ? <CommitView key={commit} name={name} id={commit} /> : null}
        </>
      )}
    </div>
  )
}

interface FilesProps {
  name: string
  branch: string
  query: URLSearchParams
}

interface Entry {
  name: string
  path: string
  kind: 'folder' | 'file' | 'link' | 'module'
}

function Files({ name, branch, query }: FilesProps) {
  const file = query.get('file')
  const path = query.get('path') ?? ''
  const pageOf = (more: Record<string, string | undefined>) =>
    to(['repositories', name], { branch, ...more })
  const parts = (file ?? path).split('/').filter(Boolean)
  return (
    <>
      {parts.length > 0 ? (
        <nav className="crumbs" aria-label="Where in the repository">
          <Link href={pageOf({})}>{name}</Link>
          {parts.map((part, index) =>
            index === parts.length - 1 ? (
              <span key={part}>{part}</span>
            ) : (
              <Link key={part} href={pageOf({ path: parts.slice(0, index + 1).join('/') })}>
                {part}
              </Link>
            ),
          )}
        </nav>
      ) : null}
      {file ? (
        <File name={name} branch={branch} path={file} />
      ) : (
        <Folder name={name} branch={branch} path={path} pageOf={pageOf} />
      )}
    </>
  )
}

function Folder({
  name,
  branch,
  path,
  pageOf,
}: {
  name: string
  branch: string
  path: string
  pageOf: (more: Record<string, string>) => string
}) {
  const { data, error } = useQuery(folderQuery(name, branch, path))
  if (error) return <Problem error={error} />
  if (!data) return <Loading what="Loading the files" />
  const entries = (found: typeof data.files, kind: Entry['kind']): Entry[] =>
    found.map((one) => ({ name: one.relativePath, path: one.absolutePath, kind }))
  const rows = [
    ...entries(data.subFolders, 'folder'),
    ...entries(data.files, 'file'),
    ...entries(data.symbolicLinks, 'link'),
    ...entries(data.subModules, 'module'),
  ]
  const addressOf = (entry: Entry) =>
    pageOf(entry.kind === 'folder' ? { path: entry.path } : { file: entry.path })
  return (
    <VirtualTable
      label="Files"
      rows={rows}
      rowKey={(entry) => entry.path}
      onOpen={(entry) => navigate(addressOf(entry))}
      columns={[
        {
          key: 'name',
          label: 'Name',
          width: 'minmax(8rem, 1fr)',
          cell: (entry) => (
            <Link className="with-icon" href={addressOf(entry)}>
              <Icon name={entry.kind === 'folder' ? 'folder' : 'file'} /> {entry.name}
            </Link>
          ),
        },
      ]}
    />
  )
}

function File({ name, branch, path }: { name: string; branch: string; path: string }) {
  const { data, error } = useQuery(fileQuery(name, branch, path))
  if (error) return <Problem error={error} />
  if (!data) return <Loading what="Loading the file" />
  return (
    <section className="panel" aria-label={path}>
      <div className="panel-head">
        <h2 className="mono">{path}</h2>
        <span className="quiet">{bytes(data.size)}</span>
      </div>
      <FilePreview name={path} bytes={data.bytes} />
    </section>
  )
}

const commitPage = (name: string, id: string) => to(['repositories', name], { commit: id })

function Commits({ name, branch }: { name: string; branch: string }) {
  const pages = useInfiniteQuery({
    queryKey: ['repository', name, 'commits', branch],
    queryFn: async ({ pageParam }): Promise<CommitPage> =>
      readCommits(name, pageParam ?? (await tipOf(name, branch))),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page: CommitPage) => page.next,
  })
  if (pages.error) return <Problem error={pages.error} retry={pages.refetch} />
  if (!pages.data) return <Loading what="Reading the commits" />
  const rows = pages.data.pages.flatMap((page) => page.commits)
  const more = pages.hasNextPage && !pages.isFetchingNextPage ? pages.fetchNextPage : undefined
  return (
    <VirtualTable
      label="Commits"
      rows={rows}
      rowHeight={46}
      rowKey={(one) => one.commitId}
      onOpen={(one) => navigate(commitPage(name, one.commitId))}
      more={more ? () => void more() : undefined}
      columns={[
        {
          key: 'id',
          label: 'Commit',
          width: '6.5rem',
          cell: (one) => (
            <Link className="mono" href={commitPage(name, one.commitId)}>
              {one.commitId.slice(0, 8)}
            </Link>
          ),
        },
        {
          key: 'title',
          label: 'Message',
          width: 'minmax(8rem, 4fr)',
          cell: (one) => <span className="strong">{titleOf(one) || 'no message'}</span>,
        },
        {
          key: 'author',
          label: 'Author',
          width: 'minmax(6rem, 1fr)',
          minor: true,
          cell: (one) => one.author.name,
        },
        {
          key: 'time',
          label: 'Time',
          width: '9.5rem',
          cell: (one) => <Time at={secondsOf(one.author.date)} />,
        },
      ]}
    />
  )
}

// Of so many files the differences are open from the start.
const OPEN_AT_FIRST = 5

function CommitView({ name, id }: { name: string; id: string }) {
  const { data: commit, error } = useQuery(commitQuery(name, id))
  const differences = useQuery(differencesQuery(name, commit))
  if (error) return <Problem error={error} />
  if (!commit) return <Loading what="Reading the commit" />
  return (
    <>
      <CommitHead name={name} commit={commit} />
      {differences.error ? <Problem error={differences.error} /> : null}
      {differences.data?.map((one, index) => (
        <FileDiff
          key={pathOf(one)}
          name={name}
          difference={one}
          openAtFirst={index < OPEN_AT_FIRST}
        />
      )) ?? <Loading what="Comparing" />}
    </>
  )
}

function CommitHead({ name, commit }: { name: string; commit: Commit }) {
  return (
    <section className="panel" aria-label="Commit">
      <div className="panel-head">
        <h2>{titleOf(commit) || 'No message'}</h2>
        <CopyButton text={commit.commitId} label="Copy the commit id" />
      </div>
      <div className="pad-side">
        <Facts
          facts={[
            ['Commit', <code key="id">{commit.commitId}</code>],
            ['Author', `${commit.author.name} <${commit.author.email}>`],
            ['Time', <Time key="time" at={secondsOf(commit.author.date)} />],
            [
              commit.parents.length > 1 ? 'Parents' : 'Parent',
              commit.parents.length > 0
                ? commit.parents.map((parent) => (
                    <span key={parent} className="tag">
                      <Link className="mono" href={commitPage(name, parent)}>
                        {parent.slice(0, 8)}
                      </Link>
                    </span>
                  ))
                : 'none: the first',
            ],
          ]}
        />
        {commit.message.trim() === titleOf(commit) ? null : (
          <pre className="commit-message">{commit.message.trim()}</pre>
        )}
      </div>
    </section>
  )
}

const pathOf = (one: Difference) => one.afterBlob?.path ?? one.beforeBlob?.path ?? ''

const CHANGES = {
  A: ['good', 'Added'],
  M: ['late', 'Changed'],
  D: ['bad', 'Removed'],
} as const

function FileDiff({
  name,
  difference,
  openAtFirst,
}: {
  name: string
  difference: Difference
  openAtFirst: boolean
}) {
  const [open, setOpen] = useState(openAtFirst)
  const path = pathOf(difference)
  const [tone, words] = CHANGES[difference.changeType]
  return (
    <section className="panel" aria-label={path}>
      <div className="panel-head">
        <span className={`badge tone-${tone}`}>{words}</span>
        <h2 className="mono">{path}</h2>
        <Button kind="bare" onClick={() => setOpen(!open)} aria-expanded={open}>
          {open ? 'Fold' : 'Show'}
        </Button>
      </div>
      {open ? <BlobDiff name={name} difference={difference} label={path} /> : null}
    </section>
  )
}

function BlobDiff({
  name,
  difference,
  label,
}: {
  name: string
  difference: Difference
  label: string
}) {
  const before = useQuery(blobQuery(name, difference.beforeBlob?.blobId))
  const after = useQuery(blobQuery(name, difference.afterBlob?.blobId))
  const error = before.error ?? after.error
  if (error) return <Problem error={error} />
  if (before.data === undefined || after.data === undefined) return <Loading what="Reading" />
  if (before.data.includes('\0') || after.data.includes('\0')) {
    return <p className="quiet pad">These are bytes, no text.</p>
  }
  return <DiffView before={before.data} after={after.data} label={`Changes of ${label}`} />
}
