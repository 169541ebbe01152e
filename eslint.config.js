import n from "eslint-plugin-n";
import tseslint from "typescript-eslint";

/** Data, not code: as long as it has to be. */
const TABLES = [
  "host/schema/events/**",
  "host/schema/fields/**",
  "host/schema/flags/**",
  "host/schema/syscalls/**",
  "host/diagnostics/messages/**",
  "**/generated/**",
];

export const budgets = {
  "max-lines": ["error", { max: 400 }],
  "max-lines-per-function": ["error", { max: 70 }],
  "max-params": ["error", { max: 4 }],
};

export default tseslint.config(
  {
    ignores: [
      "build/",
      "dist/",
      "coverage/",
      "assembly/",
      "bench/micro/assembly/",
      "test/**/cases/",
      "node_modules/",
    ],
  },
  {
    files: ["host/**/*.ts", "test/**/*.ts", "bench/**/*.ts"],
    extends: [tseslint.configs.strictTypeChecked, tseslint.configs.stylisticTypeChecked],
    plugins: { n },
    languageOptions: {
      parserOptions: { project: "./test/tsconfig.json", tsconfigRootDir: import.meta.dirname },
    },
    rules: {
      ...budgets,
      "n/no-unsupported-features/es-builtins": ["error", { version: ">=20.19.0" }],
      "n/prefer-node-protocol": "error",
      "no-restricted-syntax": [
        "error",
        { selector: "ExportDefaultDeclaration", message: "Name what you export." },
      ],
      // Conflicts with noPropertyAccessFromIndexSignature.
      "@typescript-eslint/dot-notation": ["error", { allowIndexSignaturePropertyAccess: true }],
      "@typescript-eslint/prefer-readonly": "error",
      // A record of itself cannot be an alias.
      "@typescript-eslint/consistent-indexed-object-style": "off",
      // Both are experimental in name only: stable in every 20.19 and later.
      "n/no-unsupported-features/node-builtins": [
        "error",
        { version: ">=20.19.0", ignores: ["import.meta.dirname", "import.meta.filename"] },
      ],
      "@typescript-eslint/restrict-template-expressions": [
        "error",
        { allowNumber: true, allowBoolean: false, allowNullish: false },
      ],
      "@typescript-eslint/no-confusing-void-expression": ["error", { ignoreArrowShorthand: true }],
      "@typescript-eslint/switch-exhaustiveness-check": [
        "error",
        { considerDefaultExhaustiveForUnions: true },
      ],
    },
  },
  {
    files: ["test/**/*.ts"],
    rules: {
      // describe() holds many tests; each test is held to the same length by tidy.test.ts.
      "max-lines-per-function": "off",
      "@typescript-eslint/no-non-null-assertion": "off",
      // Doubles and module exports are objects of functions without `this`.
      "@typescript-eslint/unbound-method": "off",
      "@typescript-eslint/no-empty-function": "off",
    },
  },
  {
    // Declares what another program made: shapes and names are not ours.
    files: ["**/*.d.ts"],
    rules: {
      "@typescript-eslint/no-extraneous-class": "off",
      "@typescript-eslint/no-namespace": "off",
      "no-restricted-syntax": "off",
    },
  },
  {
    // vitest reads its settings from the default export.
    files: ["vitest.config.ts"],
    rules: { "no-restricted-syntax": "off" },
  },
  { files: TABLES, rules: { "max-lines": "off", "max-lines-per-function": "off" } },
);
