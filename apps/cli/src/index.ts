export {
  contracts,
  facilities,
  people,
  type SeedFacility,
  type SeedPerson,
} from "./seed/network.ts";
export {
  foundedBefore,
  seedCases,
  seedDemo,
  type SeedOptions,
  type SeedWorld,
} from "./seed/seed.ts";
export { deviceId, personId } from "./seed/random.ts";
