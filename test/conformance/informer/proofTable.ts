import type { ServerUnderTest } from './clusterUnderTest';
import { whyNot, type Rule } from './rule';

/** Which sentence of which rule is shown on which server, in Markdown; and why it is not on others, as numbered notes. */
export function proofTable(rules: readonly Rule[], servers: readonly ServerUnderTest[]): string {
  const notes: string[] = [];
  const noteOf = (reason: string): number => {
    if (!notes.includes(reason)) {
      notes.push(reason);
    }
    return notes.indexOf(reason) + 1;
  };
  const names = servers.map(({ name }) => name).join(' | ');
  const tables = rules.map(({ number, title, proofs }) =>
    [
      `### Rule ${number}: ${title}`,
      '',
      `| | ${names} |`,
      `|---|${servers.map(() => '---|').join('')}`,
      ...proofs.map((each) => {
        const cells = servers.map((server) => {
          const reason = whyNot(server, each);
          return reason === undefined ? 'yes' : `no: note ${noteOf(`The ${server.name}: ${reason}.`)}`;
        });
        return `| ${each.sentence} | ${cells.join(' | ')} |`;
      }),
    ].join('\n'),
  );
  return [...tables, '### Notes', notes.map((note, index) => `${index + 1}. ${note}`).join('\n')].join(
    '\n\n',
  );
}
