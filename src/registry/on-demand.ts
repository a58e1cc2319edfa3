/** The parts of a registry that its first gathering loads, as one module. */
export { encodeGathering } from '../exposition/encode.ts';
export { checkFormat } from '../exposition/encoding/check-format.ts';
export { snapshotOf } from '../exposition/snapshot/snapshot.ts';
export { RegistryGatherer } from './registry-gatherer.ts';
