/** The rules are made from setup/layers.mjs; nothing is written down twice. */
const { LAYERS, PHASED, PHASES } = require("./setup/layers.mjs");

const escape = (path) => path.replaceAll("/", "\\/");

/** What lies in host/ or assembly/ and is neither the folder nor one that it may import. */
function layer([folder, mayImport]) {
  const top = folder.split("/")[0];
  const allowed = [folder, ...mayImport].map((name) => `^${escape(name)}\\/`);
  return {
    name: `${folder} imports only ${mayImport.join(", ") || "itself"}`,
    severity: "error",
    from: { path: `^${escape(folder)}\\/` },
    to: { path: `^(host|assembly|test|bench|setup)\\/`, pathNot: allowed },
    comment: `The layers of ${top}/ are in ARCHITECTURE.md.`,
  };
}

function phase(number) {
  const later = Array.from({ length: PHASES - number }, (_, i) => number + 1 + i);
  return {
    name: `phase ${number} of ${PHASED} imports no later phase`,
    severity: "error",
    from: { path: `^${escape(PHASED)}\\/${number}-` },
    to: { path: `^${escape(PHASED)}\\/(${later.join("|")})-` },
  };
}

module.exports = {
  forbidden: [
    { name: "no circular imports", severity: "error", from: {}, to: { circular: true } },
    {
      name: "only declared packages",
      severity: "error",
      // Plots need more than a user of the agent installs; they are loaded when one is asked for.
      from: { path: "^host\\/", pathNot: "^host\\/bench\\/(scale-|cost-)?plots\\.ts$" },
      to: { dependencyTypes: ["npm-dev", "npm-no-pkg", "npm-unknown"] },
    },
    ...LAYERS.map(layer),
    ...Array.from({ length: PHASES - 1 }, (_, i) => phase(i + 1)),
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    exclude: { path: "^(dist|build)\\/" },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.json" },
    enhancedResolveOptions: { extensions: [".ts", ".mjs", ".js", ".cjs"] },
  },
};
