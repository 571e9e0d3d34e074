// The embeddable status page. It asks the bridge that serves it, every 5 s while it is seen, with the key of the
// address's fragment (#key=…&lang=ko&theme=dark): a fragment is sent to no server and stands in no log.
(() => {
  const ASK_EVERY_MS = 5000;
  // The bridge itself waits up to 10 s for its database before it answers.
  const PATIENCE_MS = 15_000;
  const HOST_UNREACHABLE = 'A1_HOST_UNREACHABLE';

  const WORDS = {
    en: {
      title: 'Status',
      loading: 'Asking …',
      ok: 'All systems running',
      down: (count) => (count === 1 ? '1 service is not running' : `${count} services are not running`),
      attention: 'Something needs attention',
      empty: 'No services yet',
      stale: 'No fresh data',
      unreachable: 'Host unreachable',
      unreachableMore: 'The server has not answered for over 10 seconds. What is shown below is past.',
      bridgeAway: 'The status service cannot be reached',
      unauthorized: 'The key of this page is missing or not valid',
      forbidden: 'The key of this page is not for the status',
      busy: 'Asked too often; waiting',
      notReady: 'No status yet',
      cpu: 'CPU',
      memory: 'Memory',
      disk: 'Disk',
      hosts: 'Hosts',
      services: 'Services',
      none: 'no value',
      lastSeen: (when) => `last seen ${when}`,
      updated: (when) => `Updated ${when}`,
      unhealthy: 'unhealthy',
      statuses: {},
    },
    ko: {
      title: '상태',
      loading: '확인 중 …',
      ok: '모든 서비스 정상',
      down: (count) => `서비스 ${count}개가 실행 중이 아닙니다`,
      attention: '확인이 필요한 항목이 있습니다',
      empty: '아직 서비스가 없습니다',
      stale: '최신 데이터 없음',
      unreachable: '호스트에 연결할 수 없음',
      unreachableMore: '서버가 10초 넘게 응답하지 않습니다. 아래 내용은 이전 상태입니다.',
      bridgeAway: '상태 서비스에 연결할 수 없습니다',
      unauthorized: '이 페이지의 키가 없거나 올바르지 않습니다',
      forbidden: '이 페이지의 키로는 상태를 볼 수 없습니다',
      busy: '요청이 너무 많아 기다리는 중입니다',
      notReady: '아직 상태 정보가 없습니다',
      cpu: 'CPU',
      memory: '메모리',
      disk: '디스크',
      hosts: '호스트',
      services: '서비스',
      none: '값 없음',
      lastSeen: (when) => `${when} 마지막 확인`,
      updated: (when) => `${when} 갱신`,
      unhealthy: '비정상',
      statuses: {
        running: '실행 중',
        exited: '종료됨',
        paused: '일시 중지',
        restarting: '재시작 중',
        created: '생성됨',
        dead: '중단됨',
        removing: '제거 중',
      },
    },
  };

  let options = readOptions();
  let words = WORDS[options.lang];
  /** The last status that came; what is shown of it is past once `trouble` says so. */
  let status = null;
  let trouble = null;
  let notBeforeMs = 0;
  let asking = false;

  function readOptions() {
    const given = new URLSearchParams(location.hash.slice(1));
    const korean = (given.get('lang') ?? navigator.language).toLowerCase().startsWith('ko');
    return { key: given.get('key') ?? '', lang: korean ? 'ko' : 'en', theme: given.get('theme') };
  }

  function applyOptions() {
    options = readOptions();
    words = WORDS[options.lang];
    const root = document.documentElement;
    root.lang = options.lang;
    if (options.theme === 'dark' || options.theme === 'light') root.dataset.theme = options.theme;
    else delete root.dataset.theme;
    document.title = words.title;
    render();
  }

  async function ask() {
    if (asking || document.hidden || Date.now() < notBeforeMs) return;
    asking = true;
    try {
      const response = await fetch('api/status', {
        headers: { 'X-API-KEY': options.key },
        cache: 'no-store',
        signal: AbortSignal.timeout(PATIENCE_MS),
      });
      const body = await response.json();
      if (response.ok) status = body;
      trouble = response.ok ? null : troubleOf(response, body);
    } catch {
      trouble = { text: words.bridgeAway };
    }
    asking = false;
    render();
  }

  function troubleOf(response, body) {
    if (body.error === HOST_UNREACHABLE)
      return { text: words.unreachable, banner: body.message, lastUpdated: body.last_updated };
    if (response.status === 401) return { text: words.unauthorized };
    if (response.status === 403) return { text: words.forbidden };
    if (response.status !== 429) return { text: words.notReady };
    notBeforeMs = Date.now() + 1000 * Number(response.headers.get('retry-after') ?? 10);
    return { text: words.busy };
  }

  function render() {
    const { verdict, text } = judge();
    const main = document.querySelector('main');
    main.dataset.verdict = verdict;
    main.ariaBusy = String(status === null && trouble === null);
    main.classList.toggle('past', trouble !== null || status?.stale === true);
    set('verdict', text);
    const last = trouble?.lastUpdated ?? status?.infrastructure.last_updated;
    set('updated', last ? words.updated(timeOf(last)) : '');
    renderBanner();
    renderFigures();
    renderList('hosts', status !== null && status.hosts.length > 1 ? status.hosts : [], hostRow);
    renderList('services', status?.services ?? [], serviceRow);
  }

  function judge() {
    if (trouble !== null) return { verdict: trouble.banner ? 'critical' : 'warning', text: trouble.text };
    if (status === null) return { verdict: 'none', text: words.loading };
    const isNew = status.infrastructure.last_updated === null && status.services.length === 0;
    if (isNew) return { verdict: 'none', text: words.notReady };
    if (status.stale) return { verdict: 'warning', text: words.stale };
    const down = status.services.filter((service) => service.uptime_val !== 1).length;
    if (down > 0) return { verdict: 'critical', text: words.down(down) };
    if (status.services.some(isDoubtful) || status.hosts.some((host) => host.stale))
      return { verdict: 'warning', text: words.attention };
    return { verdict: 'ok', text: status.services.length === 0 ? words.empty : words.ok };
  }

  function isDoubtful(service) {
    return service.stale || service.health === 'unhealthy';
  }

  function renderBanner() {
    const banner = document.getElementById('banner');
    const text = trouble?.banner ?? '';
    // The element is announced when it changes: it must not change on every answer.
    if (banner.dataset.text === text + options.lang) return;
    banner.dataset.text = text + options.lang;
    banner.hidden = text === '';
    banner.replaceChildren(text === '' ? '' : text, element('small', '', text ? words.unreachableMore : ''));
  }

  function renderFigures() {
    const rows = ['cpu', 'memory', 'disk'].map((name) => {
      const value = status?.infrastructure[name] ?? null;
      const fill = element('i');
      fill.style.width = `${Math.min(100, Math.max(0, value ?? 0))}%`;
      const bar = element('div', 'bar');
      bar.append(fill);
      const row = element('div', 'figure');
      const number = element('b', '', percent(value));
      if (value === null) number.title = words.none;
      if (status?.infrastructure.stale_fields.includes(name)) {
        row.classList.add('past');
        number.title = words.stale;
      }
      row.append(words[name], number, bar);
      return row;
    });
    document.getElementById('figures').replaceChildren(...rows);
  }

  function renderList(name, entries, row) {
    document.getElementById(`${name}-part`).hidden = entries.length === 0;
    set(`${name}-title`, words[name]);
    document.getElementById(name).replaceChildren(...entries.map(row));
  }

  function hostRow(host) {
    const figures = ['cpu', 'memory', 'disk'].map((name) => `${words[name]} ${percent(host[name])}`);
    const note = host.stale ? words.lastSeen(timeOf(host.last_updated)) : figures.join(' · ');
    return listRow(host.stale ? 'warning' : 'ok', host.host ?? '–', note);
  }

  function serviceRow(service) {
    const several = status.hosts.length > 1 && service.host;
    const name = several ? `${service.name} (${service.host})` : service.name;
    const word = words.statuses[service.status] ?? service.status;
    if (service.stale)
      return listRow('warning', name, `${word}, ${words.lastSeen(timeOf(service.last_seen))}`);
    if (service.uptime_val !== 1) return listRow('critical', name, word);
    if (service.health === 'unhealthy') return listRow('warning', name, `${word}, ${words.unhealthy}`);
    return listRow('ok', name, word);
  }

  function listRow(tone, name, note) {
    const row = element('li');
    row.dataset.tone = tone;
    row.append(element('i', 'dot'), element('span', '', name), element('span', 'note', note));
    return row;
  }

  /** Names come from outside: they are text, never markup. */
  function element(name, className = '', text = '') {
    const made = document.createElement(name);
    if (className) made.className = className;
    made.textContent = text;
    return made;
  }

  function set(id, text) {
    const target = document.getElementById(id);
    if (target.textContent !== text) target.textContent = text;
  }

  function percent(value) {
    return value === null ? '–' : `${value.toFixed(value < 10 ? 1 : 0)} %`;
  }

  function timeOf(iso) {
    const time = new Date(iso);
    const isToday = time.toDateString() === new Date().toDateString();
    return time.toLocaleString(options.lang, {
      hourCycle: 'h23',
      ...(isToday ? { timeStyle: 'medium' } : { dateStyle: 'medium', timeStyle: 'short' }),
    });
  }

  addEventListener('hashchange', () => {
    applyOptions();
    notBeforeMs = 0;
    void ask();
  });
  document.addEventListener('visibilitychange', () => void ask());
  setInterval(() => void ask(), ASK_EVERY_MS);
  applyOptions();
  void ask();
})();
