import { pictureOfFailure } from '../../support/testbed/pictureOfFailure';
import { repositoryRoot } from '../../support/testbed/repositoryRoot';
import { requireVscode } from '../../support/testbed/requireTool';
import { startVscodeSession, type VscodeSession } from '../../support/testbed/vscodeSession';

describe('Connecting on start', function () {
  this.timeout(120_000);
  let session: VscodeSession;

  before(async function () {
    session = await startVscodeSession({
      tools: requireVscode(this),
      extensionDevelopmentPath: repositoryRoot(),
      machineSettings: { 'clusterpersona.connectOnStart': 'demo' },
    });
  });

  afterEach(pictureOfFailure(() => session));

  after(() => session?.stop());

  it('opens the view by itself, with the fleet of the demo cluster in it', async () => {
    await session.workbench.treeRow('eu-west-1').first().waitFor({ timeout: 30_000 });
  });

  it('keeps the fleet when the view was hidden and is shown again', async () => {
    const { workbench } = session;
    await workbench.runCommand('View: Show Explorer');
    await workbench.treeRow('eu-west-1').first().waitFor({ state: 'detached', timeout: 20_000 });
    await workbench.runCommand('View: Show ClusterPersona');
    await workbench.treeRow('eu-west-1').first().waitFor({ timeout: 20_000 });
  });
});
