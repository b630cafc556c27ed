// Tells the shop's own Mezame of visits by people who agreed. Nothing is sent or stored before they did.
// The tag, as `mezame visits tag` writes it: data-consent="yes" for those who agreed, data-wording to what.
// Who is logged in: data-customer, data-source, data-at, data-sign (see `mezame key visits`).
// From the page: mezame("agree"), mezame("disagree"), mezame("search", words), mezame("cart", goods).
(function () {
  "use strict";
  var me = document.currentScript;
  if (!me || !window.URLSearchParams || !window.JSON) { return; }
  var own = me.dataset, door = me.src.replace(/visit\.js([?#].*)?$/, "visit");
  var agreed = own.consent === "yes" ? "yes" : "";
  var token = new URLSearchParams(location.search).get("mz") || "";
  // Whoever copies the address, or is linked to from here, gets it without their token.
  function hide() {
    if (!token || !window.history || !history.replaceState) { return; }
    var query = location.search.replace(/([?&])mz=[^&]*/g, "$1").replace(/&&+/g, "&").replace("?&", "?").replace(/[?&]$/, "");
    try { history.replaceState(history.state, "", location.pathname + query + location.hash); } catch (e) { return; }
  }
  function kept(token) {
    try {
      if (token === null) { sessionStorage.removeItem("mz"); }
      else if (token) { sessionStorage.setItem("mz", token); }
      return sessionStorage.getItem("mz") || "";
    } catch (e) { return token || ""; }
  }
  function tell(kind, said, consent) {
    if (!consent) { return; }
    var event = { kind: kind, page: location.pathname.slice(0, 200), said: String(said || "").slice(0, 100),
      consent: consent, wording: (own.wording || "").slice(0, 300), n: Date.now() + "-" + Math.random() };
    if (own.customer) {
      event.customer = own.customer; event.source = own.source || "";
      event.at = Number(own.at) || 0; event.sign = own.sign || "";
    } else {
      event.token = consent === "no" ? token || kept() : kept(token);
      if (!event.token) { return; }
    }
    var body = JSON.stringify(event);
    if (!navigator.sendBeacon || !navigator.sendBeacon(door, body)) {
      try { fetch(door, { method: "POST", body: body, mode: "no-cors", keepalive: true, credentials: "omit" }); } catch (e) { return; }
    }
  }
  window.mezame = function (what, said) {
    if (what === "agree") { agreed = "yes"; tell("view", "", "agreed"); }
    else if (what === "disagree") { tell("view", "", "no"); agreed = ""; kept(null); }
    else if (what === "search" || what === "cart") { tell(what, said, agreed); }
  };
  hide();
  tell("view", "", agreed);
})();
