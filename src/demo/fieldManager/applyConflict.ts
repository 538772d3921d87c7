import { pathText, type FieldSet } from './fieldSet';
import type { ManagerIdentity } from './managedFields';

interface FieldConflict {
  readonly owner: ManagerIdentity;
  readonly fields: FieldSet;
}

/** What was applied would change fields that others own. Its message is the API server's. */
export class ApplyConflict extends Error {
  readonly code = 'applyConflict';
  readonly causes: readonly {
    readonly reason: 'FieldManagerConflict';
    readonly message: string;
    readonly field: string;
  }[];

  constructor(conflicts: readonly FieldConflict[]) {
    const sorted = conflicts
      .map(({ owner, fields }) => ({ owner: ownerText(owner), paths: pathsOf(fields) }))
      .toSorted((a, b) => (a.owner < b.owner ? -1 : 1));
    const count = sorted.reduce((sum, { paths }) => sum + paths.length, 0);
    super(
      count === 1
        ? `Apply failed with 1 conflict: conflict with ${sorted[0]?.owner}: ${sorted[0]?.paths[0]}`
        : `Apply failed with ${count} conflicts: ${sorted
            .flatMap(({ owner, paths }) => [`conflicts with ${owner}:`, ...paths.map((path) => `- ${path}`)])
            .join('\n')}`,
    );
    this.name = 'ApplyConflict';
    this.causes = sorted.flatMap(({ owner, paths }) =>
      paths.map((field) => ({
        reason: 'FieldManagerConflict',
        message: `conflict with ${owner}`,
        field,
      })),
    );
  }
}

function ownerText({ manager, subresource, operation, apiVersion }: ManagerIdentity): string {
  return (
    JSON.stringify(manager) +
    (subresource === '' ? '' : ` with subresource ${JSON.stringify(subresource)}`) +
    (operation === 'Update' ? ` using ${apiVersion}` : '')
  );
}

function pathsOf(fields: FieldSet): readonly string[] {
  const paths: string[] = [];
  fields.forEach((path) => paths.push(pathText(path)));
  return paths;
}
