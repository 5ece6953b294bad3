// What TypeScript's checker doesn't see in the page's JavaScript and its tests.
import js from "@eslint/js";
import globals from "globals";

export default [
  { ignores: ["**/pkg/**", "**/node_modules/**", "**/results/**", "**/dist/**"] },
  js.configs.recommended,
  {
    languageOptions: { ecmaVersion: 2024, sourceType: "module", globals: { ...globals.browser, ...globals.node } },
    linterOptions: { reportUnusedDisableDirectives: "error" },
    rules: {
      "no-unused-vars": ["error", { argsIgnorePattern: "^_", caughtErrors: "none" }],
      eqeqeq: "error",
      "no-var": "error",
      "prefer-const": "error",
      "object-shorthand": "error",
      "no-else-return": "error",
      "no-useless-rename": "error",
      "array-callback-return": "error",
      "no-constructor-return": "error",
      "no-promise-executor-return": "off",
      "no-self-compare": "error",
      "no-template-curly-in-string": "error",
      "no-unreachable-loop": "error",
    },
  },
];
