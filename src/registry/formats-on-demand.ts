/** The formats, as one module that is loaded when a registry is first exposed. */
export { encodeGathering } from '../exposition/encode.ts';
export { snapshotOf } from '../exposition/snapshot/snapshot.ts';
