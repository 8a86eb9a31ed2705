// Suggestions under the search field, an extra: without it the field searches as it is.
// An editable combobox with a list, as the ARIA Authoring Practices Guide describes it.
(() => {
  const field = document.querySelector('#q');
  if (!field) return;
  const kinds = {title: 'Article', theme: 'Thème', source: 'Source', author: 'Auteur'};
  const make = (tag, props) => Object.assign(document.createElement(tag), props);
  const list = make('ul', {id: 'sug', className: 'sug', hidden: true, role: 'listbox', ariaLabel: 'Suggestions'});
  const said = make('div', {className: 'vh', role: 'status'});
  field.parentNode.append(list, said);
  const set = (name, value) => value === '' ? field.removeAttribute(name) : field.setAttribute(name, value);
  set('role', 'combobox'); set('aria-autocomplete', 'list'); set('aria-controls', 'sug'); set('aria-expanded', 'false');
  let items = [], at = -1, timer, asking;

  const point = n => {
    at = n;
    [...list.children].forEach((li, i) => li.setAttribute('aria-selected', i === n));
    list.children[n]?.scrollIntoView({block: 'nearest'});
    set('aria-activedescendant', n < 0 ? '' : 'sug-' + n);
  };
  const open = yes => { list.hidden = !yes; set('aria-expanded', String(yes)); point(-1); };
  const close = () => { clearTimeout(timer); asking?.abort(); asking = null; said.textContent = ''; open(false); };
  const choose = it => {
    close();
    const to = it.url && new URL(it.url, location.href);
    if (it.kind !== 'word' && to && to.origin === location.origin) { location.assign(to); return; }
    field.value = it.text; field.form.requestSubmit();
  };

  // text and marks, never HTML
  const bare = s => s.replace(/&(#\d+|amp|lt|gt|quot);/g, (_, c) => ({amp: '&', lt: '<', gt: '>', quot: '"'})[c] ?? String.fromCodePoint(c.slice(1)));
  const marked = (html, into) => {
    html.split(/<\/?mark>/).forEach((s, i) => into.append(i % 2 ? make('mark', {textContent: bare(s)}) : bare(s)));
    return into;
  };
  const line = (it, i) => {
    const li = make('li', {id: 'sug-' + i, role: 'option', ariaSelected: 'false'});
    li.append(marked(it.marked || it.text, make('span', {})));
    const more = [kinds[it.kind], it.count ? it.count.toLocaleString('fr') + (it.count > 1 ? ' articles' : ' article') : ''].filter(Boolean);
    if (more.length) li.append(make('small', {textContent: more.join(' · ')}));
    li.addEventListener('click', () => choose(it));
    return li;
  };
  const ask = async () => {
    const text = field.value.trim();
    if (text.length < 2) { close(); return; }
    asking?.abort();
    const mine = asking = new AbortController();
    try {
      const answer = await fetch('/api/v1/suggest?q=' + encodeURIComponent(text), {signal: mine.signal});
      const found = answer.ok ? (await answer.json()).items || [] : [];
      if (mine !== asking) return; // asked again, or closed
      items = found; list.replaceChildren(...items.map(line)); open(items.length > 0);
      said.textContent = items.length ? items.length + (items.length > 1 ? ' suggestions' : ' suggestion') : '';
    } catch { /* the field goes on without */ }
  };

  field.addEventListener('input', e => { clearTimeout(timer); if (!e.isComposing) timer = setTimeout(ask, 120); });
  field.addEventListener('keydown', e => {
    if (e.isComposing) return;
    const step = {ArrowDown: 1, ArrowUp: -1}[e.key], n = items.length;
    if (step && n && !e.altKey && !e.ctrlKey && !e.metaKey) {
      e.preventDefault();
      if (list.hidden) open(true);
      point((at + 1 + step + n + 1) % (n + 1) - 1); // -1 is the field itself
    } else if (e.key === 'Enter' && at >= 0) { e.preventDefault(); choose(items[at]); }
    else if (e.key === 'Enter' || e.key === 'Tab') close();
    else if (e.key === 'Escape' && !list.hidden) { e.preventDefault(); close(); }
    else if (!list.hidden && e.key?.startsWith('Arrow')) point(-1); // the caret moves again
  });
  list.addEventListener('pointerdown', e => e.preventDefault()); // the field keeps the focus
  field.addEventListener('blur', close);
})();
