// Buckets, and what lies in one: folder by folder, with a preview of small text, JSON and pictures.
import { useQuery } from '@tanstack/react-query'
import { s3 } from '../api/client'
import { bucketsQuery } from '../api/queries'
import { all, parseXml, textOf } from '../api/xml'
import { FilePreview } from '../components/file_preview'
import { Icon } from '../components/icons'
import { Link } from '../components/link'
import { Time } from '../components/time'
import { Empty, Loading, PageHead, Problem } from '../components/ui'
import { VirtualTable } from '../components/virtual_table'
import { bytes } from '../model/format'
import { navigate, to } from '../router'

export function BucketsPage({ bucket, query }: { bucket?: string; query: URLSearchParams }) {
  if (!bucket) return <AllBuckets />
  const prefix = query.get('prefix') ?? ''
  const key = query.get('key')
  return key ? (
    <ObjectPage bucket={bucket} name={key} />
  ) : (
    <Folder bucket={bucket} prefix={prefix} />
  )
}

function AllBuckets() {
  const { data, error, isPending, refetch } = useQuery(bucketsQuery)
  return (
    <div className="page">
      <PageHead title="Buckets" />
      {isPending ? <Loading what="Loading the buckets" /> : null}
      {error ? <Problem error={error} retry={refetch} /> : null}
      {data?.length === 0 ? <Empty title="No buckets yet" command="aws s3 mb s3://photos" /> : null}
      {data && data.length > 0 ? (
        <VirtualTable
          label="Buckets"
          rows={data}
          rowHeight={46}
          rowKey={(one) => one.name}
          onOpen={(one) => navigate(to(['buckets', one.name]))}
          columns={[
            {
              key: 'name',
              label: 'Name',
              width: 'minmax(8rem, 2fr)',
              cell: (one) => (
                <Link className="strong" href={to(['buckets', one.name])}>
                  {one.name}
                </Link>
              ),
            },
            {
              key: 'created',
              label: 'Created',
              width: '10rem',
              cell: (one) => <Time at={one.created ? Date.parse(one.created) / 1000 : undefined} />,
            },
          ]}
        />
      ) : null}
    </div>
  )
}

interface Item {
  name: string
  folder: boolean
  size?: number
  changed?: number
}

async function list(bucket: string, prefix: string): Promise<{ items: Item[]; more: boolean }> {
  const query = { 'list-type': '2', delimiter: '/', prefix }
  const answer = parseXml(await (await s3(`/${bucket}`, query)).text())
  const folders = all(answer, 'CommonPrefixes').map((one) => ({
    name: textOf(one, 'Prefix') ?? '',
    folder: true,
  }))
  const objects = all(answer, 'Contents').map((one) => ({
    name: textOf(one, 'Key') ?? '',
    folder: false,
    size: Number(textOf(one, 'Size')),
    changed: Date.parse(textOf(one, 'LastModified') ?? '') / 1000,
  }))
  return { items: [...folders, ...objects], more: all(answer, 'IsTruncated')[0]?.text === 'true' }
}

function crumbsOf(bucket: string, path: string) {
  const parts = path.split('/').slice(0, -1)
  return [
    { label: 'Buckets', href: to(['buckets']) },
    { label: bucket, href: to(['buckets', bucket]) },
    ...parts.map((part, index) => ({
      label: part,
      href: to(['buckets', bucket], { prefix: `${parts.slice(0, index + 1).join('/')}/` }),
    })),
  ]
}

function Folder({ bucket, prefix }: { bucket: string; prefix: string }) {
  const { data, error, isPending } = useQuery({
    queryKey: ['bucket', bucket, prefix],
    queryFn: () => list(bucket, prefix),
  })
  const pageOf = (item: Item) =>
    to(['buckets', bucket], item.folder ? { prefix: item.name } : { key: item.name })
  return (
    <div className="page">
      <PageHead
        crumbs={crumbsOf(bucket, prefix.replace(/[^/]*\/$/, ''))}
        title={prefix === '' ? bucket : (prefix.split('/').at(-2) ?? prefix)}
      />
      {isPending ? <Loading what="Loading the objects" /> : null}
      {error ? <Problem error={error} /> : null}
      {data?.items.length === 0 ? (
        <Empty title="It is empty" command={`aws s3 cp picture.jpg s3://${bucket}/${prefix}`} />
      ) : null}
      {data && data.items.length > 0 ? (
        <VirtualTable
          label="Objects"
          rows={data.items}
          rowKey={(item) => item.name}
          onOpen={(item) => navigate(pageOf(item))}
          columns={[
            {
              key: 'name',
              label: 'Name',
              width: 'minmax(8rem, 3fr)',
              cell: (item) => (
                <Link href={pageOf(item)} className="with-icon">
                  <Icon name={item.folder ? 'folder' : 'file'} /> {item.name.slice(prefix.length)}
                </Link>
              ),
            },
            {
              key: 'size',
              label: 'Size',
              width: '7rem',
              cell: (item) => (item.size === undefined ? '' : bytes(item.size)),
            },
            {
              key: 'changed',
              label: 'Changed',
              width: '10rem',
              minor: true,
              cell: (item) => (item.changed ? <Time at={item.changed} /> : ''),
            },
          ]}
        />
      ) : null}
      {data?.more ? (
        <p className="table-foot">The first 1,000 names; open a folder to see more.</p>
      ) : null}
    </div>
  )
}

const PREVIEW_BYTES_MAX = 1 << 20

function ObjectPage({ bucket, name }: { bucket: string; name: string }) {
  const path = `/${bucket}/${name.split('/').map(encodeURIComponent).join('/')}`
  const { data, error } = useQuery({
    queryKey: ['object', bucket, name],
    queryFn: async () => {
      const response = await s3(path)
      const type = response.headers.get('content-type') ?? ''
      const size = Number(response.headers.get('content-length') ?? 0)
      if (size > PREVIEW_BYTES_MAX) {
        await response.body?.cancel()
        return { type, size }
      }
      return { type, size, bytes: new Uint8Array(await response.arrayBuffer()) }
    },
  })
  return (
    <div className="page">
      <PageHead crumbs={crumbsOf(bucket, name)} title={name.slice(name.lastIndexOf('/') + 1)} />
      {error ? <Problem error={error} /> : null}
      {data ? (
        <section className="panel" aria-label="Preview">
          <div className="panel-head">
            <h2>{data.type || 'no type'}</h2>
            <span className="quiet">{bytes(data.size)}</span>
          </div>
          {data.bytes ? (
            <FilePreview bytes={data.bytes} type={data.type} name={name} />
          ) : (
            <p className="quiet pad">
              Too large to be shown: <code>{`aws s3 cp s3://${bucket}/${name} .`}</code>
            </p>
          )}
        </section>
      ) : null}
    </div>
  )
}
