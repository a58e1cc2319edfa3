import * as http from 'node:http';
import * as https from 'node:https';
import { promisify } from 'node:util';
import * as zlib from 'node:zlib';

/** The result of a push. */
export interface PushResult {
  readonly resp: http.IncomingMessage;
  readonly body: string;
}

export interface PushRequest {
  /** The address, if it is not among the options. */
  readonly target: URL | undefined;
  readonly isSecure: boolean;
  /** Options of `http.request()`. */
  readonly options: http.RequestOptions;
  readonly contentType: string;
  /** Returns the body; called once the request has been created. Undefined for requests without a body. */
  readonly body: (() => Promise<string>) | undefined;
}

/** Creates a request in this turn. Resolves with the response; rejects if its status is 400 or above. */
export function send(request: PushRequest): Promise<PushResult> {
  const { target, isSecure, options, contentType, body } = request;
  return new Promise((resolve, reject) => {
    // Called through their modules, because some tests replace the functions.
    const { request: open } = isSecure ? https : http;
    const receive = (response: http.IncomingMessage): void => {
      readBody(response).then((text) => {
        const { statusCode = 0 } = response;
        if (statusCode >= 400) reject(new Error(`push failed with status ${statusCode}, ${text}`));
        else resolve({ resp: response, body: text });
      }, reject);
    };
    const outgoing = target === undefined ? open(options, receive) : open(target, options, receive);
    outgoing.on('error', reject);
    outgoing.on('timeout', () => outgoing.destroy(new Error('Pushgateway request timed out')));
    if (body === undefined) {
      outgoing.end();
      return;
    }
    if (typeof outgoing.hasHeader === 'function' && !outgoing.hasHeader('Content-Type')) {
      outgoing.setHeader('Content-Type', contentType);
    }
    writeBody(outgoing, options.headers ?? {}, body).catch((error: unknown) => {
      reject(error);
      outgoing.destroy();
    });
  });
}

/** Compresses the body if the caller's headers say so. */
async function writeBody(outgoing: http.ClientRequest, headers: object, body: () => Promise<string>): Promise<void> {
  const isGzip = Object.entries(headers).some(
    ([name, value]) => name.toLowerCase() === 'content-encoding' && value === 'gzip',
  );
  const text = await body();
  outgoing.write(isGzip ? await promisify(zlib.gzip)(text) : text);
  outgoing.end();
}

async function readBody(response: http.IncomingMessage): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = '';
    response.setEncoding('utf8');
    response.on('data', (chunk: string) => {
      text += chunk;
    });
    response.on('end', () => resolve(text));
    response.on('error', reject);
  });
}
