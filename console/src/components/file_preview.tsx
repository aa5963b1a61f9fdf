// A file for reading: pictures as pictures, JSON as a tree, archives as their names, text as text,
// whatever stands in it.
import { useEffect, useMemo } from 'react'
import { looksLikeZip } from '../model/zip'
import { JsonTree } from './json_tree'
import { ZipView } from './zip_view'

const PICTURES: Record<string, string> = {
  png: 'image/png',
  jpg: 'image/jpeg',
  jpeg: 'image/jpeg',
  gif: 'image/gif',
  webp: 'image/webp',
}

function pictureType(name: string, type: string): string | undefined {
  if (Object.values(PICTURES).includes(type)) return type
  return PICTURES[name.slice(name.lastIndexOf('.') + 1).toLowerCase()]
}

export interface FilePreviewProps {
  name: string
  type?: string
  bytes: Uint8Array<ArrayBuffer>
}

export function FilePreview({ name, type = '', bytes }: FilePreviewProps) {
  const picture = pictureType(name, type)
  if (picture) return <Picture name={name} type={picture} bytes={bytes} />
  if (looksLikeZip(bytes)) return <ZipView bytes={bytes} label={name} />
  return <TextPreview name={name} type={type} bytes={bytes} />
}

function Picture({ name, type, bytes }: Required<FilePreviewProps>) {
  const address = useMemo(() => URL.createObjectURL(new Blob([bytes], { type })), [bytes, type])
  useEffect(() => () => URL.revokeObjectURL(address), [address])
  return <img className="preview" src={address} alt={name} />
}

function TextPreview({ name, type, bytes }: Required<FilePreviewProps>) {
  const text = useMemo(() => new TextDecoder().decode(bytes), [bytes])
  if (/json$/.test(type) || name.endsWith('.json')) return <JsonTree text={text} label={name} />
  return (
    <pre className="code-block file-text" tabIndex={0}>
      {text.includes('\0') ? 'These are bytes, no text.' : text}
    </pre>
  )
}
