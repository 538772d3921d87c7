const percent = new Intl.NumberFormat(undefined, { style: 'percent', maximumFractionDigits: 0 });

/** A share given in percent: "31%". What is above 999 % is told as such. */
export function percentText(share: number): string {
  // Adding zero takes the sign from a zero.
  return share > 999 ? `>${percent.format(9.99)}` : percent.format(share / 100 + 0);
}
