import { SECURITY_HEADERS } from '../response/short-answer.ts';

const HEADERS = { ...SECURITY_HEADERS, 'Content-Type': 'text/plain; charset=utf-8' };

/** Returns a short answer of plain text. */
export function textResponse(status: number, body: string, headers: Record<string, string> = {}): Response {
  return new Response(body, { status, headers: { ...HEADERS, ...headers } });
}
