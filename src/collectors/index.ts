export { type RefreshedCollector, type RefreshedOptions, refreshed } from './refreshed.ts';
