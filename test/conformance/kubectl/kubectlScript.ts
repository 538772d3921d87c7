import { access } from './chapters/access';
import { clientSideApply, validation } from './chapters/clientSideApply';
import { discovering } from './chapters/discovering';
import { patching, status } from './chapters/patching';
import { reading, watching } from './chapters/reading';
import { deleting, replacing } from './chapters/replacing';
import { requesting } from './chapters/requesting';
import { serverSideApply } from './chapters/serverSideApply';
import { workloads } from './chapters/workloads';
import type { Step } from './step';

export interface Chapter {
  readonly title: string;
  readonly steps: readonly Step[];
}

/** What people do with kubectl, in one order: a step finds what those before it left. */
export const kubectlScript: readonly Chapter[] = [
  { title: 'discovering', steps: discovering },
  { title: 'client-side apply', steps: clientSideApply },
  { title: 'validation', steps: validation },
  { title: 'reading', steps: reading },
  { title: 'watching', steps: watching },
  { title: 'requests', steps: requesting },
  { title: 'access', steps: access },
  { title: 'patching', steps: patching },
  { title: 'status', steps: status },
  { title: 'server-side apply', steps: serverSideApply },
  { title: 'replacing', steps: replacing },
  { title: 'deleting', steps: deleting },
  { title: 'workloads', steps: workloads },
];
