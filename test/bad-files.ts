/** Invalid files, for the tests of all code that reads files. */
import { execFileSync } from 'node:child_process';
import { createPrivateKey, createPublicKey, X509Certificate } from 'node:crypto';
import { chmodSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';

/** An invalid file. `put` writes it to a path and replaces what was there. */
export interface BadFile {
  readonly what: string;
  readonly put: (path: string) => void;
}

/** Missing or unreadable files. */
export const unreadableFiles: readonly BadFile[] = [
  placed('missing', () => {}),
  placed('a folder', (path) => mkdirSync(path)),
  placed('a link to nothing', (path) => symlinkSync(`${path}.none`, path)),
  placed('a link to itself', (path) => symlinkSync(path, path)),
  placed('a device', (path) => symlinkSync('/dev/null', path)),
  placed('a device without an end', (path) => symlinkSync('/dev/zero', path)),
  placed('a named pipe without a writer', (path) => execFileSync('mkfifo', [path])),
  // Root can read every file.
  ...(process.getuid?.() === 0
    ? []
    : [
        placed('not readable', (path) => {
          writeFileSync(path, '');
          chmodSync(path, 0);
        }),
      ]),
];

/** Empty files, as if the disk was full or a program had not written them yet. */
export const blankFiles: readonly BadFile[] = [
  written('empty', ''),
  written('a line feed', '\n'),
  written('blanks and line feeds', '  \n\r\n   \n'),
  written('a byte order mark only', '\uFEFF'),
];

/** Files that are not text, or contain something else. */
export function damagedFiles(good: string): readonly BadFile[] {
  return [
    written('as many NUL bytes, as after a crash', Buffer.alloc(good.length)),
    written('good, followed by NUL bytes', `${good}${'\0'.repeat(100)}`),
    written('bytes that are not UTF-8', Buffer.from([0x30, 0x82, 0xff, 0xfe, 0x00, 0x9f, 0x92, 0x96, 0x0a])),
    written(
      'good, followed by bytes that are not UTF-8',
      Buffer.concat([Buffer.from(good), Buffer.from([0xff, 0xfe])]),
    ),
    written('UTF-16', Buffer.from(`\uFEFF${good}`, 'utf16le')),
    written('words', 'hello, world\n'),
    written('a page that says why there is no such file', '<!doctype html>\n<html><h1>404 Not Found</h1></html>\n'),
    written('more than a configuration can have', `${good}\n${'# comment\n'.repeat(600_000)}`),
  ];
}

/** Damaged variants of the PEM text `good`, which ends with a block. */
export function badPems(good: string): readonly BadFile[] {
  const lines = good.trimEnd().split('\n');
  const without = (index: number) => [...lines.slice(0, index), ...lines.slice(index + 1)].join('\n');
  const last = lines.length - 1;
  const middle = Math.floor(lines.length / 2);
  return [
    ...[0.02, 0.25, 0.5, 0.75, 0.97].map((part) =>
      written(`its first ${part * 100} %`, good.slice(0, Math.ceil(good.length * part))),
    ),
    written('its last half', good.slice(good.length / 2)),
    written('without its first line', without(0)),
    written('without its last line', without(last)),
    written('without its last dash', good.trimEnd().slice(0, -1)),
    written('without a line in the middle', without(middle)),
    written(
      'with half a line in the middle',
      good.replace(lines[middle] ?? '', (line) => line.slice(0, 20)),
    ),
    written('with a line twice', good.replace(lines[middle] ?? '', '$&\n$&')),
    written(
      'with a character that is not base64',
      good.replace(lines[middle] ?? '', (line) => `?${line.slice(1)}`),
    ),
    written(
      'with a character changed',
      good.replace(lines[1] ?? '', (line) => `A${line.slice(1)}`),
    ),
    written(
      'with NUL bytes inside',
      good.replace(lines[middle] ?? '', (line) => '\0'.repeat(line.length)),
    ),
    written('with nothing inside', [lines[0], lines[last]].join('\n')),
    written('with other names for its begin and its end', good.replace(/-----END [^-]+/, '-----END OTHER')),
    written('with the dashes of a word processor', good.replaceAll('-----', '—----')),
    written('indented', good.replace(/^/gm, '  ')),
    written('with blanks for line feeds', good.trim().replaceAll('\n', ' ')),
    written('its bytes as DER', Buffer.from(lines.slice(1, last).join(''), 'base64')),
    written('the same again, cut off', good + good.slice(0, good.length / 2)),
    written('the same again, cut off after its first dash', `${good.trimEnd()}\n-`),
    written('the same again, cut off within its first line', `${good.trimEnd()}\n-----BEGI`),
    written('cut off, and the same again', `${good.slice(0, good.length / 2)}\n${good}`),
    written('a key of OpenSSH', '-----BEGIN OPENSSH PRIVATE KEY-----\nAAAA\n-----END OPENSSH PRIVATE KEY-----\n'),
    written('a key of SSH', 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIA me@client.example\n'),
    written('a block without content of its kind', '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n'),
  ];
}

/** PEM blocks that are not certificates. */
export function badCertificates(certificate: string, key: string, request: string): readonly BadFile[] {
  const bytes = new X509Certificate(certificate).raw;
  return [
    written('a private key', key),
    written('a public key', publicKeyOf(key)),
    written('a certificate request', request),
    written('a certificate, and a request', certificate + request),
    written('a certificate, and a block of junk', `${certificate}${block('CERTIFICATE', Buffer.from('junk'))}`),
    written('a certificate of the kind of OpenSSL', block('TRUSTED CERTIFICATE', bytes)),
    written('a certificate with bytes behind its end', block('CERTIFICATE', Buffer.concat([bytes, bytes]))),
    written('a certificate cut off inside of whole lines', block('CERTIFICATE', bytes.subarray(0, bytes.length - 48))),
    written('a key called a certificate', block('CERTIFICATE', derOf(key))),
  ];
}

/** PEM blocks that are not private keys. */
export function badKeys(certificate: string, key: string, request: string): readonly BadFile[] {
  const secret = createPrivateKey(key);
  const encrypted = { format: 'pem', cipher: 'aes-128-cbc', passphrase: 'secret' } as const;
  return [
    written('a certificate', certificate),
    written('a public key', publicKeyOf(key)),
    written('a certificate request', request),
    written('an encrypted key', secret.export({ ...encrypted, type: 'pkcs8' })),
    written('a key encrypted as OpenSSL did it', secret.export({ ...encrypted, type: 'sec1' })),
    written('a key cut off inside of whole lines', block('EC PRIVATE KEY', derOf(key).subarray(0, 48))),
    written('a certificate called a key', block('PRIVATE KEY', new X509Certificate(certificate).raw)),
    written('parameters without their key', block('EC PARAMETERS', Buffer.from('BggqhkjOPQMBBw==', 'base64'))),
  ];
}

function placed(what: string, make: (path: string) => void): BadFile {
  return {
    what,
    put: (path) => {
      rmSync(path, { recursive: true, force: true });
      make(path);
    },
  };
}

function written(what: string, content: string | Buffer): BadFile {
  return placed(what, (path) => writeFileSync(path, content));
}

function block(label: string, bytes: Buffer): string {
  const lines = bytes.toString('base64').match(/.{1,64}/g) ?? [];
  return `-----BEGIN ${label}-----\n${lines.join('\n')}\n-----END ${label}-----\n`;
}

function publicKeyOf(key: string): string {
  return createPublicKey(key).export({ type: 'spki', format: 'pem' }).toString();
}

function derOf(key: string): Buffer {
  return createPrivateKey(key).export({ type: 'pkcs8', format: 'der' });
}
