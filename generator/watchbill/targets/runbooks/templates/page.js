(function () {
  "use strict";
  var names = document.body.dataset.labels.split(" ").filter(Boolean);
  var given = new URLSearchParams(location.search);
  var values = Object.create(null);
  names.forEach(function (n) { if (given.get(n)) values[n] = given.get(n); });
  var quoted = function (v) { return v.replace(/\\/g, "\\\\").replace(/"/g, '\\"').replace(/\n/g, "\\n"); };
  var ways = {
    plain: function (v) { return v; },
    quoted: quoted,
    nested: function (v) { return JSON.stringify(quoted(v)).slice(1, -1); }
  };
  function filled(text, way) {
    return text.replace(/\$([A-Za-z_][A-Za-z0-9_]*)/g, function (all, n) {
      return names.indexOf(n) >= 0 && values[n] ? way(values[n]) : all;
    });
  }
  var codes = [].map.call(document.querySelectorAll("code"), function (e) { return [e, e.textContent]; });
  var links = [].map.call(document.querySelectorAll("a[data-fill]"), function (e) {
    return [e, e.getAttribute("href"), ways[e.dataset.fill] || ways.plain];
  });
  function fill() {
    codes.forEach(function (c) { if (c[1].indexOf("$") >= 0) c[0].textContent = filled(c[1], quoted); });
    links.forEach(function (l) {
      l[0].setAttribute("href", l[1].replace(/%24([A-Za-z_][A-Za-z0-9_]*)/g, function (all, n) {
        return names.indexOf(n) >= 0 && values[n] ? encodeURIComponent(l[2](values[n])) : all;
      }));
    });
  }
  var form = document.getElementById("labels");
  if (form) {
    form.hidden = false;
    var field = function (n) { return form.querySelector('[name="' + n + '"]'); };
    names.forEach(function (n) { field(n).value = values[n] || ""; });
    form.addEventListener("submit", function (e) { e.preventDefault(); });
    form.addEventListener("input", function () {
      var asked = new URLSearchParams();
      names.forEach(function (n) {
        values[n] = field(n).value;
        if (values[n]) asked.set(n, values[n]);
      });
      try { history.replaceState(null, "", "?" + asked + location.hash); } catch (e) { /* pages opened from a file may not */ }
      fill();
    });
  }
  function copied(button, text) {
    var done = function () {
      button.textContent = "Copied";
      setTimeout(function () { button.textContent = "Copy"; }, 1200);
    };
    if (navigator.clipboard && window.isSecureContext) { navigator.clipboard.writeText(text).then(done); return; }
    var area = document.createElement("textarea");
    area.value = text;
    document.body.appendChild(area);
    area.select();
    if (document.execCommand("copy")) done();
    area.remove();
  }
  [].forEach.call(document.querySelectorAll(".q"), function (q) {
    var button = document.createElement("button");
    button.type = "button";
    button.textContent = "Copy";
    button.addEventListener("click", function () { copied(button, q.querySelector("code").textContent); });
    if (q.querySelector(".act")) q.querySelector(".act").prepend(button);
  });
  fill();
})();
