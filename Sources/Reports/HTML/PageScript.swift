/// The page's only script: the values of hovered and focused points in a bubble. Without it the page is whole, with
/// the browser's own tooltips.
enum PageScript {
    static let text = #"""
        (function () {
          var tip = document.getElementById("tip");
          function show(g) {
            tip.textContent = g.getAttribute("data-tip");
            tip.hidden = false;
            var r = g.getBoundingClientRect(), w = tip.offsetWidth, h = tip.offsetHeight;
            var x = Math.min(Math.max(8, r.left + r.width / 2 - w / 2), document.documentElement.clientWidth - w - 8);
            var y = r.height > 90 ? r.top + 8 : r.top - h - 8;
            if (y < 8) y = r.bottom + 8;
            tip.style.left = x + "px";
            tip.style.top = y + "px";
          }
          function hide() { tip.hidden = true; }
          document.querySelectorAll("[data-tip]").forEach(function (g) {
            var t = g.querySelector("title");
            if (t) t.remove();
            g.setAttribute("aria-label", g.getAttribute("data-tip"));
            g.addEventListener("pointerenter", function () { show(g); });
            g.addEventListener("pointerleave", hide);
            g.addEventListener("focus", function () { show(g); });
            g.addEventListener("blur", hide);
          });
          document.querySelectorAll(".walk").forEach(function (walk) {
            walk.addEventListener("keydown", function (e) {
              var step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[e.key];
              if (e.key === "Escape") hide();
              if (!step) return;
              e.preventDefault();
              var all = Array.from(walk.querySelectorAll("[data-tip]"));
              var at = all.indexOf(document.activeElement);
              all[at < 0 ? (step > 0 ? 0 : all.length - 1) : (at + step + all.length) % all.length].focus();
            });
          });
          addEventListener("scroll", hide, { passive: true });
          addEventListener("beforeprint", function () {
            document.querySelectorAll("details").forEach(function (d) { d.open = true; });
          });
        })();
        """#
}
