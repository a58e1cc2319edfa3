import { escapeName } from '../../exposition/encoding/escaping.ts';
import { kindOf } from '../../model/printable.ts';

/** Labels of a group of metrics in a Pushgateway, in addition to `job`. */
export type GroupingKey = Readonly<Record<string, string | number>>;

/**
 * Returns the path of a group: `/metrics/job/backup/instance/a`. Values that a proxy or a URL parser could change are
 * written in base64, because a changed path is another group, and the gateway would accept it.
 *
 * @throws {TypeError} if a value has the wrong type.
 * @throws {RangeError} if the job is empty, or a label is reserved or invalid.
 */
export function groupPath(job: string, groupingKey: GroupingKey): string {
  if (typeof job !== 'string') throw new TypeError(`job must be a string, got ${kindOf(job)}.`);
  if (job === '') throw new RangeError('job must not be empty.');
  const labels = Object.entries(groupingKey).sort(([a], [b]) => (a < b ? -1 : 1));
  for (const [name] of labels) checkName(name);
  return `/metrics${segment('job', job)}${labels.map(([name, value]) => segment(name, value)).join('')}`;
}

/** Names that are not legacy names need a gateway with `--push.enable-utf8-names`, which reads them in this scheme. */
function segment(name: string, value: string | number): string {
  if (typeof value !== 'string' && typeof value !== 'number') {
    throw new TypeError(`The grouping label ${name} must be a string or a number, got ${kindOf(value)}.`);
  }
  const text = String(value);
  if (!text.isWellFormed()) throw new RangeError(`The value of ${name} must not contain an unpaired surrogate.`);
  const key = escapeName(name, 'values', 'label');
  if (/^[\w.-]+$/.test(text) && !/^\.|\.\.|\.$/.test(text)) return `/${key}/${text}`;
  return `/${key}@base64/${text === '' ? '=' : Buffer.from(text).toString('base64url')}`;
}

function checkName(name: string): void {
  if (name === 'job') throw new RangeError('groupingKey must not contain job; use the option job.');
  if (name === '' || name.startsWith('__') || !name.isWellFormed()) {
    throw new RangeError(
      `groupingKey must have valid label names that do not start with __, got ${JSON.stringify(name)}.`,
    );
  }
}
