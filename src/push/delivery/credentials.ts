import { checkOptionNames } from '../../model/option-names.ts';
import { WatchedFiles } from '../../web-config/watched-files.ts';
import { BASIC_AUTH_OPTIONS, type BasicAuth, type ClientOptions, checkHeader } from './client-options.ts';

type Credentials = Pick<ClientOptions, 'basicAuth' | 'bearerToken' | 'bearerTokenFile' | 'headers'>;

/**
 * Returns a function that returns the value of the header Authorization for one request, with the current contents of
 * files. Throws a RangeError if there is more than one way to authenticate.
 */
export function authorizationOf(url: URL, options: Credentials): () => Promise<string | undefined> {
  const { basicAuth, bearerToken, bearerTokenFile, headers = {} } = options;
  const inUrl = url.username === '' && url.password === '' ? undefined : url;
  const inHeaders = Object.keys(headers).find((name) => name.toLowerCase() === 'authorization');
  const ways = [inUrl, inHeaders, basicAuth, bearerToken, bearerTokenFile].filter((way) => way !== undefined);
  if (ways.length > 1) {
    throw new RangeError(
      'Only one of basicAuth, bearerToken, bearerTokenFile, a header Authorization and a user in the URL may be set.',
    );
  }
  if (basicAuth !== undefined) {
    checkOptionNames('basicAuth', basicAuth, BASIC_AUTH_OPTIONS);
    return basicAuthorization(basicAuth);
  }
  if (bearerTokenFile !== undefined) return async () => bearer(await readSecret('bearerTokenFile', bearerTokenFile));
  if (bearerToken !== undefined) return constant(bearer(bearerToken));
  return constant(inUrl && basicOf(inUrl));
}

/** Returns the value of a header that authenticates the user in a URL. Throws a RangeError that does not contain it. */
export function basicOf({ username, password }: URL): string {
  try {
    return basic(decodeURIComponent(username), decodeURIComponent(password));
  } catch {
    throw new RangeError('User and password in a URL must be percent-encoded, as by encodeURIComponent().');
  }
}

function basic(username: string, password: string): string {
  return `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
}

function basicAuthorization({ username, password, passwordFile }: BasicAuth): () => Promise<string> {
  if (username.includes(':')) throw new RangeError('basicAuth.username must not contain a colon.');
  if (passwordFile === undefined) return constant(basic(username, password ?? ''));
  if (password !== undefined) throw new RangeError('Only one of password and passwordFile of basicAuth may be set.');
  return async () => basic(username, await readSecret('passwordFile', passwordFile));
}

function bearer(token: string): string {
  if (token === '') throw new RangeError('The bearer token must not be empty.');
  checkHeader('Authorization', token);
  return `Bearer ${token}`;
}

function constant<T>(value: T): () => Promise<T> {
  return () => Promise.resolve(value);
}

async function readSecret(name: string, path: string): Promise<string> {
  const text = await new WatchedFiles().read(path).catch((error: unknown) => {
    throw new Error(`${name} ${path} cannot be read.`, { cause: error });
  });
  const secret = text.trim();
  if (secret === '' || /[\r\n]/.test(secret)) throw new RangeError(`${name} ${path} must contain one line of text.`);
  return secret;
}
