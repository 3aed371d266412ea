(function () {
  "use strict";
  var form = document.getElementById("search"), input = form.querySelector("input");
  var items = [].slice.call(document.querySelectorAll("li[data-find]"));
  var groups = [].slice.call(document.querySelectorAll(".group"));
  form.hidden = false;
  function search() {
    var words = input.value.toLowerCase().split(/\s+/).filter(Boolean), any = false;
    items.forEach(function (li) {
      li.hidden = !words.every(function (w) { return li.dataset.find.indexOf(w) >= 0; });
      any = any || !li.hidden;
    });
    groups.forEach(function (g) { g.hidden = !g.querySelector("li:not([hidden])"); });
    document.getElementById("none").hidden = any;
  }
  input.addEventListener("input", search);
  form.addEventListener("submit", function (e) {
    e.preventDefault();
    var first = document.querySelector("li:not([hidden]) a");
    if (first) location.href = first.getAttribute("href");
  });
  document.addEventListener("keydown", function (e) {
    if (e.key === "/" && document.activeElement !== input) { e.preventDefault(); input.focus(); }
  });
  search();
})();
