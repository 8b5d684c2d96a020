export { createMemoryDisk, type MemoryDisk } from "./memoryDisk.ts";
