// @peculiar/x509 resolves its own parts through tsyringe, which refuses to load where Reflect cannot hold metadata. It
// then keeps none: its parts are registered by hand. Import this before it.
Object.assign(Reflect, { getMetadata: () => undefined, getOwnMetadata: () => undefined, defineMetadata: () => {} });
