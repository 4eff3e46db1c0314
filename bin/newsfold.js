#!/usr/bin/env node
// Plain old JavaScript on purpose: it must run, and say what is wrong, on whatever Node a shell or cron finds first.
'use strict';
void import('node:child_process').then(function (childProcess) {
  if (Number(process.versions.node.split('.')[0]) >= 26) {
    return import('node:fs').then(function (fs) {
      // The package has what was compiled; a clone has the sources, which this Node runs as they are.
      return import(fs.existsSync(new URL('../src/main.ts', import.meta.url)) ? '../src/main.ts' : '../dist/src/main.js');
    });
  }
  return import('node:module').then(function (module) {
    var found = null;
    try {
      found = module.createRequire(import.meta.url).resolve('node/bin/node');
    } catch (error) {
      if (error.code !== 'MODULE_NOT_FOUND') throw error;
    }
    if (found === null) {
      process.stderr.write('newsfold needs Node 26 or newer; this is Node ' + process.versions.node + '\n');
      process.exit(3);
    }
    var child = childProcess.spawn(found, [import.meta.filename || process.argv[1]].concat(process.argv.slice(2)), { stdio: 'inherit' });
    ['SIGINT', 'SIGTERM'].forEach(function (name) {
      process.on(name, function () {
        child.kill(name);
      });
    });
    child.on('exit', function (code, signal) {
      process.exit(signal ? 1 : code);
    });
  });
});
