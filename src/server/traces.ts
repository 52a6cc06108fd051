import type { Plugin } from 'graphql-yoga'
import type { Environment } from '../environment.ts'
import { version } from '../version.ts'
import type { ServerContext } from './context.ts'

/** Tells an OpenTelemetry collector what the server does. */
export type Traces = {
  plugin: Plugin<ServerContext>
  /** Sends what is left. */
  close(): Promise<void>
}

/**
 * Sends spans by OTLP over HTTP when the environment names where to; undefined, and nothing is loaded, when it does not.
 * The exporter reads the rest of OpenTelemetry's variables (headers, timeout, service name) by itself.
 */
export async function openTraces(environment: Environment): Promise<Traces | undefined> {
  const { OTEL_TRACES_EXPORTER = 'otlp', OTEL_EXPORTER_OTLP_ENDPOINT } = environment
  const isAskedFor = environment.OTEL_TRACES_EXPORTER !== undefined || OTEL_EXPORTER_OTLP_ENDPOINT !== undefined
  if (!isAskedFor || OTEL_TRACES_EXPORTER !== 'otlp') return undefined
  const [{ BatchSpanProcessor, TracerProvider }, { OTLPTraceExporter }, resources, { useTraces }] = await Promise.all([
    import('@opentelemetry/sdk-trace'),
    import('@opentelemetry/exporter-trace-otlp-http'),
    import('@opentelemetry/resources'),
    import('./use-traces.ts'),
  ])
  const { defaultResource, detectResources, envDetector, resourceFromAttributes } = resources
  const provider = new TracerProvider({
    resource: defaultResource()
      .merge(resourceFromAttributes({ 'service.name': 'crossrun', 'service.version': version }))
      .merge(detectResources({ detectors: [envDetector] })),
    spanProcessors: [new BatchSpanProcessor({ exporter: new OTLPTraceExporter() })],
  })
  return { plugin: useTraces(provider.getTracer('crossrun', version)), close: () => provider.shutdown() }
}
