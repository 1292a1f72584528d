// Notes, in a page of the product, when it last asked the server for something, heard from it, and moved.
(() => {
    const rest = {asked: 0, told: 0, moved: 0};
    window.rest = rest;
    const send = WebSocket.prototype.send;
    const heard = new WeakSet();
    WebSocket.prototype.send = function (...what) {
        if (!heard.has(this)) {
            heard.add(this);
            this.addEventListener('message', () => { rest.told = Date.now(); });
        }
        rest.asked = Date.now();
        return send.apply(this, what);
    };
    new MutationObserver(() => { rest.moved = Date.now(); }).observe(
        document, {subtree: true, childList: true, attributes: true, characterData: true}
    );
})();
