import type { Hub } from '../hub/hub';

/** What a command is about, whether it came from a row of the tree, a view, or another command. */
export interface CommandTarget {
  readonly source: string;
  readonly name?: string;
  readonly addon?: string;
  readonly node?: string;
  /** Whether the keyboard stays where it is. */
  readonly preserveFocus: boolean;
  /** The name to copy. */
  text(hub: Hub): string | undefined;
}

/** Reads a command's argument, which can be anything: other extensions may call commands too. */
export function asTarget(argument: unknown): CommandTarget | undefined {
  if (typeof argument !== 'object' || argument === null || !('source' in argument)) {
    return undefined;
  }
  const { source } = argument;
  if (typeof source !== 'string') {
    return undefined;
  }
  const name = textField(argument, 'name');
  const item = textField(argument, 'item');
  const isAddon = textField(argument, 'group') === 'addons';
  const addon = textField(argument, 'addon') ?? (isAddon ? item : undefined);
  const isNode = textField(argument, 'group') === 'nodes';
  const node = textField(argument, 'node') ?? (isNode ? item : undefined);
  return {
    source,
    ...(name === undefined ? {} : { name }),
    ...(addon === undefined ? {} : { addon }),
    ...(node === undefined ? {} : { node }),
    preserveFocus: Reflect.get(argument, 'preserveFocus') === true,
    text: (hub) => item ?? name ?? hub.source(source)?.definition.label,
  };
}

function textField(record: object, field: string): string | undefined {
  const value: unknown = Reflect.get(record, field);
  return typeof value === 'string' ? value : undefined;
}
