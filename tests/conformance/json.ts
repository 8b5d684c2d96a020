export const asObject = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null ? { ...value } : {};

export const asList = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

/** The same JSON with another value in one place; undefined takes the member away. */
export const replaceAt = (
  value: unknown,
  [name, ...rest]: readonly string[],
  change: (old: unknown) => unknown,
): unknown => {
  if (name === undefined) return change(value);
  if (Array.isArray(value)) {
    const items: readonly unknown[] = value;
    return items.map((item, i) => (String(i) === name ? replaceAt(item, rest, change) : item));
  }
  const { [name]: old, ...others } = asObject(value);
  const made = replaceAt(old, rest, change);
  return made === undefined ? others : { ...others, [name]: made };
};
