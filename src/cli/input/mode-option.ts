import type { ParseMode } from '../../parse/input/options.ts';
import { type Option, oneOf, valueOption } from '../command/options.ts';

/** How strictly documents are read. */
export function modeOption(byDefault: ParseMode): Option<ParseMode> {
  const help = `strict: what the format's document allows; prometheus: what a Prometheus server takes. ${byDefault} by default.`;
  return valueOption('MODE', help, oneOf(['strict', 'prometheus']), byDefault);
}
