import { CommandError, UsageError } from '../command-line/usage-error.ts';
import { PasswordChecker } from '../web-config/passwords/password-checker.ts';
import { formatHash } from '../web-config/passwords/password-hash.ts';

const MAX_BYTES = 4096;
/** bcrypt ignores everything after these. */
const MAX_BCRYPT_BYTES = 72;

const PARAMETERS = {
  scrypt: { algorithm: 'scrypt', ln: 15, r: 8, p: 1 },
  bcrypt: { algorithm: 'bcrypt', cost: 10 },
} as const;

/** Returns the hash of the password on the first line of standard input. Other exporters support only bcrypt. */
export async function hashPassword(algorithm = 'scrypt'): Promise<string> {
  if (algorithm !== 'scrypt' && algorithm !== 'bcrypt') {
    throw new UsageError(`the algorithm of hash-password must be scrypt or bcrypt, got ${algorithm}.`);
  }
  const password = await readPassword();
  if (password.length === 0) throw new CommandError('hash-password needs a password on standard input.');
  if (algorithm === 'bcrypt' && password.length > MAX_BCRYPT_BYTES) {
    throw new CommandError(`bcrypt uses only the first ${MAX_BCRYPT_BYTES} bytes of a password; use scrypt instead.`);
  }
  const checker = new PasswordChecker();
  try {
    return `${formatHash(await checker.hash(password, PARAMETERS[algorithm]))}\n`;
  } finally {
    checker.close();
  }
}

/** Reads a line; a terminal shows what is typed. */
async function readPassword(): Promise<Buffer> {
  let bytes = Buffer.alloc(0);
  for await (const chunk of process.stdin) {
    bytes = Buffer.concat([bytes, Buffer.from(chunk)]);
    if (bytes.length > MAX_BYTES) throw new CommandError(`a password must have at most ${MAX_BYTES} bytes.`);
    if (bytes.includes('\n')) break;
  }
  const end = bytes.indexOf('\n');
  const line = end === -1 ? bytes : bytes.subarray(0, end);
  return line.at(-1) === 13 ? line.subarray(0, -1) : line;
}
