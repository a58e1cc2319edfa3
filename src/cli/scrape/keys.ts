import { emitKeypressEvents } from 'node:readline';
import type { CommandIo } from '../command/command-io.ts';
import type { Key } from './view.ts';

/**
 * Calls `onKey` for each key that is pressed on a terminal, until the returned function is called. Does nothing if
 * standard input or output is not a terminal.
 */
export function watchKeys({ stdin, isTerminal }: CommandIo, onKey: (key: Key) => void): () => void {
  if (!isTerminal || !stdin.isTTY) return () => {};
  const listener = (text: string | undefined, { name, ctrl }: Key) => onKey({ name, text, ctrl });
  emitKeypressEvents(stdin);
  stdin.setRawMode?.(true);
  stdin.on('keypress', listener).resume();
  return () => {
    stdin.setRawMode?.(false);
    stdin.off('keypress', listener).pause();
  };
}
