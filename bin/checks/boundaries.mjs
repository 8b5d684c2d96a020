import { cruise } from "dependency-cruiser";
import config from "../../.dependency-cruiser.mjs";

/** Fewer than this means that the tool saw nothing, which it would call success. */
const fewestModules = 5;

/** Who imports what under `folder`, against the rules of .dependency-cruiser.mjs. */
export const checkBoundaries = async (folder, fewest = fewestModules) => {
  const { enhancedResolveOptions, ...options } = config.options;
  const rules = { forbidden: config.forbidden, options: {} };
  const { output } = await cruise(
    ["packages", "apps"],
    { ...options, baseDir: folder, validate: true, ruleSet: rules, enhancedResolveOptions },
    enhancedResolveOptions,
  );
  const { totalCruised, violations } = output.summary;
  const lines = violations.map(({ rule, from, to }) => `${rule.name}: ${from} → ${to}`);
  if (totalCruised < fewest)
    lines.push(`only ${totalCruised} modules were seen: the check itself is broken`);
  return {
    ok: lines.length === 0,
    output: lines.join("\n"),
    note: `${totalCruised} modules`,
    violations,
  };
};
