import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto';
import { thrownText } from '../../model/thrown.ts';

/**
 * Returns all certificates of a PEM text.
 *
 * @throws {RangeError} if there are none, or a block is invalid.
 */
export function certificatesOf(pem: string): readonly X509Certificate[] {
  const certificates = blocksOf(pem).filter(({ label }) => label === 'CERTIFICATE');
  if (certificates.length === 0) throw new RangeError('must contain a certificate in PEM, got none.');
  return certificates.map(certificateOf);
}

/**
 * Returns the first private key of a PEM text.
 *
 * @throws {RangeError} if there is none, or a block is invalid.
 */
export function privateKeyOf(pem: string): { readonly key: KeyObject; readonly pem: string } {
  const block = blocksOf(pem).find(({ label }) => label.endsWith(PRIVATE_KEY));
  if (block === undefined) throw new RangeError('must contain a private key in PEM, got none.');
  return { key: parseBlock(block, () => createPrivateKey(block.pem)), pem: block.pem };
}

/** A block from `-----BEGIN LABEL-----` to `-----END LABEL-----` (RFC 7468). */
interface PemBlock {
  readonly label: string;
  /** Line of its BEGIN, from 1. */
  readonly line: number;
  readonly bytes: Buffer;
  readonly pem: string;
}

const PRIVATE_KEY = 'PRIVATE KEY';
/** A file may contain a certificate and its key; OpenSSL writes the parameters of a curve before the key. */
const LABELS = /^(CERTIFICATE|((RSA|EC) )?PRIVATE KEY|(EC|DH) PARAMETERS)$/;
const BLOCK = /^-----BEGIN ([^-\r\n]+)-----[ \t]*$((?:(?!-----)[\s\S])*)^-----END \1-----[ \t]*$/gm;

/**
 * Parses all blocks. OpenSSL silently drops everything from the first invalid block on, so that a truncated file would
 * lose certificates; this throws instead. Text outside blocks is a comment, as in certificate bundles.
 */
function blocksOf(text: string): readonly PemBlock[] {
  if (text.trim() === '') throw new RangeError('must not be empty.');
  const comments = text.replace(BLOCK, (block) => block.replace(/[^\n]/g, ''));
  const stray = comments.search(/-----(BEGIN|END)/);
  if (stray !== -1) throw new RangeError(`line ${lineAt(comments, stray)}: a PEM block without its BEGIN or END line.`);
  const [lastLine = ''] = /.*$/.exec(text.trimEnd()) ?? [];
  if (lastLine !== '' && '-----BEGIN'.startsWith(lastLine)) throw new RangeError('the last PEM block is incomplete.');
  return [...text.matchAll(BLOCK)].map(({ index, 1: label = '', 2: body = '' }) =>
    blockOf(label, body, lineAt(text, index)),
  );
}

function lineAt(text: string, index: number): number {
  return text.slice(0, index).split('\n').length;
}

function blockOf(label: string, body: string, line: number): PemBlock {
  if (label === `ENCRYPTED ${PRIVATE_KEY}` || body.includes('Proc-Type:')) {
    throw new RangeError(`line ${line}: the private key is encrypted; decrypt it, as with "openssl pkey".`);
  }
  if (!LABELS.test(label)) {
    throw new RangeError(`line ${line}: must contain certificates or private keys only, got a PEM block ${label}.`);
  }
  const base64 = body.replace(/\s/g, '');
  const bytes = Buffer.from(base64, 'base64');
  // The decoder of Node.js skips invalid characters.
  if (base64 === '' || bytes.toString('base64') !== base64) {
    throw new RangeError(`line ${line}: the PEM block is not valid base64.`);
  }
  const lines = base64.match(/.{1,64}/g) ?? [];
  return { label, line, bytes, pem: `-----BEGIN ${label}-----\n${lines.join('\n')}\n-----END ${label}-----\n` };
}

function certificateOf(block: PemBlock): X509Certificate {
  return parseBlock(block, () => {
    const certificate = new X509Certificate(block.bytes);
    // Reading the key detects types that OpenSSL does not support.
    if (certificate.publicKey.type !== 'public' || certificate.raw.length !== block.bytes.length) {
      throw new RangeError('unexpected bytes after the certificate');
    }
    return certificate;
  });
}

function parseBlock<T>({ line }: PemBlock, parse: () => T): T {
  try {
    return parse();
  } catch (error) {
    throw new RangeError(`line ${line}: the PEM block is invalid: ${thrownText(error)}.`);
  }
}
