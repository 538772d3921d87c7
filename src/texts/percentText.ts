// Made when first needed: it takes the time of many a module, and an extension host that starts shows no share yet.
let percent: Intl.NumberFormat | undefined;

/** A share given in percent: "31%". What is above 999 % is told as such. */
export function percentText(share: number): string {
  percent ??= new Intl.NumberFormat(undefined, { style: 'percent', maximumFractionDigits: 0 });
  // Adding zero takes the sign from a zero.
  return share > 999 ? `>${percent.format(9.99)}` : percent.format(share / 100 + 0);
}
