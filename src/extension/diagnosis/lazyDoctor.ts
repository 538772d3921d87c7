import type * as vscode from 'vscode';
import type { Doctor, DoctorOptions } from './doctor';

/** Loads the doctor, which has a bundle of its own, when it is first called. */
export class LazyDoctor implements vscode.Disposable {
  readonly #options: DoctorOptions;
  #doctor: Promise<Doctor> | undefined;
  #isDisposed = false;

  constructor(options: DoctorOptions) {
    this.#options = options;
  }

  async diagnose(id: string): Promise<void> {
    await (await this.#load()).diagnose(id);
  }

  async save(uri: vscode.Uri | undefined): Promise<void> {
    await (await this.#load()).save(uri);
  }

  async copy(uri: vscode.Uri | undefined): Promise<void> {
    await (await this.#load()).copy(uri);
  }

  dispose(): void {
    this.#isDisposed = true;
    this.#doctor?.then((doctor) => doctor.dispose()).catch(() => undefined);
  }

  #load(): Promise<Doctor> {
    const loading = this.#doctor ?? this.#loadOnce();
    this.#doctor = loading;
    // What could not be loaded once, while the extension was replaced for instance, may be the next time.
    loading.catch(() => {
      this.#doctor = undefined;
    });
    return loading;
  }

  async #loadOnce(): Promise<Doctor> {
    const { Doctor: LoadedDoctor } = await import('./doctor');
    const doctor = new LoadedDoctor(this.#options);
    if (this.#isDisposed) {
      doctor.dispose();
    }
    return doctor;
  }
}
