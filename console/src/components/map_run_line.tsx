// How a Distributed Map's items stand, in one line, with the way to its children.
import { useQuery } from '@tanstack/react-query'
import { mapRunQuery, useResource } from '../api/queries'
import { count } from '../model/format'
import { to } from '../router'
import { Link } from './link'

export function MapRunLine({ arn }: { arn: string }) {
  const { data } = useQuery(mapRunQuery(arn))
  useResource('mapRun', arn, 'map-run', arn)
  const items = data?.itemCounts
  const failed = (items?.failed ?? 0) + (items?.timedOut ?? 0) + (items?.aborted ?? 0)
  return (
    <>
      <Link href={to(['map-runs', arn])}>
        {items ? `${count(items.succeeded ?? 0)} of ${count(items.total ?? 0)} items` : 'Open'}
      </Link>
      {failed > 0 ? (
        <>
          {', '}
          <Link href={to(['map-runs', arn], { status: 'FAILED,TIMED_OUT,ABORTED' })}>
            {count(failed)} failed
          </Link>
        </>
      ) : null}
    </>
  )
}
