export { createFastClock, seeded } from "./fastClock.ts";
export { createMemoryDisk, type MemoryDisk } from "./memoryDisk.ts";
