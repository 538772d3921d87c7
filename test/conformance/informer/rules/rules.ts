import type { Rule } from '../rule';
import { rule1 } from './rule01InitialState';
import { rule3 } from './rule03Watches';
import { rule4 } from './rule04Expired';
import { rule5 } from './rule05Future';
import { rule6 } from './rule06OtherEnds';
import { rule7 } from './rule07Backoff';
import { rule8 } from './rule08Proof';
import { rule9 } from './rule09Deletions';
import { rule10 } from './rule10EqualVersion';
import { rule11 } from './rule11Handlers';
import { rule12 } from './rule12Agents';
import { rule13 } from './rule13ManagedFields';

/** What can be shown on more than a script. Rule 2 is shown by script alone: no server numbers its versions that badly. */
export const RULES: readonly Rule[] = [
  rule1,
  rule3,
  rule4,
  rule5,
  rule6,
  rule7,
  rule8,
  rule9,
  rule10,
  rule11,
  rule12,
  rule13,
];
