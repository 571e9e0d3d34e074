import { describe, expect, it } from 'vitest';
import { SettingsStore } from './settings.js';
import { createStorage } from './storage.js';

function createMap() {
  const map = new Map<string, string>();
  const web = {
    getItem: (name: string) => map.get(name) ?? null,
    setItem: (name: string, value: string) => void map.set(name, value),
    removeItem: (name: string) => void map.delete(name),
  };
  return { map, storage: createStorage(() => web) };
}

describe('settings', () => {
  it('WB-77: never chosen, theme of the system and language of the browser', () => {
    expect(new SettingsStore(createMap().storage, ['ko-KR'], 'dark').view()).toEqual({
      theme: 'system',
      look: 'dark',
      language: 'ko',
    });
  });
  it('WB-77: chosen, the next visit begins with it', () => {
    const { storage } = createMap();
    const first = new SettingsStore(storage, ['en'], 'dark');
    first.cycleTheme();
    first.setLanguage('ko');
    expect(new SettingsStore(storage, ['en'], 'dark').view()).toEqual({
      theme: 'light',
      look: 'light',
      language: 'ko',
    });
  });
  it('WB-77: the stored value is none of ours, as if never chosen', () => {
    const { storage, map } = createMap();
    map.set('pulsewire.theme', 'pink');
    expect(new SettingsStore(storage, ['en'], 'dark').view().theme).toBe('system');
  });
  it('WB-77: the system turns dark, a theme that follows it turns too and a chosen one does not', () => {
    const settings = new SettingsStore(createMap().storage, ['en'], 'light');
    settings.setSystemLook('dark');
    expect(settings.view().look).toBe('dark');
    settings.cycleTheme();
    settings.setSystemLook('light');
    settings.setSystemLook('dark');
    expect(settings.view()).toMatchObject({ theme: 'light', look: 'light' });
  });
  it('WB-03: storage is blocked, remembered until the page is closed', () => {
    const storage = createStorage(() => {
      throw new Error('blocked');
    });
    storage.set('a', '1');
    expect(storage.get('a')).toBe('1');
  });
});
