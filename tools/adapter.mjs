// `node tools/adapter.mjs` prints the adapter that GPU tests compute on as JSON: its name, or the fault that keeps them off it.
import { create } from "webgpu";
import { adapterFault, askedAdapter, chooseVulkanDriver } from "./lib/vulkan.mjs";

/** @returns {Promise<{ name: string } | { fault: string }>} */
async function describeAdapter() {
  try {
    const asked = askedAdapter();
    chooseVulkanDriver();
    const info = (await create([]).requestAdapter())?.info;
    const fault = asked && adapterFault(asked, info);
    if (fault !== undefined) return { fault };
    return info === undefined ? { fault: "Dawn gives no adapter." } : { name: info.description || info.device || info.vendor };
  } catch (error) {
    return { fault: error instanceof Error ? error.message : String(error) };
  }
}

const answer = JSON.stringify(await describeAdapter());
// Dawn keeps the event loop alive while an adapter lives.
process.stdout.write(`${answer}\n`, () => process.exit(0));
