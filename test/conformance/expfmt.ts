/** Differences between expfmt, the Go reference, and our encoders, for comparing their output. */
import { ByteWriter } from '../../src/exposition/bytes/byte-writer.ts';
import type { Escaping } from '../../src/exposition/encoding/escaping.ts';
import { EscapingEncoder } from '../../src/exposition/encoding/escaping-encoder.ts';
import type { Format } from '../../src/exposition/encoding/format.ts';
import { GuardedEncoder } from '../../src/exposition/encoding/guarded-encoder.ts';
import { openMetrics, openMetrics2, text } from '../../src/exposition/formats.ts';
import { encodeFamily } from '../../src/model/encoder.ts';
import type { MetricFamily } from '../../src/model/family.ts';
import { goFloat, openMetricsFloat } from '../../src/model/float-layout.ts';

/** Writes numbers and ends of lines one after the other. */
class PlainWriter extends ByteWriter {
  override numberLine(value: number): void {
    this.number(value);
    this.ascii('\n');
  }

  override countLine(value: number): void {
    this.count(value);
    this.ascii('\n');
  }
}

/** Formats sample values as Go does; our encoders write whole numbers without a fraction. */
class GoLayoutWriter extends PlainWriter {
  override number(value: number): void {
    this.ascii(goFloat(value));
  }

  override count(value: number): void {
    this.number(value);
  }

  override seconds(value: number): void {
    super.number(value);
  }
}

/** In OpenMetrics 1.0, expfmt writes whole numbers as floats, and times like values. */
class GoOpenMetricsWriter extends PlainWriter {
  override number(value: number): void {
    this.ascii(openMetricsFloat(value));
  }

  override count(value: number): void {
    this.ascii(BigInt(value).toString());
  }

  override seconds(value: number): void {
    this.number(value);
  }
}

interface Dialect {
  readonly format: Format;
  readonly writer: new () => ByteWriter;
  /** Whether expfmt checks label names. */
  readonly checksNames?: boolean;
}

/** By the format names in the vectors. */
const DIALECTS: { readonly [format: string]: Dialect } = {
  'text-0.0.4': { format: text, writer: GoLayoutWriter },
  'openmetrics-1.0.0': { format: openMetrics, writer: GoOpenMetricsWriter },
  'openmetrics-2.0.0': { format: openMetrics2, writer: GoLayoutWriter, checksNames: true },
};

/** Whether the output of expfmt for the format can be compared. */
export function hasDialect(format: string): boolean {
  return Object.hasOwn(DIALECTS, format);
}

/** Encodes families as expfmt does: if one of them fails, the exposition fails. */
export function encodeAsExpfmt(
  families: readonly MetricFamily[],
  formatName: string,
  escaping: Escaping,
  createdLines: boolean,
): Buffer {
  const dialect = DIALECTS[formatName];
  if (dialect === undefined) throw new Error(`There is no dialect for ${formatName}.`);
  const writer = new dialect.writer();
  const names = new EscapingEncoder(dialect.format.encoder(writer, { createdLines }), escaping);
  const encoder = dialect.checksNames ? new GuardedEncoder(names, writer, fail) : names;
  for (const family of families) {
    if (dialect.format === text && [...family.points].length === 0) throw new Error('MetricFamily has no metrics');
    encodeFamily(family, encoder);
  }
  encoder.end();
  return withExpfmtSuffixes(writer.take(), families, dialect.format);
}

function fail(problem: Error): never {
  throw problem;
}

/** expfmt writes gauge histograms with the suffixes of histograms; OpenMetrics requires `_gsum` and `_gcount`. */
function withExpfmtSuffixes(output: Buffer, families: readonly MetricFamily[], format: Format): Buffer {
  if (format !== openMetrics) return output;
  let lines = output.toString();
  for (const { name, type } of families) {
    if (type === 'gaugehistogram') {
      lines = lines.replaceAll(`\n${name}_gsum`, `\n${name}_sum`).replaceAll(`\n${name}_gcount`, `\n${name}_count`);
    }
  }
  return Buffer.from(lines);
}
