import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Settings of a cluster with generated sources. Durations are written as in the configuration
 *  (`5s`). */
export interface ClusterSettings {
  /** URL of the PostgreSQL database that the nodes share. */
  readonly database: string;
  readonly schedule: string;
  readonly urls: readonly string[];
  readonly interval: string;
  /** Stories in the document of the only feed. */
  readonly limit: number;
}

/** Writes the configuration of a cluster into a folder. Returns the path of the file. */
export function writeClusterConfig(folder: string, { database, schedule, urls, interval, limit }: ClusterSettings): string {
  const file = join(folder, 'newsfold.yaml');
  writeFileSync(
    file,
    `site: { title: Cluster, url: "http://localhost:1" }
store: ${database}
schedule: "${schedule}"
fetch: { allowPrivateAddresses: [127.0.0.0/8] }
sources:
${urls.map((url, n) => `  - { id: s${n}, feed: "${url}", interval: ${interval} }`).join('\n')}
feeds: [{ slug: all, title: All, limit: ${limit} }]
`,
  );
  return file;
}
