import { execFileSync, spawn } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { parse } from 'yaml';

const root = resolve(import.meta.dirname, '..');
const folder = mkdtempSync(join(tmpdir(), 'newsfold-package-'));
const installed = join(folder, 'node_modules/newsfold');
afterAll(() => rmSync(folder, { recursive: true }));

/** Installs the packed program as `npm install newsfold-….tgz` does in an empty folder. Its
 *  dependencies come from this checkout instead of the network. */
beforeAll(() => {
  execFileSync('npm', ['pack', '--pack-destination', folder, '--silent'], { cwd: root, stdio: 'pipe' });
  const tarball = readdirSync(folder).find((name) => name.endsWith('.tgz')) ?? '';
  mkdirSync(installed, { recursive: true });
  execFileSync('tar', ['-xzf', join(folder, tarball), '-C', installed, '--strip-components=1']);
  const { dependencies } = JSON.parse(readFileSync(join(installed, 'package.json'), 'utf8')) as { dependencies: Record<string, string> };
  for (const name of Object.keys(dependencies)) {
    mkdirSync(resolve(folder, 'node_modules', name, '..'), { recursive: true });
    symlinkSync(join(root, 'node_modules', name), join(folder, 'node_modules', name));
  }
});

/** Runs the installed program outside of its own folder. */
const newsfold = (...args: readonly string[]) =>
  execFileSync(process.execPath, [join(installed, 'bin/newsfold.js'), ...args], { cwd: folder, encoding: 'utf8' });

test('the package holds the program and its documents, and nothing else', () => {
  // This test runs before the first start, which writes a compile cache.
  const names = readdirSync(installed).toSorted();
  expect(names).toEqual([
    'CHANGELOG.md',
    'CONTRIBUTING.md',
    'LICENSE',
    'README.md',
    'SECURITY.md',
    'bin',
    'config',
    'deploy',
    'dist',
    'docs',
    'feeds',
    'package.json',
  ]);
});

test('the packed program needs nothing else: it makes a sample, runs it and builds its documents', () => {
  expect(newsfold('--version')).toMatch(/^\d+\.\d+\.\d+\n$/);
  newsfold('init', 'planet');
  const config = ['--config', 'planet/config/newsfold.yaml'];
  expect(newsfold('check', ...config)).not.toContain('fault');
  expect(newsfold('run', ...config)).toMatch(/ 0 failed/);
  newsfold('build', 'site', ...config);
  expect(readFileSync(join(folder, 'site/feed.atom'), 'utf8')).toMatch(/<entry/);
  expect(existsSync(join(folder, 'site/index.html'))).toBe(true);
});

test('the packed program serves, with its threads', async () => {
  newsfold('init', 'served');
  const child = spawn(
    process.execPath,
    [join(installed, 'bin/newsfold.js'), 'serve', '--port', '0', '--config', 'served/config/newsfold.yaml'],
    {
      cwd: folder,
    },
  );
  let said = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (said += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (said += text));
  const ended = new Promise((done) => child.once('exit', done));
  for (let tries = 0; !said.includes('Next runs') && tries < 600; tries++) await new Promise((done) => setTimeout(done, 100));
  const [, url = ''] = / on (http:\/\/\S+)/.exec(said) ?? [];
  const { items } = (await (await fetch(`${url}/feed.json`)).json()) as { items: object[] };
  expect(items.length).toBeGreaterThan(0);
  child.kill('SIGTERM');
  expect(await ended).toBe(0);
});

test('in a clone, where nothing is compiled, the program runs from src/', () => {
  const clone = mkdtempSync(join(folder, 'clone-'));
  for (const name of ['package.json', 'src', 'node_modules']) symlinkSync(join(root, name), join(clone, name));
  // Node would follow a link to a folder where something may be compiled.
  cpSync(join(root, 'bin'), join(clone, 'bin'), { recursive: true });
  const said = execFileSync(process.execPath, [join(clone, 'bin/newsfold.js'), '--version'], { encoding: 'utf8' });
  expect(said).toMatch(/^\d+\.\d+\.\d+\n$/);
});

/** These are the checks that are possible without Docker, systemd and GitHub. */
test('the files of deploy/, Dockerfile and compose.yaml name existing files', () => {
  const text = (name: string) => readFileSync(join(root, name), 'utf8');
  const { engines } = JSON.parse(text('package.json')) as { engines: { node: string } };
  const version = /\d+/.exec(engines.node)?.[0];
  const dockerfile = text('Dockerfile');
  expect(dockerfile.match(/^FROM node:\d+-slim/gm)).toEqual([`FROM node:${version}-slim`, `FROM node:${version}-slim`]);
  for (const [, names = ''] of dockerfile.matchAll(/^COPY (?!--from)(.+) \S+$/gm))
    for (const name of names.split(' ')) expect([name, existsSync(join(root, name))]).toEqual([name, true]);
  const compose = parse(text('compose.yaml'), { merge: true }) as {
    services: Record<string, { command?: string[]; read_only?: boolean; environment: Record<string, string> }>;
  };
  expect(Object.keys(compose.services)).toEqual(['db', 'serve', 'worker']);
  expect(compose.services['serve']?.read_only).toBe(true);
  expect(compose.services['worker']?.command?.[0]).toBe('worker');
  expect(compose.services['worker']?.environment['NEWSFOLD_STORE']).toContain('postgres://');
  const unit = text('deploy/newsfold.service');
  expect(unit).toMatch(/^ExecStart=\/srv\/newsfold\/node_modules\/\.bin\/node \/srv\/newsfold\/src\/main\.ts serve /m);
  const action = parse(text('deploy/github-pages.yaml')) as {
    jobs: { publish: { steps: { run?: string; with?: Record<string, unknown> }[] } };
  };
  const { steps } = action.jobs.publish;
  expect(steps.find((step) => 'node-version' in (step.with ?? {}))?.with?.['node-version']).toBe(Number(version));
  for (const { run } of steps) if (run?.includes('src/')) expect(existsSync(join(root, 'src/main.ts'))).toBe(true);
});
