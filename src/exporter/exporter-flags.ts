import { domainToASCII } from 'node:url';
import type { Flags } from '../command-line/flag.ts';
import { countFrom, oneOf } from '../command-line/flag.ts';
import { DEFAULT_MAX_REQUESTS } from '../http/scrape/request-limit.ts';
import { formatDuration, parseDuration } from '../model/duration.ts';
import { OVERRIDES_FLAG, OVERRIDES_VARIABLE } from '../registry/current-overrides.ts';
import { logFormats, logLevels } from './log/structured-logger.ts';
import { parseListenAddress } from './server/listen-address.ts';
import { parsePrefix, parseTelemetryPath } from './server/paths.ts';
import { SHUTDOWN_TIMEOUT_MS } from './server/server-limits.ts';

/** Flag that enables and disables a collector. */
export interface CollectorFlag {
  /** Sentence on what the collector exposes, for `--help`. */
  readonly help: string;
  /**
   * Whether the collector is enabled by default.
   *
   * @defaultValue `true`
   */
  readonly isEnabled?: boolean;
}

/** Defaults of flags that an exporter sets. */
interface FlagDefaults {
  readonly createdLines?: boolean | undefined;
  readonly scrapeThread?: boolean | undefined;
}

/** Returns the flags of all exporters. The options are defaults of the flags with these names. */
export function exporterFlags(defaultPort: number, { createdLines = false, scrapeThread = false }: FlagDefaults = {}) {
  return {
    'web.listen-address': {
      help: 'Address to listen on: host:port, :port for all interfaces, or unix:/path?mode=0660.',
      default: `:${defaultPort}`,
      parse: parseListenAddress,
      isRepeatable: true,
    },
    'web.systemd-socket': {
      help: 'Use the sockets of a systemd .socket unit instead of --web.listen-address.',
      isSwitch: true,
    },
    'web.telemetry-path': {
      help: 'Path under which to expose metrics.',
      default: '/metrics',
      parse: parseTelemetryPath,
    },
    'web.external-url': {
      help: 'URL under which the exporter is externally reachable, for example through a reverse proxy.',
      placeholder: 'URL',
      default: '',
      parse: parseExternalUrl,
    },
    'web.config.file': {
      help: 'Path of a web configuration file for TLS, authentication, headers and a rate limit.',
      placeholder: 'FILE',
      default: '',
    },
    'web.health.no-auth': {
      help: 'Serve /-/healthy and /-/ready without authentication.',
      isSwitch: true,
    },
    'web.route-prefix': {
      help: 'Prefix of all paths; by default the path of --web.external-url.',
      placeholder: 'PATH',
      default: '',
      parse: parsePrefix,
    },
    'web.max-requests': {
      help: 'Maximum number of concurrent scrapes; 0 for no limit.',
      default: String(DEFAULT_MAX_REQUESTS),
      parse: countFrom(0),
    },
    'web.created-lines': {
      help: 'Expose start times in OpenMetrics 1.0 as _created lines, for servers that ingest them.',
      default: String(createdLines),
      isSwitch: true,
    },
    'web.scrape-thread': {
      help: 'Serve from a thread of its own, which answers while the event loop is blocked.',
      default: String(scrapeThread),
      isSwitch: true,
    },
    'web.unhealthy-after': {
      help: 'How long the event loop may be blocked before /-/healthy fails; 0s for no limit. Needs --web.scrape-thread.',
      default: '0s',
      parse: (text: string) => parseDuration(text, { allowZero: true }),
    },
    'web.disable-exporter-metrics': {
      help: 'Exclude metrics about the exporter itself (process_*, nodejs_*, build, scrapes, tasks).',
      isSwitch: true,
    },
    'web.enable-lifecycle': {
      help: 'Enable reload and shutdown by a POST request to /-/reload and /-/quit, and running tasks from the status page.',
      isSwitch: true,
    },
    'web.allowed-host': {
      help: 'Additional host name, without a port, that /-/reload, /-/quit and the buttons of the status page accept.',
      placeholder: 'NAME',
      default: '',
      parse: parseHostName,
      isRepeatable: true,
    },
    'web.status-page': {
      help: 'Serve a live status page at /; otherwise a page with links.',
      default: 'true',
      isSwitch: true,
    },
    'web.status-history': {
      help: 'Keep the history of the status page while no page is open, too.',
      isSwitch: true,
    },
    'web.trace-url': {
      help: 'URL of a trace that exemplars on the status page link to, with the names of exemplar labels in braces.',
      placeholder: 'URL',
      default: '',
      parse: parseTraceUrl,
    },
    'web.shutdown-delay': {
      help: 'How long to keep serving (not ready) before shutting down.',
      default: '0s',
      parse: (text: string) => parseDuration(text, { allowZero: true }),
    },
    'web.linger': {
      help: 'Maximum time to keep serving (not ready) on shutdown until all scrapers have read the final values; 0s for no wait.',
      default: '0s',
      parse: (text: string) => parseDuration(text, { allowZero: true }),
    },
    'web.shutdown-timeout': {
      help: 'Maximum time to wait for in-flight scrapes and running tasks on shutdown.',
      default: formatDuration(SHUTDOWN_TIMEOUT_MS),
      parse: (text: string) => parseDuration(text, { allowZero: true }),
    },
    [OVERRIDES_FLAG]: {
      help: 'Path of a file that drops, renames and changes metrics.',
      placeholder: 'FILE',
      default: '',
      variable: OVERRIDES_VARIABLE,
    },
    'log.level': {
      help: 'Only log messages with this level or above: debug, info, warn or error.',
      default: 'info',
      parse: oneOf(logLevels),
    },
    'log.format': {
      help: 'Output format of log messages: logfmt or json.',
      default: 'logfmt',
      parse: oneOf(logFormats),
    },
    'config.check': {
      help: 'Validate the configuration, print all errors and exit.',
      isSwitch: true,
    },
  } satisfies Flags;
}

export const DISABLE_DEFAULTS = 'collector.disable-defaults';

/** Returns a switch for each collector, and one that disables those that are enabled by default. */
export function collectorFlags(collectors: Readonly<Record<string, CollectorFlag>>): Flags {
  const names = Object.keys(collectors);
  if (names.length === 0) return {};
  const switches = Object.entries(collectors).map(([name, { help, isEnabled = true }]) => [
    `collector.${name}`,
    { help, default: String(isEnabled), isSwitch: true },
  ]);
  return {
    ...Object.fromEntries(switches),
    [DISABLE_DEFAULTS]: {
      help: 'Disable all collectors that are not explicitly enabled.',
      isSwitch: true,
    },
  };
}

function parseExternalUrl(text: string): string {
  if (text === '') return text;
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol)) {
    throw new RangeError(`must be a URL with http:// or https://, without quotes, got ${JSON.stringify(text)}.`);
  }
  parsePrefix(url.pathname);
  return url.href;
}

function parseTraceUrl(text: string): string {
  // Braces would be escaped in a parsed URL.
  if (text === '' || (/^https?:\/\/\S+$/.test(text) && URL.canParse(text))) return text;
  throw new RangeError(
    `must be a URL such as https://traces.example.com/trace/{trace_id}, got ${JSON.stringify(text)}.`,
  );
}

/** Returns the name as browsers send it: in lower case and ASCII. */
function parseHostName(text: string): string {
  const name = /[\s:/\\?#@%*,[\]]/.test(text) ? '' : domainToASCII(text.replace(/\.$/, ''));
  if (name !== '') return name;
  throw new RangeError(
    `must be a host name without a scheme or port, such as exporter.example.com, got ${JSON.stringify(text)}.`,
  );
}
