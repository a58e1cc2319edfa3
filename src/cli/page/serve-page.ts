import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { CommandError } from '../../command-line/usage-error.ts';
import { isAllowedHost } from '../../http/allowed-host.ts';
import { sendText } from '../../http/response/short-answer.ts';
import { asError, thrownText } from '../../model/thrown.ts';
import { type Gatherer, Gathering } from '../../registry/gathering.ts';
import { createStatusPage } from '../../status-page/server/status-page.ts';
import { type ReadDocumentOptions, readDocument } from '../document/document.ts';
import type { InputIo } from '../input/input.ts';
import { shownName } from '../input/server-name.ts';

/** A page that is being served. */
export interface ServedPage {
  readonly url: string;
  close(): Promise<void>;
}

export interface PageOptions extends ReadDocumentOptions {
  readonly port: number;
  /** Milliseconds between two scrapes. */
  readonly interval: number;
}

/**
 * Serves the status page of a server on loopback.
 *
 * @throws {CommandError} if the port cannot be used.
 */
export async function servePage(input: string, options: PageOptions, io: InputIo): Promise<ServedPage> {
  const name = shownName(input);
  const page = createStatusPage(
    { registry: scraped(input, options, io), name, description: 'Metrics scraped by zeroprom page.' },
    { intervalMs: options.interval, measures: 'none', isOtherProgram: true },
  );
  const server = createServer((request, response) => {
    // A site whose name was rebound to loopback must not read the metrics of other machines.
    if (isAllowedHost(request, [])) return page(request, response);
    return sendText(request, response, 403, 'Unknown host name: use 127.0.0.1 or localhost.\n');
  });
  const port = await listen(server, options.port);
  return {
    url: `http://127.0.0.1:${port}/`,
    close: async () => {
      page.close();
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

async function listen(server: Server, port: number): Promise<number> {
  try {
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
  } catch (thrown) {
    throw new CommandError(`cannot listen on port ${port}: ${thrownText(thrown)}.`);
  }
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : port;
}

/** A gatherer that scrapes a server. Lines that cannot be parsed are failures; the rest is shown. */
function scraped(input: string, options: ReadDocumentOptions, io: InputIo): Gatherer {
  return {
    gather: async () => {
      const { families, errors } = await readDocument(input, options, io);
      const failures = errors.slice(0, MAX_ERRORS).map((error) => ({ collector: 'parser', error: asError(error) }));
      return new Gathering(families, failures);
    },
  };
}

/** Further parse errors are not shown. */
const MAX_ERRORS = 10;
