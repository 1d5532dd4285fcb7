// The key of whoever looks after the server: held by this tab until it is closed, and sent in a header only.

const NAME = "slatewright-key";

export const held = () => sessionStorage.getItem(NAME);
export const hold = (key) => sessionStorage.setItem(NAME, key);
export const forget = () => sessionStorage.removeItem(NAME);
export const withKey = (key) => (key ? { "X-API-Key": key } : {});
