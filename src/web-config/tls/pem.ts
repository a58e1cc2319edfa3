import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto';
import { thrownText } from '../../model/thrown.ts';

/** All certificates of a PEM text, at least one. Throws a RangeError if there is none or if any block cannot be used. */
export function certificatesOf(pem: string): readonly X509Certificate[] {
  const certificates = blocksOf(pem).filter(({ label }) => label === 'CERTIFICATE');
  if (certificates.length === 0) throw new RangeError('must contain a certificate in PEM, got none.');
  return certificates.map(certificateOf);
}

/** The first private key of a PEM text, as PEM. Throws a RangeError if there is none or if any block cannot be used. */
export function privateKeyOf(pem: string): { readonly key: KeyObject; readonly pem: string } {
  const block = blocksOf(pem).find(({ label }) => label.endsWith(PRIVATE_KEY));
  if (block === undefined) throw new RangeError('must contain a private key in PEM, got none.');
  return { key: usable(block, () => createPrivateKey(block.pem)), pem: block.pem };
}

/** What is between `-----BEGIN LABEL-----` and `-----END LABEL-----` (RFC 7468). */
interface Block {
  readonly label: string;
  /** The line of its BEGIN, from 1. */
  readonly line: number;
  readonly bytes: Buffer;
  readonly pem: string;
}

const PRIVATE_KEY = 'PRIVATE KEY';
/** One file may hold the certificate and its key; OpenSSL writes the parameters of a curve before the key. */
const LABELS = /^(CERTIFICATE|((RSA|EC) )?PRIVATE KEY|(EC|DH) PARAMETERS)$/;
const BLOCK = /^-----BEGIN ([^-\r\n]+)-----[ \t]*$((?:(?!-----)[\s\S])*)^-----END \1-----[ \t]*$/gm;

/**
 * Reads every block or throws. OpenSSL stops at the first block that it cannot read and drops the rest without an error,
 * so a truncated file would lose certificates. Text outside of blocks is a comment, as in bundles of certificates.
 */
function blocksOf(text: string): readonly Block[] {
  if (text.trim() === '') throw new RangeError('must not be empty.');
  const comments = text.replace(BLOCK, (block) => block.replace(/[^\n]/g, ''));
  const stray = comments.search(/-----(BEGIN|END)/);
  if (stray !== -1) throw new RangeError(`line ${lineAt(comments, stray)}: a PEM block without its other end.`);
  const [lastLine = ''] = /.*$/.exec(text.trimEnd()) ?? [];
  if (lastLine !== '' && '-----BEGIN'.startsWith(lastLine)) throw new RangeError('the last PEM block is incomplete.');
  return [...text.matchAll(BLOCK)].map(({ index, 1: label = '', 2: body = '' }) =>
    blockOf(label, body, lineAt(text, index)),
  );
}

function lineAt(text: string, index: number): number {
  return text.slice(0, index).split('\n').length;
}

function blockOf(label: string, body: string, line: number): Block {
  if (label === `ENCRYPTED ${PRIVATE_KEY}` || body.includes('Proc-Type:')) {
    throw new RangeError(`line ${line}: the private key is encrypted; decrypt it, as with "openssl pkey".`);
  }
  if (!LABELS.test(label)) {
    throw new RangeError(`line ${line}: must contain certificates or private keys only, got a PEM block ${label}.`);
  }
  const base64 = body.replace(/\s/g, '');
  const bytes = Buffer.from(base64, 'base64');
  // Node's decoder skips what is not base64.
  if (base64 === '' || bytes.toString('base64') !== base64) {
    throw new RangeError(`line ${line}: the PEM block is not valid base64.`);
  }
  const lines = base64.match(/.{1,64}/g) ?? [];
  return { label, line, bytes, pem: `-----BEGIN ${label}-----\n${lines.join('\n')}\n-----END ${label}-----\n` };
}

function certificateOf(block: Block): X509Certificate {
  return usable(block, () => {
    const certificate = new X509Certificate(block.bytes);
    // Reading the key is what finds one that OpenSSL does not know.
    if (certificate.publicKey.type !== 'public' || certificate.raw.length !== block.bytes.length) {
      throw new RangeError('it has bytes behind its end');
    }
    return certificate;
  });
}

function usable<T>({ line }: Block, read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw new RangeError(`line ${line}: the PEM block cannot be read: ${thrownText(error)}.`);
  }
}
