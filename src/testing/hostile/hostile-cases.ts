import { clientCases } from './client-cases.ts';
import { HostileConnection, type HostileTarget } from './hostile-connection.ts';
import type { HostileCase } from './run-case.ts';

/** The accepted answers: status codes, or `closed` for a connection closed without a response. */
type Allowed = readonly (number | 'closed')[];

type Row = readonly [name: string, bytes: string | ((path: string) => string), allowed: Allowed];

const END = 'Host: x\r\nConnection: close\r\n\r\n';
const get = (headers: string) => (path: string) =>
  `GET ${path} HTTP/1.1\r\nHost: x\r\n${headers}Connection: close\r\n\r\n`;
const query = (text: string) => (path: string) => `GET ${path}?${text} HTTP/1.1\r\n${END}`;
const method = (name: string) => (path: string) => `${name} ${path} HTTP/1.1\r\n${END}`;

const NOT_FOUND: Allowed = [404, 400, 'closed'];
const paths = [
  '/../../etc/passwd',
  '/..%2f..%2fetc/passwd',
  '/%2e%2e/%2e%2e/etc/passwd',
  '/metrics/../../etc/passwd',
  '/metrics%00',
  '/metrics/',
  '//',
  '//evil.example/metrics',
  '/\\evil.example',
  '/metrics;x=1',
  '/%',
  '/%zz',
  '*',
  '?',
  '/METRICS',
  '/metrics\x7f',
  '/\xff\xfe',
  'metrics',
  'ftp://evil.example/metrics',
  '/__proto__',
  '/constructor',
  `/${'a/'.repeat(3000)}`,
].map((path): Row => [`the path ${JSON.stringify(path.slice(0, 40))}`, `GET ${path} HTTP/1.1\r\n${END}`, NOT_FOUND]);

const requests: readonly Row[] = [
  ['a header of 20 KB', get(`X: ${'x'.repeat(20_000)}\r\n`), [431]],
  ['a URL of 20 KB', query('x'.repeat(20_000)), [431, 414]],
  ...[99, 100, 150, 1000, 2000].map(
    (count): Row => [
      `a content length after ${count} other headers`,
      get(`${'a:b\r\n'.repeat(count)}Content-Length: 5\r\n`),
      [400, 413, 431],
    ],
  ),
  [
    'chunks after a thousand other headers',
    get(`${'a:b\r\n'.repeat(1000)}Transfer-Encoding: chunked\r\n`),
    [400, 413, 431],
  ],
  ['three thousand small headers', get('a:b\r\n'.repeat(3000)), [200, 431]],
  [
    'a content length and chunks',
    (path) => `GET ${path} HTTP/1.1\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n${END}0\r\n\r\n`,
    [400],
  ],
  ['two content lengths', get('Content-Length: 5\r\nContent-Length: 6\r\n'), [400]],
  ['a negative content length', get('Content-Length: -1\r\n'), [400]],
  ['a content length with a sign', get('Content-Length: +5\r\n'), [400]],
  ['an unknown transfer encoding', get('Transfer-Encoding: xchunked\r\n'), [400, 501]],
  ['a transfer encoding in disguise', get('Transfer-Encoding: chunked, identity\r\n'), [400, 501]],
  ['a space before a colon', get('Transfer-Encoding : chunked\r\n'), [400]],
  ['a folded header', get('X: a\r\n b\r\n'), [400, 200]],
  ['line feeds only', (path) => `GET ${path} HTTP/1.1\nHost: x\nConnection: close\n\n`, [400, 200]],
  ['a carriage return within a header', get('X: a\rb\r\n'), [400]],
  ['a zero byte within a header', get('X: a\0b\r\n'), [400]],
  ['a header without a name', get(': x\r\n'), [400]],
  [
    'a GET with chunks',
    (path) => `GET ${path} HTTP/1.1\r\nTransfer-Encoding: chunked\r\n${END}5\r\nhello\r\n0\r\n\r\n`,
    [400, 413],
  ],
  [
    'a chunk without a size',
    (path) => `GET ${path} HTTP/1.1\r\nTransfer-Encoding: chunked\r\n${END}zz\r\n`,
    [400, 413],
  ],
  ['a GET with a body that never arrives', get('Content-Length: 1000000\r\n'), [400, 413]],
  [
    'a request within the body of another',
    (path) => `GET ${path} HTTP/1.1\r\nContent-Length: 44\r\n${END}GET /smuggled HTTP/1.1\r\nHost: x\r\n\r\n`,
    [400, 413],
  ],
  ['two hosts', get('Host: evil.example\r\n'), [200, 400]],
  ['no host', (path) => `GET ${path} HTTP/1.1\r\nConnection: close\r\n\r\n`, [400]],
  ['HTTP/1.0', (path) => `GET ${path} HTTP/1.0\r\n\r\n`, [200]],
  ['HTTP/0.9', (path) => `GET ${path}\r\n\r\n`, [200, 400, 'closed']],
  ['HTTP/9.9', (path) => `GET ${path} HTTP/9.9\r\n${END}`, [400, 505, 'closed']],
  ['the preface of HTTP/2', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', [400, 505, 'closed']],
  ['the first bytes of TLS', '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03', [400, 'closed']],
  ['a POST', method('POST'), [405]],
  ['a PUT', method('PUT'), [405]],
  ['a DELETE', method('DELETE'), [405]],
  ['a PATCH', method('PATCH'), [405]],
  ['a PROPFIND', method('PROPFIND'), [405]],
  ['an unknown method', method('METRICS'), [400]],
  ['an OPTIONS', method('OPTIONS'), [204, 200]],
  ['an OPTIONS of the server', `OPTIONS * HTTP/1.1\r\n${END}`, [204, 200, 404]],
  ['a HEAD', method('HEAD'), [200]],
  ['a CONNECT', `CONNECT evil.example:443 HTTP/1.1\r\n${END}`, ['closed', 400, 405]],
  ['a full URL of another host', (path) => `GET http://evil.example${path} HTTP/1.1\r\n${END}`, [200, 400, 404]],
  ['an unsupported expectation', get('Expect: tea\r\n'), [417]],
  ['a query of sixteen hundred names', query('name[]=x&'.repeat(1600)), [400, 414, 431]],
  ['a query with a broken escape', query('name[]=%zz'), [400]],
  ['a query with bytes that are not text', query('name[]=%ff%fe'), [400]],
  ['a query for __proto__', query('name[]=__proto__&name[]=constructor'), [200]],
  ['a query for a collector __proto__', query('collect[]=__proto__'), [400]],
  ['an Accept header of 10 KB', get(`Accept: ${'a/b;q=0.1,'.repeat(1000)}\r\n`), [200]],
  ['a nonsensical Accept header', get('Accept: ;;;,,,===;q=NaN,*/*;q=-1\r\n'), [200]],
  ['a nonsensical Accept-Encoding header', get('Accept-Encoding: gzip;q=x;;,,*;q=0\r\n'), [200]],
  ['a nonsensical scrape timeout', get('X-Prometheus-Scrape-Timeout-Seconds: -1e999\r\n'), [200]],
  ['a scrape timeout of a microsecond', get('X-Prometheus-Scrape-Timeout-Seconds: 0.000001\r\n'), [200, 500, 503]],
  ['credentials that are not base64', get('Authorization: Basic !!!!\r\n'), [200, 401]],
  ['credentials without a colon', get('Authorization: Basic YWJj\r\n'), [200, 401]],
  ['credentials of 10 KB', get(`Authorization: Basic ${'A'.repeat(10_000)}\r\n`), [200, 401]],
  ['credentials that are not text', get('Authorization: Basic //79/Q==\r\n'), [200, 401]],
  ['two credentials', get('Authorization: Basic YTpi\r\nAuthorization: Basic Yzpk\r\n'), [200, 400, 401]],
];

function caseOf([name, bytes, allowed]: Row): HostileCase {
  const run = async (target: HostileTarget) => {
    const connection = await HostileConnection.open(target);
    connection.send(typeof bytes === 'string' ? bytes : bytes(target.path ?? '/metrics'));
    const { statuses, isClosed } = await connection.answer();
    const final = statuses.filter((status) => status >= 200);
    if (!isClosed) throw new Error('The server did not close the connection.');
    if (final.length > 1) throw new Error(`One request must have one response, got ${final.join(', ')}.`);
    const answer = final[0] ?? 'closed';
    if (!allowed.includes(answer)) throw new Error(`The answer must be ${allowed.join(' or ')}, got ${answer}.`);
  };
  return { name, run };
}

/**
 * Cases of hostile and broken clients, each with the answers that a server of metrics may give. Run them with
 * `runHostileCase()`.
 *
 * @example
 * ```ts
 * import { hostileCases } from 'zeroprom/testing/hostile';
 *
 * for (const { name, isSlow = false } of hostileCases) console.log(name, isSlow ? '(slow)' : '');
 * ```
 */
export const hostileCases: readonly HostileCase[] = [...[...paths, ...requests].map(caseOf), ...clientCases];
