import { useId, useRef, type KeyboardEvent, type ReactElement, type ReactNode } from 'react';
import { formatCount } from './formatNumber';

export interface Tab<Id extends string> {
  readonly id: Id;
  readonly label: string;
  readonly count?: number | undefined;
}

export interface TabsProps<Id extends string> {
  readonly label: string;
  readonly tabs: readonly Tab<Id>[];
  readonly selected: Id;
  readonly onSelect: (id: Id) => void;
  /** The selected tab's panel. */
  readonly children: ReactNode;
}

/** Tabs by the WAI-ARIA pattern: one tab stop, arrows, Home and End move and select. */
export function Tabs<Id extends string>(props: TabsProps<Id>): ReactElement {
  const { tabs, selected, onSelect } = props;
  const prefix = useId();
  const list = useRef<HTMLDivElement>(null);
  const select = (index: number): void => {
    const tab = tabs[(index + tabs.length) % tabs.length];
    if (tab !== undefined) {
      onSelect(tab.id);
      list.current?.querySelector<HTMLElement>(`[data-tab="${tab.id}"]`)?.focus();
    }
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const current = tabs.findIndex((tab) => tab.id === selected);
    const target = { ArrowRight: current + 1, ArrowLeft: current - 1, Home: 0, End: tabs.length - 1 }[
      event.key
    ];
    if (target !== undefined) {
      event.preventDefault();
      select(target);
    }
  };
  return (
    <>
      <div
        className="tabs"
        role="tablist"
        aria-label={props.label}
        ref={list}
        tabIndex={-1}
        onKeyDown={onKeyDown}
      >
        {tabs.map((tab) => (
          <button
            key={tab.id}
            type="button"
            role="tab"
            className="tab"
            data-tab={tab.id}
            id={`${prefix}-tab-${tab.id}`}
            aria-selected={tab.id === selected}
            aria-controls={`${prefix}-panel`}
            tabIndex={tab.id === selected ? 0 : -1}
            onClick={() => onSelect(tab.id)}
          >
            {tab.label}
            {tab.count !== undefined && <span className="count">{formatCount(tab.count)}</span>}
          </button>
        ))}
      </div>
      <div
        id={`${prefix}-panel`}
        role="tabpanel"
        aria-labelledby={`${prefix}-tab-${selected}`}
        className="tabpanel"
      >
        {props.children}
      </div>
    </>
  );
}
