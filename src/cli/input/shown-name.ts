/** What stands for a name and a password. */
const MASK = '***';

/** An input as it is called in messages: as the user did, but without the credentials of a URL. */
export function shownName(input: string): string {
  if (!/^[a-z][a-z\d+.-]*:\/\//i.test(input)) return input.replace(/^[^/@\s]*:[^/@\s]*@(?=[^/@\s]+:\d)/, `${MASK}@`);
  const url = URL.canParse(input) ? new URL(input) : undefined;
  // Without a parser to say where a password ends, it may hold anything.
  if (url === undefined || url.host === '') return input.replace(/^([^:]+:\/\/).*@/s, `$1${MASK}@`);
  if (url.username === '' && url.password === '') return input;
  return `${url.protocol}//${MASK}@${url.host}${url.pathname}${url.search}${url.hash}`;
}
