import { fluentBit, goKitLogfmt, jsonLines, klog, logfmt, plain, tabbed } from './logFormat';
import { messageProgram, type LogProgram } from './logProgram';
import { nginxIngressLine } from './nginxIngressLines';

export const ingressNginx: LogProgram = {
  linesPerSecond: 3,
  line: (random, timeMs, nanos) => nginxIngressLine(random, timeMs, nanos, 0.02),
};

/** The controller whose upstreams are in trouble. */
export const failingIngressNginx: LogProgram = {
  linesPerSecond: 3,
  line: (random, timeMs, nanos) => nginxIngressLine(random, timeMs, nanos, 0.35),
};

export const admissionJob = messageProgram(0.5, jsonLines, [
  { level: 'info', weight: 1, origin: 'create', text: 'patching webhook configurations' },
  { level: 'info', weight: 1, origin: 'create', text: 'no secret found, created ingress-nginx-admission' },
]);

export const argocdServer = messageProgram(0.8, logfmt, [
  {
    level: 'info',
    weight: 8,
    origin: 'server',
    text: 'finished unary call with code OK',
    fields: {
      'grpc.method': 'List',
      'grpc.service': 'application.ApplicationService',
      'grpc.time_ms': '{ms}',
    },
  },
  {
    level: 'info',
    weight: 3,
    origin: 'server',
    text: 'received streaming call /application.ApplicationService/Watch',
  },
  {
    level: 'warn',
    weight: 1,
    origin: 'server',
    text: 'Failed to resync revoked tokens. retrying again in 1 minute',
  },
]);

export const argocdController = messageProgram(1.5, logfmt, [
  {
    level: 'info',
    weight: 10,
    origin: 'application-controller',
    text: 'Reconciliation completed',
    fields: { application: 'argocd/{app}', 'dest-namespace': '{team}', time_ms: '{ms}' },
  },
  {
    level: 'info',
    weight: 4,
    origin: 'application-controller',
    text: 'Refreshing app status (comparison expired, requesting refresh)',
    fields: { application: 'argocd/{app}' },
  },
  {
    level: 'debug',
    weight: 3,
    origin: 'application-controller',
    text: 'Skipping auto-sync: application status is Synced',
    fields: { application: 'argocd/{app}' },
  },
  {
    level: 'warn',
    weight: 1,
    origin: 'application-controller',
    text: 'Unable to parse updated settings: secret argocd-secret is being written',
  },
  {
    level: 'error',
    weight: 0.4,
    origin: 'application-controller',
    text: 'ComparisonError: rpc error: code = DeadlineExceeded desc = context deadline exceeded',
    fields: { application: 'argocd/{app}' },
  },
]);

export const flux = messageProgram(0.7, jsonLines, [
  {
    level: 'info',
    weight: 8,
    origin: 'kustomize-controller',
    text: 'Reconciliation finished in {seconds}s, next run in 5m0s',
    fields: { name: '{app}', namespace: '{team}', revision: 'main@sha1:{sha}' },
  },
  {
    level: 'info',
    weight: 4,
    origin: 'source-controller',
    text: 'no changes since last reconciliation: observed revision main@sha1:{sha}',
  },
  {
    level: 'error',
    weight: 0.5,
    origin: 'kustomize-controller',
    text: 'Reconciliation failed after {seconds}s, next try in 2m0s',
    fields: { error: 'health check failed after 30s: timeout waiting for Deployment/{team}/{app}' },
  },
]);

export const prometheus = messageProgram(0.4, goKitLogfmt, [
  {
    level: 'info',
    weight: 5,
    origin: 'head.go:702',
    text: 'Head GC completed',
    fields: { component: 'tsdb', duration: '{ms}ms' },
  },
  {
    level: 'info',
    weight: 4,
    origin: 'compact.go:611',
    text: 'write block',
    fields: { component: 'tsdb', mint: '17{count}', duration: '{seconds}s' },
  },
  {
    level: 'warn',
    weight: 2,
    origin: 'scrape.go:1884',
    text: 'Error on ingesting samples with different value but same timestamp',
    fields: { component: 'scrape manager', target: 'http://{ip}:9100/metrics', num_dropped: '{few}' },
  },
  {
    level: 'error',
    weight: 0.5,
    origin: 'dedupe.go:112',
    text: 'Failed to send batch, retrying',
    fields: { component: 'remote', url: 'https://metrics.example.com/api/v1/write', count: '{count}' },
  },
]);

export const configReloader = messageProgram(0.05, goKitLogfmt, [
  { level: 'info', weight: 1, origin: 'reloader.go:548', text: 'Reload triggered' },
  { level: 'debug', weight: 2, origin: 'reloader.go:374', text: 'config file unchanged' },
]);

export const grafana = messageProgram(0.6, plain, [
  {
    level: 'info',
    weight: 8,
    origin: '',
    text: 'logger=context userId=1 orgId=1 uname=sre level=info msg="Request Completed" method=POST path=/api/ds/query status=200 duration={ms}ms size={bytes}',
  },
  {
    level: 'warn',
    weight: 1,
    origin: '',
    text: 'logger=ngalert.state.manager rule_uid={sha} level=warn msg="Rule evaluation took longer than its interval" duration={seconds}s',
  },
  {
    level: 'error',
    weight: 0.5,
    origin: '',
    text: 'logger=tsdb.prometheus level=error msg="Query failed" error="context deadline exceeded" traceID={id}',
  },
]);

export const loki = messageProgram(0.9, goKitLogfmt, [
  {
    level: 'info',
    weight: 8,
    origin: 'metrics.go:237',
    text: 'query executed',
    fields: { component: 'querier', latency: 'fast', duration: '{ms}ms', total_bytes: '{bytes}' },
  },
  {
    level: 'info',
    weight: 3,
    origin: 'flush.go:304',
    text: 'flushing stream',
    fields: { component: 'ingester', chunks: '{few}' },
  },
  {
    level: 'warn',
    weight: 1,
    origin: 'logging.go:126',
    text: 'POST /loki/api/v1/push (429) {ms}ms: ingestion rate limit exceeded',
    fields: { trace_id: '{id}' },
  },
]);

export const fluentBitAgent = messageProgram(0.5, fluentBit, [
  {
    level: 'info',
    weight: 4,
    origin: 'input:tail:tail.0',
    text: 'inotify_fs_add(): inode={count} watch_fd={few} name=/var/log/containers/{app}.log',
  },
  {
    level: 'warn',
    weight: 1,
    origin: 'engine',
    text: 'failed to flush chunk 1-{sha}.flb, retry in {few} seconds: task_id={few}, input=tail.0 > output=loki.0',
  },
  {
    level: 'error',
    weight: 0.3,
    origin: 'output:loki:loki.0',
    text: 'loki-gateway.logging.svc:80, HTTP status=429',
  },
  {
    level: 'debug',
    weight: 2,
    origin: 'filter:kubernetes:kubernetes.0',
    text: 'merged JSON log of {app}, {few} keys',
  },
]);

export const certManager = messageProgram(0.4, klog, [
  {
    level: 'info',
    weight: 6,
    origin: 'controller.go:152',
    text: 're-queuing item due to optimistic locking on resource',
    fields: { logger: 'cert-manager.certificates-readiness', key: '{team}/{app}-tls' },
  },
  {
    level: 'info',
    weight: 4,
    origin: 'acme.go:236',
    text: 'certificate renewed',
    fields: { logger: 'cert-manager.certificates-issuing', key: '{team}/{app}-tls' },
  },
  {
    level: 'warn',
    weight: 1,
    origin: 'sync.go:190',
    text: 'propagation check failed',
    fields: { logger: 'cert-manager.challenges', err: "wrong status code '404', expected '200'" },
  },
  {
    level: 'error',
    weight: 0.4,
    origin: 'controller.go:167',
    text: 'issuer is not ready, retrying with exponential backoff',
    fields: { logger: 'cert-manager.orders', key: '{team}/{app}-tls-1-{count}' },
  },
]);

export const externalSecrets = messageProgram(0.6, jsonLines, [
  {
    level: 'info',
    weight: 8,
    origin: 'controllers.ExternalSecret',
    text: 'reconciled secret',
    fields: { ExternalSecret: '{team}/{app}-credentials' },
  },
  {
    level: 'debug',
    weight: 4,
    origin: 'provider.aws',
    text: 'fetching secret value',
    fields: { key: '{team}/{app}', version: 'AWSCURRENT' },
  },
  {
    level: 'error',
    weight: 0.6,
    origin: 'controllers.ExternalSecret',
    text: 'could not update secret',
    fields: {
      ExternalSecret: '{team}/{app}-credentials',
      error: 'AccessDeniedException: not authorized to perform GetSecretValue',
    },
  },
]);

export const istiod = messageProgram(0.8, tabbed, [
  {
    level: 'info',
    weight: 6,
    origin: 'ads',
    text: 'Push debounce stable[{count}] {few} for config ServiceEntry/{team}/{app}: {ms}ms since last change',
  },
  {
    level: 'info',
    weight: 6,
    origin: 'ads',
    text: 'EDS: PUSH request for node:{app}-{sha}.{team} resources:{count} size:{bytes}B cached:{few}/{count}',
  },
  {
    level: 'warn',
    weight: 1,
    origin: 'xdsproxy',
    text: 'upstream [{few}] terminated with unexpected error rpc error: code = Unavailable desc = closing transport',
  },
]);

export const traefik = messageProgram(1.2, plain, [
  {
    level: 'info',
    weight: 10,
    origin: '',
    text: '{ip} - - "GET /api/v1/items/{count} HTTP/2.0" 200 {bytes} "-" "-" {count} "{team}-{app}@kubernetes" "http://{ip}:8080" {ms}ms',
  },
  {
    level: 'warn',
    weight: 1,
    origin: '',
    text: 'WRN Health check failed. error="HTTP request failed: context deadline exceeded" targetURL=http://{ip}:8080',
  },
]);

export const velero = messageProgram(0.1, logfmt, [
  {
    level: 'info',
    weight: 5,
    origin: 'backup',
    text: 'Backed up {count} items out of an estimated total of 480',
    fields: { backup: 'velero/nightly' },
  },
  {
    level: 'warn',
    weight: 1,
    origin: 'restic',
    text: 'volume has no snapshot class, falling back to file-system backup',
    fields: { pod: '{team}/{app}-0' },
  },
]);

export const metricsServer = messageProgram(0.15, klog, [
  {
    level: 'info',
    weight: 4,
    origin: 'scraper.go:97',
    text: 'Scraped node',
    fields: { node: '{node}', duration: '{ms}ms' },
  },
  {
    level: 'error',
    weight: 1,
    origin: 'scraper.go:149',
    text: 'Failed to scrape node',
    fields: { node: '{node}', err: 'request failed, status: 503 Service Unavailable' },
  },
]);
