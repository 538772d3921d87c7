import { useState, type ReactElement, type ReactNode } from 'react';

/**
 * Marks its content for a moment whenever `value` has changed since it was first shown, so that an eye on the view catches
 * what moved. The marking is a style sheet's: none where the reader prefers less motion.
 */
export function Changed(props: { readonly value: unknown; readonly children: ReactNode }): ReactElement {
  const [seen, setSeen] = useState({ value: props.value, changes: 0 });
  if (!Object.is(seen.value, props.value)) {
    setSeen({ value: props.value, changes: seen.changes + 1 });
  }
  // A new key makes a new element, and so starts the animation anew.
  return (
    <span key={seen.changes} className={seen.changes > 0 ? 'changed' : undefined}>
      {props.children}
    </span>
  );
}
