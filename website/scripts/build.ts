/** Builds the documentation site to `.vitepress/dist`. Dead links and undescribed entries of the API reference are errors. */
import { cpSync, rmSync } from 'node:fs';
import { build } from 'vitepress';
import { writeHome } from './home.ts';
import { deadLinks } from './links.ts';
import { writeTextsForModels } from './llms.ts';
import { writePages } from './pages.ts';
import { writeReference } from './reference.ts';

const PAGES = 'pages';
const DIST = '.vitepress/dist';

rmSync(PAGES, { recursive: true, force: true });
writeReference(PAGES);
writePages(PAGES);
writeHome(PAGES);
cpSync('public', `${PAGES}/public`, { recursive: true });
await build('.');
writeTextsForModels(PAGES, DIST);
const dead = deadLinks(DIST);
if (dead.length > 0) throw new Error(`Dead links:\n${dead.join('\n')}`);
