import { DockerfileParser } from 'dockerfile-ast';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as v from 'valibot';
import { repositoryRoot } from '../../support/testbed/repositoryRoot';

/** How the hub's image starts Node.js, so that what is measured is what runs in a cluster. */
export interface ImageStart {
  /** Node's own arguments. */
  readonly execArgv: readonly string[];
  readonly env: NodeJS.ProcessEnv;
}

const command = v.pipe(v.string(), v.parseJson(), v.array(v.string()));

/** Reads deploy/Dockerfile. Throws where nothing is started in it. */
export function imageStart(): ImageStart {
  const dockerfile = DockerfileParser.parse(
    readFileSync(join(repositoryRoot(), 'deploy', 'Dockerfile'), 'utf8'),
  );
  const [entrypoint] = dockerfile.getENTRYPOINTs();
  const variables = dockerfile
    .getENVs()
    .flatMap((env) => env.getProperties())
    .map((property) => [property.getName(), property.getValue() ?? '']);
  return {
    execArgv: v.parse(command, entrypoint?.getArgumentsContent()).filter((text) => text.startsWith('--')),
    env: v.parse(v.record(v.string(), v.string()), Object.fromEntries(variables)),
  };
}
