/** A folder and the folders that it may import, besides itself. */
export declare const LAYERS: readonly (readonly [string, readonly string[]])[];
export declare const PHASED: string;
export declare const PHASES: number;
