import { Agent, get } from 'node:http';
import * as v from 'valibot';
import { serveProgram } from '../method/serveProgram';

const agent = new Agent({ keepAlive: true });

/** Reads a body to its end and looks at none of it. */
function read(url: string): Promise<{ bytes: number; wallMs: number }> {
  const startedMs = performance.now();
  return new Promise((resolve, reject) => {
    get(url, { agent }, (response) => {
      let bytes = 0;
      response.on('data', (chunk: Buffer) => (bytes += chunk.byteLength));
      response.on('end', () => resolve({ bytes, wallMs: performance.now() - startedMs }));
      response.on('error', reject);
    }).on('error', reject);
  });
}

serveProgram({ read: (url) => read(v.parse(v.string(), url)) });
