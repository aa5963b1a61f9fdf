// The files of an archive, with a preview of the chosen one.
import { useQuery } from '@tanstack/react-query'
import { useMemo, useState } from 'react'
import { bytes as bytesText, count } from '../model/format'
import { entriesOf, unpack, type ZipEntry } from '../model/zip'
import { FilePreview } from './file_preview'
import { Icon } from './icons'
import { Loading, Problem } from './ui'
import { VirtualTable } from './virtual_table'

const PREVIEW_BYTES_MAX = 1 << 20

export interface ZipViewProps {
  bytes: Uint8Array<ArrayBuffer>
  label: string
}

export function ZipView({ bytes, label }: ZipViewProps) {
  const entries = useMemo(
    () => entriesOf(bytes).filter((entry) => !entry.name.endsWith('/')),
    [bytes],
  )
  const [chosen, choose] = useState<ZipEntry | undefined>(entries[0])
  if (entries.length === 0) return <p className="quiet pad">There is no file in it.</p>
  return (
    <div className="files">
      <VirtualTable
        label={`Files of ${label}`}
        rows={entries}
        rowKey={(entry) => entry.name}
        rowClass={(entry) => (entry === chosen ? 'chosen' : '')}
        onOpen={choose}
        columns={[
          {
            key: 'name',
            label: `${count(entries.length)} ${entries.length === 1 ? 'file' : 'files'}`,
            width: 'minmax(8rem, 1fr)',
            cell: (entry) => (
              <span className="with-icon">
                <Icon name="file" /> {entry.name}
              </span>
            ),
          },
          {
            key: 'size',
            label: 'Size',
            width: '5.5rem',
            cell: (entry) => bytesText(entry.size),
          },
        ]}
      />
      {chosen ? <Preview key={chosen.name} bytes={bytes} entry={chosen} /> : null}
    </div>
  )
}

function Preview({ bytes, entry }: { bytes: Uint8Array<ArrayBuffer>; entry: ZipEntry }) {
  const { data, error } = useQuery({
    queryKey: ['zip', entry.name, entry.offset, bytes.length],
    queryFn: () => unpack(bytes, entry, PREVIEW_BYTES_MAX),
    gcTime: 0,
    staleTime: Number.POSITIVE_INFINITY,
  })
  return (
    <section className="file" aria-label={entry.name}>
      <h3 className="mono">{entry.name}</h3>
      {error ? <Problem error={error} /> : null}
      {data ? <FilePreview name={entry.name} bytes={data} /> : <Loading what="Unpacking" />}
      {entry.size > PREVIEW_BYTES_MAX ? (
        <p className="quiet pad">The first {bytesText(PREVIEW_BYTES_MAX)}.</p>
      ) : null}
    </section>
  )
}
