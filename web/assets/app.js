// Everything here is an extra: each page works, filters, sorts, pages and cites without it.
(() => {
  const $ = (s, r = document) => r.querySelector(s), $$ = (s, r = document) => [...r.querySelectorAll(s)];
  const say = (() => { const e = document.body.appendChild(Object.assign(document.createElement('div'), {className: 'vh', role: 'status'})); return t => { e.textContent = t; }; })();
  const store = {get: k => { try { return localStorage.getItem(k); } catch { return null; } }, set: (k, v) => { try { localStorage.setItem(k, v); } catch { /* not kept */ } }};

  // light or dark, against the system's choice
  const theme = $('#theme');
  if (theme) {
    theme.hidden = false;
    theme.addEventListener('click', () => {
      const root = document.documentElement, dark = matchMedia('(prefers-color-scheme: dark)').matches;
      const next = (root.dataset.theme || (dark ? 'dark' : 'light')) === 'dark' ? 'light' : 'dark';
      root.dataset.theme = next; store.set('theme', next); say(next === 'dark' ? 'Thème sombre' : 'Thème clair');
    });
  }

  // copy a reference: buttons stay hidden when there is no script or no clipboard
  if (navigator.clipboard) for (const b of $$('[data-copy]')) {
    b.hidden = false;
    b.addEventListener('click', async () => {
      await navigator.clipboard.writeText(b.closest('.cite').querySelector('.ref').innerText);
      say('Référence copiée'); b.lastChild.textContent = 'Copié'; setTimeout(() => { b.lastChild.textContent = 'Copier'; }, 2000);
    });
  }

  // addresses in full, where the server does not know its own
  for (const a of $$('[data-full]')) a.textContent = a.href;

  // short addresses: what is empty or the default does not travel
  for (const form of $$('form[method=get]')) form.addEventListener('formdata', e => {
    for (const [k, v] of [...e.formData]) if (!v) e.formData.delete(k);
  });

  // filters apply at once on a wide screen; on a phone the button stays the way
  const f = $('.facets form');
  // and the keyboard stays on the box that was ticked
  const passing = {take: k => { try { const v = sessionStorage.getItem(k); sessionStorage.removeItem(k); return v; } catch { return null; } }, put: (k, v) => { try { sessionStorage.setItem(k, v); } catch { /* not kept */ } }};
  if (f) {
    f.classList.add('auto');
    const was = passing.take('ticked'), box = was && $$('[type=checkbox]', f).find(b => b.name + '=' + b.value === was);
    if (box) box.focus({preventScroll: true});
    f.addEventListener('change', e => {
      if (!e.target.matches('[type=checkbox]') || !matchMedia('(min-width:60em)').matches) return;
      passing.put('ticked', e.target.name + '=' + e.target.value); f.requestSubmit();
    });
  }

  // an order chosen with the pointer applies at once; with the keyboard, arrows pass over the others first
  const sort = $('#tri');
  if (sort) {
    let pointed = false;
    sort.addEventListener('pointerdown', () => { pointed = true; });
    sort.addEventListener('keydown', () => { pointed = false; });
    sort.addEventListener('change', () => { if (pointed) sort.form.requestSubmit(); });
  }

  // a field that narrows a long list of filters
  const bare = s => s.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
  for (const box of $$('.find')) {
    box.hidden = false;
    const set = box.closest('fieldset'), more = $('details', set), field = $('input', box);
    field.addEventListener('keydown', e => { if (e.key === 'Enter') e.preventDefault(); });
    field.addEventListener('input', () => {
      const want = bare(field.value.trim()); if (want && more) more.open = true;
      for (const o of $$('.opt', set)) o.hidden = !!want && !bare(o.textContent).includes(want);
    });
    field.removeAttribute('name');
  }

  // drag over the bars to choose a period; a plain click stays a plain link
  const bars = $('.bars');
  if (bars) {
    for (const e of $$('.js-only')) e.hidden = false;
    bars.classList.add('drag');
    const li = $$('li', bars), y0 = +bars.dataset.from; let a = -1, b = -1, moved = false;
    const at = x => Math.max(0, Math.min(li.length - 1, Math.floor((x - bars.getBoundingClientRect().left) / bars.clientWidth * li.length)));
    const paint = () => li.forEach((n, i) => n.classList.toggle('sel', moved && i >= Math.min(a, b) && i <= Math.max(a, b)));
    bars.addEventListener('dragstart', e => e.preventDefault());
    bars.addEventListener('pointerdown', e => { if (e.button) return; a = b = at(e.clientX); moved = false; });
    addEventListener('pointermove', e => { if (a < 0) return; const n = at(e.clientX); if (n !== b) { b = n; moved = true; paint(); } });
    addEventListener('pointerup', () => { if (a < 0) return; const lo = y0 + Math.min(a, b), hi = y0 + Math.max(a, b); a = -1; if (!moved) return; $('#de').value = lo; $('#a').value = hi; say(`Période ${lo} à ${hi}`); $('#de').form.requestSubmit(); });
    bars.addEventListener('click', e => { if (moved) e.preventDefault(); }, true);
  }

  // keys, off by a preference (WCAG 2.1.4): / search, j k next and previous
  const keys = $('#keys');
  if (keys) {
    keys.closest('.keys').hidden = false; keys.checked = store.get('keys') !== 'off';
    keys.addEventListener('change', () => store.set('keys', keys.checked ? 'on' : 'off'));
  }
  const hint = $('.box kbd'); if (hint) hint.hidden = store.get('keys') === 'off';
  addEventListener('keydown', e => {
    if (store.get('keys') === 'off' || e.ctrlKey || e.metaKey || e.altKey || e.target.closest?.('input,textarea,select')) return;
    const h = $$('.hit h3 a'), k = h.indexOf(document.activeElement);
    if (e.key === '/') { e.preventDefault(); $('#q')?.focus(); $('#q')?.select(); }
    else if (e.key === 'j' && h.length) h[Math.min(k + 1, h.length - 1)].focus();
    else if (e.key === 'k' && h.length) h[Math.max(k - 1, 0)].focus();
  });

  // the archive is being filled: look again, unless somebody is writing
  const again = +document.body.dataset.refresh;
  if (again) setInterval(() => { const q = $('#q'); if (!document.hidden && (!q || q.value === q.defaultValue && document.activeElement !== q)) location.reload(); }, again * 1000);
})();
