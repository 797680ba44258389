// What a page says of itself: what sticks out, what was loaded, which text is too faint to read.
addEventListener('load', () => {
  const all = [...document.body.querySelectorAll('*')].filter(e => e.getClientRects().length);
  const parts = text => (text.match(/[\d.]+/g) || []).map(Number);
  const luminance = ([r, g, b]) => {
    const [x, y, z] = [r, g, b].map(v => v / 255).map(v => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
    return 0.2126 * x + 0.7152 * y + 0.0722 * z;
  };
  const ground = element => {
    for (let e = element; e; e = e.parentElement) {
      const colour = parts(getComputedStyle(e).backgroundColor);
      if (colour.length && colour[3] !== 0) return colour;
    }
    return [255, 255, 255];
  };
  const contrast = (one, other) => {
    const [low, high] = [luminance(one), luminance(other)].sort((a, b) => a - b);
    return (high + 0.05) / (low + 0.05);
  };
  const faint = all
    .filter(e => [...e.childNodes].some(n => n.nodeType === 3 && n.textContent.trim()) && !['SCRIPT', 'TITLE', 'STYLE'].includes(e.tagName) && e.tagName !== 'title')
    .map(e => [e, contrast(parts(e.tagName === 'text' ? getComputedStyle(e).fill : getComputedStyle(e).color), ground(e))])
    .filter(([, ratio]) => ratio < 4.5)
    .map(([e, ratio]) => `${e.tagName}.${e.getAttribute('class')} ${ratio.toFixed(2)} ${e.textContent.slice(0, 20)}`);
  const broken = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    if (['SCRIPT', 'STYLE', 'text', 'title'].includes(node.parentElement.tagName)) continue;
    for (const word of node.textContent.matchAll(/[\p{L}\p{M}]{2,14}/gu)) {
      const range = document.createRange();
      range.setStart(node, word.index);
      range.setEnd(node, word.index + word[0].length);
      if (new Set([...range.getClientRects()].map(r => Math.round(r.top))).size > 1) broken.push(word[0]);
    }
  }
  const written = [...document.querySelectorAll('.tile')].flatMap(tile => {
    const range = document.createRange();
    range.selectNodeContents(tile);
    return [...range.getClientRects()].map(r => [tile, r]);
  });
  const touching = written.some(([a, r]) => written.some(([b, s]) => a !== b && r.top < s.bottom && s.top < r.bottom && s.left >= r.left && s.left - r.right < 4));
  const links = [...document.links];
  document.title = JSON.stringify({
    over: Math.max(0, document.documentElement.scrollWidth - innerWidth),
    wide: all.filter(e => e.getBoundingClientRect().right > innerWidth + 1).map(e => e.tagName).slice(0, 5),
    loaded: performance.getEntriesByType('resource').length,
    ran: !!window.ran,
    schemes: [...new Set(links.map(a => a.protocol))],
    local: [...new Set(links.filter(a => a.protocol === 'file:').map(a => a.getAttribute('href')[0]))],
    touching,
    broken: broken.slice(0, 8),
    faint: [...new Set(faint)].slice(0, 8),
    dark: luminance(ground(document.body)) < 0.1,
  });
});
