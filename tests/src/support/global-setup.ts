/** Runs once before all tests that cross rooms: finds out what the machine has and tells every test file. */
import type { TestProject } from 'vitest/node';
import { findRequirements, type Requirements } from './requirements.js';

declare module 'vitest' {
  interface ProvidedContext {
    requirements: Requirements;
  }
}

export default function setup(project: TestProject): void {
  project.provide('requirements', findRequirements(process.env));
}
