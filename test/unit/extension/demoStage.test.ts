import assert from 'node:assert/strict';
import type { DemoCluster } from '../../../src/demo/demoCluster';
import type { DemoScene } from '../../../src/demo/demoScene';
import { DemoStage } from '../../../src/extension/demoStage';
import { trackLeaks } from '../../support/leakTracker';

/** A demo cluster that only notes what is done to it. */
class NotedCluster implements DemoCluster {
  readonly noted: string[] = [];
  readonly openBodyCount = 0;
  scene: DemoScene;

  constructor(scene: DemoScene) {
    this.scene = scene;
  }

  readonly fetch = () => Promise.reject(new Error('nobody asks'));
  start(): void {
    this.noted.push(`start ${this.scene}`);
  }
  setScene(scene: DemoScene): void {
    this.scene = scene;
    this.noted.push(`setScene ${scene}`);
  }
  compact(): void {
    this.noted.push('compact');
  }
  dispose(): void {
    this.noted.push('dispose');
  }
}

describe('the stage of the demo cluster', () => {
  trackLeaks();
  let wanted: DemoScene;
  let created: NotedCluster[];
  /** What the next creation waits for. */
  let loading: Promise<void>;
  let told: DemoScene[];
  let stage: DemoStage;

  beforeEach(() => {
    wanted = 'calm';
    created = [];
    loading = Promise.resolve();
    told = [];
    stage = new DemoStage({
      create: async (scene) => {
        const cluster = new NotedCluster(scene);
        await loading;
        created.push(cluster);
        return cluster;
      },
      wantedScene: () => wanted,
      onListenerError: (error) => assert.fail(String(error)),
    });
  });

  afterEach(() => stage.dispose());

  function listen(): { dispose(): void } {
    return stage.onSceneChanged((scene) => told.push(scene));
  }

  it('starts a demo cluster with the scene that is wanted', async () => {
    wanted = 'upgrade';
    const connection = await stage.open();
    assert.deepEqual(created[0]?.noted, ['start upgrade']);
    assert.equal(stage.scene, 'upgrade');
    connection.dispose();
  });

  it('goes on with another scene, and tells so once', async () => {
    const listening = listen();
    const connection = await stage.open();
    wanted = 'storm';
    stage.follow();
    stage.follow();
    assert.deepEqual(created[0]?.noted, ['start calm', 'setScene storm']);
    assert.deepEqual(told, ['storm']);
    assert.equal(stage.scene, 'storm');
    connection.dispose();
    listening.dispose();
  });

  it('plays the scene that was chosen while the demo cluster was loaded', async () => {
    const loaded = Promise.withResolvers<void>();
    loading = loaded.promise;
    const opening = stage.open();
    wanted = 'incident';
    stage.follow();
    loaded.resolve();
    const connection = await opening;
    assert.deepEqual(created[0]?.noted, ['setScene incident', 'start incident']);
    connection.dispose();
  });

  it('leaves a demo cluster alone that has ended', async () => {
    const listening = listen();
    const connection = await stage.open();
    connection.dispose();
    assert.equal(stage.scene, undefined);
    wanted = 'storm';
    stage.follow();
    assert.deepEqual(created[0]?.noted, ['start calm', 'dispose']);
    assert.deepEqual(told, []);
    listening.dispose();
  });

  it('directs the later of two demo clusters when the earlier ends late', async () => {
    const earlier = await stage.open();
    const later = await stage.open();
    earlier.dispose();
    wanted = 'storm';
    stage.follow();
    assert.deepEqual(created[0]?.noted, ['start calm', 'dispose']);
    assert.deepEqual(created[1]?.noted, ['start calm', 'setScene storm']);
    later.dispose();
  });
});
