// Runs before the page is drawn, so that a chosen theme does not flash.
try { const t = localStorage.getItem('theme'); if (t === 'light' || t === 'dark') document.documentElement.dataset.theme = t; } catch { /* no storage: the system's theme */ }
