/** Vietnamese first, English under it. */
export const say = (vietnamese, english, ...more) => {
  process.stderr.write([vietnamese, `  ${english}`, ...more].join("\n") + "\n");
};

/** A line that shows that something is going on; returns the way to end it. */
export const startProgress = (vietnamese, english) => {
  const startedMs = Date.now();
  const seconds = () => Math.round((Date.now() - startedMs) / 1000);
  const terminal = process.stderr.isTTY ?? false;
  const write = (end) =>
    process.stderr.write(
      `${terminal ? "\r" : ""}${vietnamese} / ${english} … ${seconds()} s${end}`,
    );
  write(terminal ? "" : "\n");
  const timer = setInterval(() => write(terminal ? "" : "\n"), terminal ? 1_000 : 15_000);
  return () => {
    clearInterval(timer);
    write(terminal ? "\n" : " ✓\n");
  };
};
