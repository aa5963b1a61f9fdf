// Which page is shown at which address. Heavy pages come when they are asked for.
import { Component, lazy, type ReactNode, Suspense } from 'react'
import { Shell } from './components/shell'
import { Empty, Loading, Problem } from './components/ui'
import { ExecutionsPage } from './pages/executions'
import { MachinesPage } from './pages/machines'
import { type Place, usePlace } from './router'

const MachinePage = lazy(() => import('./pages/machine').then((m) => ({ default: m.MachinePage })))
const ExecutionPage = lazy(() =>
  import('./pages/execution').then((m) => ({ default: m.ExecutionPage })),
)
const ComparePage = lazy(() => import('./pages/compare').then((m) => ({ default: m.ComparePage })))
const FunctionsPage = lazy(() =>
  import('./pages/functions').then((m) => ({ default: m.FunctionsPage })),
)
const FunctionPage = lazy(() =>
  import('./pages/function').then((m) => ({ default: m.FunctionPage })),
)
const ActivitiesPage = lazy(() =>
  import('./pages/activities').then((m) => ({ default: m.ActivitiesPage })),
)
const MapRunPage = lazy(() => import('./pages/map_run').then((m) => ({ default: m.MapRunPage })))
const StacksPage = lazy(() => import('./pages/stacks').then((m) => ({ default: m.StacksPage })))
const StackPage = lazy(() => import('./pages/stack').then((m) => ({ default: m.StackPage })))
const PipelinesPage = lazy(() =>
  import('./pages/pipelines').then((m) => ({ default: m.PipelinesPage })),
)
const PipelinePage = lazy(() =>
  import('./pages/pipeline').then((m) => ({ default: m.PipelinePage })),
)
const RepositoriesPage = lazy(() =>
  import('./pages/repositories').then((m) => ({ default: m.RepositoriesPage })),
)
const RepositoryPage = lazy(() =>
  import('./pages/repository').then((m) => ({ default: m.RepositoryPage })),
)
const BucketsPage = lazy(() => import('./pages/buckets').then((m) => ({ default: m.BucketsPage })))

function page({ segments, query }: Place): ReactNode {
  const [kind, name] = segments
  switch (kind) {
    case undefined:
      return <MachinesPage />
    case 'machines':
      return name ? <MachinePage key={name} arn={name} query={query} /> : <MachinesPage />
    case 'executions':
      if (name) return <ExecutionPage key={name} arn={name} query={query} />
      return <ExecutionsPage query={query} />
    case 'compare':
      return <ComparePage query={query} />
    case 'functions':
      return name ? <FunctionPage key={name} name={name} query={query} /> : <FunctionsPage />
    case 'activities':
      return <ActivitiesPage />
    case 'map-runs':
      return name ? <MapRunPage key={name} arn={name} /> : nowhere
    case 'stacks':
      return name ? <StackPage key={name} name={name} query={query} /> : <StacksPage />
    case 'pipelines':
      return name ? <PipelinePage key={name} name={name} query={query} /> : <PipelinesPage />
    case 'repositories':
      return name ? <RepositoryPage key={name} name={name} query={query} /> : <RepositoriesPage />
    case 'buckets':
      return <BucketsPage bucket={name} query={query} />
    default:
      return nowhere
  }
}

const nowhere = <Empty title="There is nothing at this address">Go on with the navigation.</Empty>

// A page that fails takes only itself down.
class Boundary extends Component<{ children: ReactNode; at: string }, { error?: unknown }> {
  override state: { error?: unknown } = {}
  static getDerivedStateFromError(error: unknown) {
    return { error }
  }
  override componentDidUpdate(before: { at: string }) {
    if (before.at !== this.props.at && this.state.error) this.setState({ error: undefined })
  }
  override render() {
    if (!this.state.error) return this.props.children
    const retry = () => this.setState({ error: undefined })
    return <Problem error={this.state.error} retry={retry} />
  }
}

export function App() {
  const place = usePlace()
  return (
    <Shell place={place}>
      <Boundary at={place.segments.join('/')}>
        <Suspense fallback={<Loading what="Loading the page" />}>{page(place)}</Suspense>
      </Boundary>
    </Shell>
  )
}
