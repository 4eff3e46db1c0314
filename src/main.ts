#!/usr/bin/env node
import { enableCompileCache } from 'node:module';
import { extname, join } from 'node:path';

// Compiled modules are kept beside the packages: the next start takes two thirds of the time. Where
// that cannot be written, nothing is kept.
const root = extname(import.meta.url) === '.ts' ? '..' : '../..';
enableCompileCache(join(import.meta.dirname, root, 'node_modules/.cache/newsfold'));
await import('./cli/program.ts');
