import type { Random } from '../../base/random';
import { hexDigits, pick, pickWeighted, wholeNumber } from '../chance';
import { klog, slashDate } from './logFormat';
import { fillIn, type LogMessage } from './logMessage';

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'] as const;

interface Route {
  readonly weight: number;
  readonly method: 'GET' | 'POST' | 'PUT';
  readonly path: string;
  readonly upstream: string;
}

const ROUTES: readonly [Route, ...Route[]] = [
  { weight: 30, method: 'GET', path: '/api/v1/items/{count}', upstream: 'shop-catalog-80' },
  { weight: 20, method: 'GET', path: '/', upstream: 'shop-frontend-80' },
  { weight: 15, method: 'GET', path: '/healthz', upstream: 'shop-frontend-80' },
  { weight: 12, method: 'GET', path: '/api/v1/search?q=espresso&page={few}', upstream: 'shop-search-8080' },
  { weight: 10, method: 'POST', path: '/api/v1/orders', upstream: 'shop-orders-8080' },
  { weight: 8, method: 'PUT', path: '/api/v1/cart/{id}', upstream: 'shop-cart-8080' },
  { weight: 5, method: 'POST', path: '/api/v1/payments', upstream: 'payments-api-8443' },
];

const AGENTS = [
  'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Safari/605.1.15',
  'Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0',
  'okhttp/5.1.0',
  'kube-probe/1.34',
] as const;

const CONTROLLER_LINES: readonly [LogMessage, ...LogMessage[]] = [
  { weight: 4, level: 'info', origin: 'controller.go:196', text: 'Backend successfully reloaded' },
  {
    weight: 3,
    level: 'warn',
    origin: 'controller.go:1112',
    text: 'Service "{team}/{app}" does not have any active Endpoint.',
  },
  {
    weight: 2,
    level: 'info',
    origin: 'event.go:377',
    text: 'Event(v1.ObjectReference{Kind:"Pod", Namespace:"ingress-nginx"}): type: \'Normal\' reason: \'RELOAD\' NGINX reload triggered',
  },
];

/**
 * A line of an ingress-nginx controller: mostly its access log, now and then nginx's error log or the controller itself.
 * `failureShare` of the requests (0 to 1) meet an upstream that does not answer.
 */
export function nginxIngressLine(
  random: Random,
  timeMs: number,
  nanos: string,
  failureShare: number,
): string {
  const kind = random.next();
  if (kind < 0.04) {
    const line = pickWeighted(random, CONTROLLER_LINES);
    const text = fillIn(line.text, random);
    return klog({ timeMs, nanos, level: line.level, origin: line.origin, text, fields: {} });
  }
  return kind < 0.04 + failureShare / 2
    ? errorLine(random, timeMs)
    : accessLine(random, timeMs, random.next() < failureShare);
}

function errorLine(random: Random, timeMs: number): string {
  const route = pickWeighted(random, ROUTES);
  const reason = pick(random, [
    'upstream timed out (110: Operation timed out) while reading response header from upstream',
    'upstream prematurely closed connection while reading response header from upstream',
    'connect() failed (111: Connection refused) while connecting to upstream',
  ]);
  return fillIn(
    `${slashDate(new Date(timeMs).toISOString())} [error] 31#31: *${wholeNumber(random, 10_000, 99_999)} ${reason}, client: {ip}, ` +
      `server: shop.example.com, request: "${route.method} ${route.path} HTTP/1.1", upstream: "http://{ip}:8080${route.path}"`,
    random,
  );
}

function accessLine(random: Random, timeMs: number, isFailure: boolean): string {
  const route = pickWeighted(random, ROUTES);
  const iso = new Date(timeMs).toISOString();
  const date = `${iso.slice(8, 10)}/${MONTHS[Number(iso.slice(5, 7)) - 1]}/${iso.slice(0, 4)}:${iso.slice(11, 19)} +0000`;
  const status = isFailure
    ? (pick(random, [502, 503, 504]) ?? 502)
    : pickWeighted(random, [
        { weight: 90, code: route.method === 'POST' ? 201 : 200 },
        { weight: 6, code: 304 },
        { weight: 3, code: 404 },
        { weight: 1, code: 429 },
      ]).code;
  const seconds = isFailure ? wholeNumber(random, 1800, 5000) / 1000 : wholeNumber(random, 1, 180) / 1000;
  const bytes = wholeNumber(random, 150, 18_000);
  return fillIn(
    `{ip} - - [${date}] "${route.method} ${route.path} HTTP/1.1" ${status} ${bytes} "-" "${pick(random, AGENTS)}" ` +
      `${wholeNumber(random, 200, 900)} ${seconds.toFixed(3)} [${route.upstream}] [] {ip}:8080 ${bytes} ${seconds.toFixed(3)} ${status} ` +
      hexDigits(random, 32),
    random,
  );
}
