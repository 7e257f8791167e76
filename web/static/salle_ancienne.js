/* For browsers without modules: the page is loaded again when its room has moved, never while a
   field is being filled. */
(function () {
  "use strict";
  var root = document.getElementById("direct");
  var every = 6000;
  var filled = false;
  if (!root) return;
  document.documentElement.className += " js";

  function typing() {
    var held = document.activeElement;
    return filled || (held && /^(INPUT|TEXTAREA|SELECT)$/.test(held.tagName));
  }

  function moved() {
    var place = document.getElementById("ancienne");
    if (place) return;
    place = document.createElement("p");
    place.id = "ancienne";
    place.className = "bandeau";
    place.innerHTML = '<a href=""></a>';
    place.firstChild.href = location.pathname;
    place.firstChild.appendChild(document.createTextNode(root.getAttribute("data-nouveau") || "\u21bb"));
    root.insertBefore(place, root.firstChild);
  }

  function later() {
    setTimeout(look, every * (0.7 + 0.6 * Math.random()));
  }

  function look() {
    var request = new XMLHttpRequest();
    request.open("GET", root.getAttribute("data-etat") + "?" + new Date().getTime());
    request.onreadystatechange = function () {
      var stamp;
      if (request.readyState !== 4) return;
      if (request.status === 403 || request.status === 404) {
        location.reload();
        return;
      }
      try {
        stamp = request.status === 200 ? JSON.parse(request.responseText).stamp : null;
      } catch (error) {
        stamp = null;
      }
      if (stamp && stamp !== root.getAttribute("data-stamp")) {
        if (!typing()) {
          location.href = location.pathname;
          return;
        }
        moved();
      }
      later();
    };
    request.send();
  }

  function touched() {
    filled = true;
  }
  document.addEventListener("input", touched, false);
  document.addEventListener("change", touched, false);
  later();
})();
