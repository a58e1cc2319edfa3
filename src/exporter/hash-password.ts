import { CommandError } from '../command-line/usage-error.ts';
import { PasswordChecker } from '../web-config/passwords/password-checker.ts';
import { formatHash } from '../web-config/passwords/password-hash.ts';

const MOST_BYTES = 4096;

const KINDS = {
  scrypt: { algorithm: 'scrypt', ln: 15, r: 8, p: 1 },
  bcrypt: { algorithm: 'bcrypt', cost: 10 },
} as const;

/**
 * The hash for a web configuration of the password that stands on the first line of stdin: scrypt, or bcrypt, which other
 * exporters read too. At a terminal nothing of it is shown.
 */
export async function hashPassword(algorithm = 'scrypt'): Promise<string> {
  if (algorithm !== 'scrypt' && algorithm !== 'bcrypt') {
    throw new CommandError(`hash-password knows scrypt and bcrypt, not ${algorithm}.`);
  }
  const password = process.stdin.isTTY ? await askedFor() : await firstLine();
  if (password.length === 0) throw new CommandError('hash-password reads the password from stdin, and there was none.');
  if (algorithm === 'bcrypt' && password.length > 72) {
    throw new CommandError('bcrypt sees only the first 72 bytes of a password; take scrypt for a longer one.');
  }
  const checker = new PasswordChecker();
  try {
    return `${formatHash(await checker.hash(password, KINDS[algorithm]))}\n`;
  } finally {
    await checker.close();
  }
}

async function firstLine(): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of process.stdin) {
    chunks.push(Buffer.from(chunk));
    length += chunk.length;
    if (length > MOST_BYTES) throw new CommandError(`a password has at most ${MOST_BYTES} bytes.`);
  }
  const bytes = Buffer.concat(chunks);
  const end = bytes.indexOf('\n');
  const line = end === -1 ? bytes : bytes.subarray(0, end);
  return line.at(-1) === 13 ? line.subarray(0, -1) : line;
}

/** Reads a line of a terminal that does not echo. */
async function askedFor(): Promise<Buffer> {
  process.stderr.write('Password: ');
  process.stdin.setRawMode(true);
  try {
    const line = new TypedLine();
    for await (const chunk of process.stdin) if (Buffer.from(chunk).some((byte) => line.add(byte))) break;
    return line.bytes;
  } finally {
    process.stdin.setRawMode(false);
    process.stderr.write('\n');
  }
}

const INTERRUPT = 3;
const ENDS: readonly number[] = [4, 10, 13];
const ERASE: readonly number[] = [8, 127];

/** What a terminal sends in raw mode. */
class TypedLine {
  readonly #bytes: number[] = [];

  get bytes(): Buffer {
    return Buffer.from(this.#bytes);
  }

  /** Whether the line ends with this byte. */
  add(byte: number): boolean {
    if (byte === INTERRUPT) throw new CommandError('interrupted');
    if (ENDS.includes(byte)) return true;
    if (ERASE.includes(byte)) this.#bytes.pop();
    else this.#bytes.push(byte);
    return false;
  }
}
