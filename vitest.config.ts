import { defineConfig } from 'vitest/config';

// Without `import`: Node would get it for `require`, too, and hand CommonJS packages the wrong file.
const resolve = { conditions: ['pulsewire-source', 'node', 'default'] };
const shared = { resolve, ssr: { resolve } };

export default defineConfig({
  test: {
    projects: [
      {
        ...shared,
        test: {
          name: 'unit',
          include: [
            '{shared-schema,runtime,store,sentinel,ws-gateway,recorder,api,status-bridge,web,app}/src/**/*.test.{ts,tsx}',
          ],
          testTimeout: 20_000,
          sequence: { groupOrder: 0 },
        },
      },
      {
        ...shared,
        test: {
          name: 'whole',
          include: ['tests/src/**/*.test.ts'],
          globalSetup: ['tests/src/support/global-setup.ts'],
          testTimeout: 120_000,
          hookTimeout: 120_000,
          fileParallelism: false,
          // After the unit tests: these measure times, and start servers.
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
});
