/** Prices by model, USD per million tokens. */
export type PriceList = Readonly<Record<string, { readonly prompt: number; readonly completion: number }>>;
