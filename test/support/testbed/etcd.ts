import { cpSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { freePort } from './freePort';
import { ServerProcess } from './serverProcess';

/** etcd on loopback, its data in a folder of which a backup can be made and restored. */
export class Etcd {
  readonly url: string;
  readonly #program: string;
  readonly #folder: string;
  readonly #args: readonly string[];
  #process: ServerProcess;

  private constructor(program: string, folder: string, url: string, args: readonly string[]) {
    this.url = url;
    this.#program = program;
    this.#folder = folder;
    this.#args = args;
    this.#process = this.#spawn();
  }

  /** Starts it with its data in `folder`; it may take a moment to answer. */
  static async start(program: string, folder: string): Promise<Etcd> {
    const url = `http://127.0.0.1:${await freePort()}`;
    const peerUrl = `http://127.0.0.1:${await freePort()}`;
    return new Etcd(program, folder, url, [
      '--name=default',
      `--data-dir=${join(folder, 'etcd')}`,
      `--listen-client-urls=${url}`,
      `--advertise-client-urls=${url}`,
      `--listen-peer-urls=${peerUrl}`,
      `--initial-advertise-peer-urls=${peerUrl}`,
      `--initial-cluster=default=${peerUrl}`,
      // The data need not survive the machine, and waiting for the disk is most of a write's time.
      '--unsafe-no-fsync',
      '--log-level=warn',
    ]);
  }

  /** Keeps a copy of the data as it is. The API server must not run meanwhile. */
  async backUp(): Promise<void> {
    await this.#whileStopped(() => cpSync(this.#data, this.#backup, { recursive: true }));
  }

  /** Puts the copy in place of the data, older revisions included. The API server must not run meanwhile. */
  async restore(): Promise<void> {
    await this.#whileStopped(() => {
      rmSync(this.#data, { recursive: true });
      cpSync(this.#backup, this.#data, { recursive: true });
    });
  }

  stop(): Promise<void> {
    return this.#process.stop();
  }

  get #data(): string {
    return join(this.#folder, 'etcd');
  }

  get #backup(): string {
    return join(this.#folder, 'etcd.backup');
  }

  async #whileStopped(work: () => void): Promise<void> {
    await this.#process.stop();
    work();
    this.#process = this.#spawn();
  }

  #spawn(): ServerProcess {
    return new ServerProcess({
      name: 'etcd',
      program: this.#program,
      args: this.#args,
      logFile: join(this.#folder, 'etcd.log'),
    });
  }
}
