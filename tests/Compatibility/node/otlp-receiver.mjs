// Receives OTLP over HTTP, and tells in JSON, a line each, what it understood by the decoders that OpenTelemetry's own
// package has made from the published definitions. The first line is the port.
import http from 'node:http'
import zlib from 'node:zlib'
import { createRequire } from 'node:module'

const require = createRequire(process.env.NODE_PATH + '/')
const root = require('@opentelemetry/otlp-transformer/build/src/generated/root')
const { trace, metrics, logs } = root.opentelemetry.proto.collector
const kinds = {
  '/v1/traces': [trace.v1.ExportTraceServiceRequest, tellTraces],
  '/v1/metrics': [metrics.v1.ExportMetricsServiceRequest, tellMetrics],
  '/v1/logs': [logs.v1.ExportLogsServiceRequest, tellLogs],
}

const say = told => process.stdout.write(JSON.stringify(told) + '\n')

function value(any) {
  for (const name of ['stringValue', 'intValue', 'doubleValue', 'boolValue']) {
    if (any?.[name] !== undefined && any[name] !== null) return String(any[name])
  }
  return ''
}

const map = attributes => Object.fromEntries(attributes.map(one => [one.key, value(one.value)]))

function tellTraces(request) {
  for (const resource of request.resourceSpans) {
    for (const scope of resource.scopeSpans) {
      for (const span of scope.spans) {
        const took = Number(BigInt(span.endTimeUnixNano.toString()) - BigInt(span.startTimeUnixNano.toString()))
        say({ signal: 'span', resource: map(resource.resource.attributes), scope: scope.scope.name, name: span.name, kind: span.kind, took, status: span.status?.code ?? 0, attributes: map(span.attributes) })
      }
    }
  }
}

function tellMetrics(request) {
  for (const resource of request.resourceMetrics) {
    for (const scope of resource.scopeMetrics) {
      for (const metric of scope.metrics) {
        const data = metric.sum ?? metric.gauge ?? metric.histogram
        const kind = metric.sum ? 'counter' : metric.gauge ? 'gauge' : 'histogram'
        for (const point of data.dataPoints) {
          const number = kind === 'histogram' ? Number(point.count) : point.asDouble ?? Number(point.asInt)
          say({ signal: 'metric', resource: map(resource.resource.attributes), name: metric.name, unit: metric.unit, kind, value: Number.isFinite(number) ? number : -1, bounds: point.explicitBounds?.length ?? 0, attributes: map(point.attributes) })
        }
      }
    }
  }
}

function tellLogs(request) {
  for (const resource of request.resourceLogs) {
    for (const scope of resource.scopeLogs) {
      for (const record of scope.logRecords) {
        say({ signal: 'log', resource: map(resource.resource.attributes), scope: scope.scope.name, severity: record.severityText, body: value(record.body), attributes: map(record.attributes) })
      }
    }
  }
}

const server = http.createServer((request, response) => {
  const parts = []
  request.on('data', part => parts.push(part))
  request.on('end', () => {
    const body = Buffer.concat(parts)
    try {
      const [type, tell] = kinds[request.url]
      tell(type.decode(request.headers['content-encoding'] === 'gzip' ? zlib.gunzipSync(body) : body))
      response.writeHead(200, { 'content-type': 'application/x-protobuf' })
    } catch (fault) {
      say({ signal: 'fault', name: `${request.url}: ${fault}` })
      response.writeHead(400)
    }
    response.end()
  })
})
server.listen(0, '127.0.0.1', () => say({ signal: 'port', name: String(server.address().port) }))
process.stdin.resume()
process.stdin.on('end', () => process.exit(0))
