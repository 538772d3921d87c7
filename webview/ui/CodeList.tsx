import { Fragment, type ReactElement } from 'react';

/** Literal words, as they would be typed, separated by commas. */
export function CodeList({ items }: { readonly items: readonly string[] }): ReactElement {
  return (
    <>
      {items.map((item, index) => (
        <Fragment key={`${index} ${item}`}>
          {index > 0 && ', '}
          <code>{item}</code>
        </Fragment>
      ))}
    </>
  );
}
